#include <gradus/exec/apply.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/constant.hpp>

#include <atomic>
#include <thread>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

constexpr std::size_t piece = gradus::exec::piece;

const auto backwards = [](std::size_t n, const auto& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
};

// Three threads that take what comes next.
const auto threads = [](std::size_t n, const auto& f) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) f(i);
  };
  std::vector<std::thread> crew;
  for (int k = 0; k < 3; ++k) crew.emplace_back(work);
  for (std::thread& t : crew) t.join();
};

static_assert(gradus::Executor<decltype(backwards)> && gradus::Executor<decltype(threads)>);

// Three steps over spans of these lengths.
template <class R, class E>
std::uint64_t digest(const R& rule, const std::vector<std::size_t>& lengths, const E& run) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  std::vector<float> p = support::numbers<float>(n, 1), g = support::numbers<float>(n, 2);
  std::vector<std::span<float>> params;
  std::vector<std::span<const float>> grads;
  std::size_t at = 0;
  for (const std::size_t m : lengths) {
    params.push_back(std::span(p).subspan(at, m));
    grads.push_back(std::span(g).subspan(at, m));
    at += m;
  }
  gradus::Optimizer opt{gradus::Constant<>{0.125}, rule, params};
  for (int t = 0; t < 3; ++t) opt.step(params, grads, {.scale = 0.5}, run);
  support::Digest d;
  d.add(p);
  for (std::size_t j = 0; j < opt.slots(); ++j) d.add(std::span<const float>(opt.slot(j)));
  return d.value();
}

template <class R>
void same_in_any_order(const R& rule) {
  const std::vector<std::vector<std::size_t>> partitions{
      {1},         {piece - 1},     {piece},   {piece + 1},
      {2 * piece}, {2 * piece + 1}, {100'007}, {0, 70'001, 5, 0, piece, 40'000}};
  for (const auto& lengths : partitions) {
    CAPTURE(lengths);
    const std::uint64_t expected = digest(rule, lengths, gradus::seq);
    CHECK(digest(rule, lengths, backwards) == expected);
    CHECK(digest(rule, lengths, threads) == expected);
  }
}

}  // namespace

TEST_CASE("An executor's order leaves no trace: element by element", "[exec]") {
  same_in_any_order(gradus::Adam{});
}

TEST_CASE("The split into spans leaves no trace: element by element", "[exec]") {
  const std::uint64_t expected = digest(gradus::Adam{}, {70'000}, gradus::seq);
  CHECK(digest(gradus::Adam{}, {0, 1, 16, piece, 5, 37'210, 0}, backwards) == expected);
  CHECK(digest(gradus::Adam{}, {35'000, 35'000}, gradus::seq) == expected);
}

TEST_CASE("An executor's order leaves no trace: norms", "[exec]") {
  same_in_any_order(gradus::Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}});
}

TEST_CASE("An executor gets pieces of all spans together, and none where there is one", "[exec]") {
  std::vector<std::size_t> calls;
  const auto record = [&](std::size_t n, const auto& f) {
    calls.push_back(n);
    for (std::size_t i = 0; i < n; ++i) f(i);
  };
  static_cast<void>(digest(gradus::Adam{}, {10, piece, 3 * piece - 1, 0, piece + 1}, record));
  CHECK(calls == std::vector<std::size_t>{6, 6, 6});
  calls.clear();
  static_cast<void>(digest(gradus::Adam{}, {10, piece - 10}, record));
  CHECK(calls.empty());
}
