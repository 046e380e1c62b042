// A few hundred steps of each of RULES, in static memory alone: prints a digest of the rates, and
// for each rule one of its parameters and slots. Without RULES an empty program.
#include "board.hpp"

#if !defined(RULES)

int main() {}

#else

#include <gradus/gradus.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace {

constexpr gradus::step_t steps = 300;
constexpr std::size_t sizes[] = {1, 3, 17, 64, 101};
std::array<float, 102> params, grads, slots[2];

constexpr gradus::Warmup rate{10, gradus::Cosine{.start = 0.05, .end = 1e-4, .steps = 280}};

class Digest {  // FNV-1a over the bits of numbers
 public:
  void add(const auto& x) { value_ = (value_ ^ gradus::math::to_bits(x)) * 0x100'0000'01b3U; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf2'9ce4'8422'2325U;
};

class Random {  // xorshift: G. Marsaglia, 2003
 public:
  /// Of 17 bits, exact in float, of four magnitudes.
  float operator()() {
    x_ ^= x_ << 13, x_ ^= x_ >> 17, x_ ^= x_ << 5;
    constexpr float units[] = {0x1p-16f, 0x1p-20f, 0x1p-25f, 0x1p-80f};
    return static_cast<float>(static_cast<std::int32_t>(x_ >> 15) - 0x10000) * units[x_ & 3];
  }

 private:
  std::uint32_t x_ = 2'463'534'242;
};

template <class R, std::size_t... J>
std::uint64_t digest_of(const R& rule, std::index_sequence<J...>) {
  Digest digest;
  Random random;
  for (const std::size_t n : sizes) {
    const auto part = [n](auto& of) { return std::span(of).subspan(n % 2, n); };
    for (float& p : part(params)) p = random();
    gradus::start(rule, part(params), part(slots[J])...);
    for (gradus::step_t t = 0; t < steps; ++t) {
      for (float& g : part(grads)) g = random();
      gradus::update(rule, {.t = t, .rate = rate(t)}, part(params), part(grads), part(slots[J])...);
    }
    for (const auto& of : {part(params), part(slots[J])...})
      for (const float x : of) digest.add(x);
  }
  return digest.value();
}

template <class... R>
void run(const R&... rules) {
  Digest rates;
  for (gradus::step_t t = 0; t < steps; ++t) rates.add(rate(t));
  print("rates", rates.value());
  (print(gradus::name_of<R>().text,
         digest_of(rules, std::make_index_sequence<gradus::slot_count<R>>{})),
   ...);
}

}  // namespace

int main() {
  using namespace gradus;
  run(RULES);
}

#endif
