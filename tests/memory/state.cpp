#include <gradus/memory/state.hpp>

#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

template <class T, std::size_t N>
using State =
    gradus::detail::State<T, decltype(gradus::detail::repeated<T>(std::make_index_sequence<N>{})),
                          2, 1>;

// The slots, of one type, as a list.
template <class T, class S>
std::vector<T*> list(const S& state) {
  return std::apply([](auto*... slot) { return std::vector<T*>{slot...}; }, state.slots());
}
template <class S>
float* slot(const S& state, std::size_t j) {
  return list<float>(state)[j];
}

// Writes to everything that the state holds, each to a value of its own, and reads it back.
template <class T, std::size_t N>
bool holds_all(State<T, N>& state, std::size_t spans, std::size_t n) {
  for (std::size_t j = 0; j < spans; ++j) state.views()[j].n = 7 + j;
  for (std::size_t j = 0; j < spans; ++j) state.span_scalars()[j] = static_cast<double>(100 + j);
  state.scalars()[0] = 1, state.scalars()[1] = 2;
  for (std::size_t k = 0; k < N; ++k)
    for (std::size_t i = 0; i < n; ++i) list<T>(state)[k][i] = static_cast<T>(i * N + k);
  bool r = state.scalars()[0] == 1 && state.scalars()[1] == 2;
  for (std::size_t j = 0; j < spans; ++j)
    r = r && state.views()[j].n == 7 + j && state.span_scalars()[j] == static_cast<double>(100 + j);
  for (std::size_t k = 0; k < N; ++k)
    for (std::size_t i = 0; i < n; ++i) r = r && list<T>(state)[k][i] == static_cast<T>(i * N + k);
  return r;
}

template <class T, std::size_t N>
void lays_out() {
  for (const std::size_t n : {0U, 1U, 5U, 17U, 1000U, 1024U, 5000U})
    for (const std::size_t spans : {0U, 1U, 3U, 100U})
      for (const std::uintptr_t at : {0U, 4U, 48U, 4064U, 8200U}) {
        CAPTURE(n, spans, at);
        State<T, N> state("Someone", {spans, n, at});
        REQUIRE((state.views().size() == spans && state.size() == n && state.alive()));
        CHECK(state.span_scalars().size() == spans);
        bool zero = true, aligned = true;
        for (const auto& view : state.views()) zero = zero && view.p == nullptr && view.n == 0;
        for (T* slot : list<T>(state)) {
          for (std::size_t i = 0; i < n; ++i) zero = zero && support::to_bits(slot[i]) == 0;
          // As the parameters lie in a cache line, so do the slots: what is aligned in one is
          // aligned in all.
          const auto past =
              (reinterpret_cast<std::uintptr_t>(slot) - at / alignof(T) * alignof(T)) % 64;
          aligned = aligned && past % alignof(T) == 0 && (n < 1024 || past == 0);
        }
        CHECK(zero);
        CHECK(aligned);
        CHECK(holds_all<T, N>(state, spans, n));
      }
}

}  // namespace

TEST_CASE("State has room for everything, apart, aligned and zero", "[state]") {
  lays_out<float, 0>();
  lays_out<float, 2>();
  lays_out<double, 1>();
  lays_out<double, 3>();
}

TEST_CASE("Slots of several types begin where a lane of the parameters does", "[state]") {
  using gradus::bfloat16;
  for (const std::uintptr_t at : {0U, 4U, 48U, 4064U}) {
    const gradus::detail::State<float, std::tuple<bfloat16, float>, 0, 0> state("Someone",
                                                                                {1, 5000, at});
    const auto lane_of = [](const auto* slot) {  // its place in a lane of 16, in elements
      return reinterpret_cast<std::uintptr_t>(slot) / sizeof *slot % 16;
    };
    std::apply([&](const auto*... slot) { CHECK(((lane_of(slot) == at / 4 % 16) && ...)); },
               state.slots());
    CHECK((state.slot<bfloat16>(0) != nullptr && state.slot<float>(0) == nullptr));
    CHECK((state.slot<float>(1) != nullptr && state.slot<float>(2) == nullptr));
  }
}

TEST_CASE("State is copied to memory of its own, and moved whole", "[state]") {
  State<float, 2> state("Someone", {3, 100, 4});
  REQUIRE(holds_all<float, 2>(state, 3, 100));
  State<float, 2> copy = state;
  CHECK(slot(copy, 1) != slot(state, 1));
  slot(copy, 1)[99] = -1;
  CHECK(slot(state, 1)[99] == 199);
  CHECK(slot(copy, 0)[50] == 100);
  CHECK(copy.span_scalars()[2] == 102);
  float* const first = slot(state, 0);
  State<float, 2> moved = std::move(state);
  CHECK(slot(moved, 0) == first);
  CHECK(moved.alive());
  CHECK_FALSE(state.alive());  // NOLINT: that it can be asked is the point
  moved = copy;
  CHECK(slot(moved, 1)[99] == -1);
  CHECK(slot(moved, 1) != slot(copy, 1));
}

TEST_CASE("State refuses a size whose bytes would wrap round", "[state]") {
  const std::size_t most = std::numeric_limits<std::size_t>::max();
  for (const std::size_t n : {most, most / 2, most / 4, most / 8 + 1, most / 12})
    CHECK_THROWS_AS((State<float, 2>("Someone", {1, n, 0})), gradus::Error);
  // A size that does not wrap, but that no memory has, is the allocator's to refuse; not under
  // sanitizers, which end the program.
}
