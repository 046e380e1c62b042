#include <gradus/schedule/combine/noise.hpp>

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/pointwise.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <set>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;
using gradus::Noise;
using gradus::Spread;
using gradus::step_t;

namespace {

using Plain = Noise<Constant<>>;

constexpr Plain none{.schedule = {0.1}, .amount = 0, .seed = 7};
static_assert(none(0) == 0.1 && none(1'000) == 0.1);
constexpr Plain some{.schedule = {1}, .amount = 0.5, .seed = 7, .every = 10};
static_assert(some(0) == some(9) && some(9) != some(10) && some(10) == some(19));
static_assert(some(0) > 0.5 && some(0) < 1.5);
static_assert(Noise{Constant<>{1}, 0.5, 7U, 10} == some && some != none);
static_assert(Noise{gradus::Cosine<>{1, 0, 10}, 0.1}.length() == gradus::Length(10));

// An independent implementation of the hash: SplitMix64's finalizer over seed, step and number.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e37'79b9'7f4a'7c15U;
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9U;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11ebU;
  return x ^ (x >> 31);
}
long double even(std::uint64_t seed, step_t k, std::uint64_t n) {
  return (exactly(mixed(mixed(mixed(seed) ^ k) ^ n) >> 12) + 0.5L) * 0x1p-52L;
}
long double exact_noise(const Plain& s, step_t t) {
  const step_t k = t / s.every.steps();
  const long double amount = exactly(s.amount), u = even(s.seed, k, 0);
  long double x = amount * (2 * u - 1);
  if (s.spread == Spread::power) x = amount * (std::pow(u, exactly(s.power)) - 1);
  if (s.spread == Spread::normal)
    for (std::uint64_t n = 1; even(s.seed, k, n) >= std::exp(-x * x / 2); n += 2)
      x = amount * (2 * even(s.seed, k, n + 1) - 1);
  return exactly(s.schedule.value) * (1 + x);
}

// The mean, the mean square and the largest size of the noise in n draws.
struct Moments {
  double mean = 0, square = 0, furthest = 0;
};
Moments moments(const Plain& s, step_t n) {
  Moments r;
  for (step_t t = 0; t < n; ++t) {
    const double x = s(t) - 1;
    r.mean += x / static_cast<double>(n);
    r.square += x * x / static_cast<double>(n);
    r.furthest = std::max(r.furthest, std::fabs(x));
  }
  return r;
}

}  // namespace

TEST_CASE("Noise conforms", "[schedule]") {
  using conformance::conforms;
  conforms([] { return Plain{{0.1}, 0.5, 42}; }, {0.05, 0.1 * 1.5, 50}, exact_noise);
  conforms([] { return Plain{{0.1}, 1, 0}; }, {0, 0.2, 50}, exact_noise);
  conforms([] { return Plain{{1.9}, 0.67, 42, 3, Spread::normal}; }, {0, 1.9 * 1.67, 3},
           exact_noise);
  conforms([] { return Plain{{1.9}, 1, 9, 1, Spread::power, 4}; }, {0, 1.9, 50}, exact_noise);
  conforms([] { return Noise{gradus::Cosine<float>{1, 0.5F, 100}, 0.1, 42U}; }, {0.45, 1.1, 100});
}

TEST_CASE("Noise is within 2 ulp of the largest rate", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Spread spread = std::array{Spread::uniform, Spread::normal, Spread::power}[r.below(3)];
    const Plain s{{r.rate()}, r.below(8) == 0 ? 1 : r.fraction(),
                  r.next(),   r.length(),
                  spread,     1 + 4 * r.fraction()};
    return conformance::Draw<Plain>{s, r.step(), s.schedule.value * (1 + s.amount)};
  };
  CHECK(conformance::worst_error(draw, exact_noise) <= 2);
}

TEST_CASE("Noise is distributed as it says", "[schedule]") {
  constexpr step_t n = 100'000;
  const Moments uniform = moments({{1}, 0.5, 42}, n);
  CHECK(std::fabs(uniform.mean) < 0.003);
  CHECK(uniform.square == Approx(0.25 / 3).epsilon(0.01));
  CHECK((uniform.furthest < 0.5 && uniform.furthest > 0.4999));
  // A normal distribution with standard deviation 1, truncated at +-0.67: E x^2 = 1 - 2 c phi(c) /
  // (2 Phi(c) - 1).
  const Moments normal = moments({{1}, 0.67, 42, 1, Spread::normal}, n);
  const double c = 0.67, density = std::exp(-c * c / 2) / std::sqrt(2 * 3.14159265358979);
  CHECK(std::fabs(normal.mean) < 0.004);
  CHECK(normal.square == Approx(1 - 2 * c * density / std::erf(c / std::sqrt(2))).epsilon(0.01));
  CHECK((normal.furthest < 0.67 && normal.furthest > 0.669));
  // The mean of u^4 - 1.
  CHECK(moments({{1}, 1, 42, 1, Spread::power, 4}, n).mean == Approx(-0.8).epsilon(0.01));
}

TEST_CASE("Noise of another seed or step is another", "[schedule]") {
  std::set<double> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    for (step_t t = 0; t < 100; ++t) seen.insert(Plain{{1}, 0.5, seed}(t));
  CHECK(seen.size() == 10'000);
}

TEST_CASE("Noise in some steps alone", "[schedule]") {
  const Constant<> one{1};
  const gradus::Cosine<> cosine{1, 0, 100};
  const auto s = product(
      cosine, gradus::Sequence{gradus::For{30, one}, gradus::For{20, Noise{one, 0.5}}, one});
  int moved = 0;
  for (step_t t = 0; t < 120; ++t) {
    if (t < 30 || t >= 50) CHECK(s(t) == cosine(t));
    moved += s(t) == cosine(t) ? 0 : 1;
  }
  CHECK(moved == 20);
}

TEST_CASE("Noise refuses its own fields, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const Constant<> one{1};
  CHECK(refusal(Noise{one, -0.1}) == "gradus::Noise.amount must be in [0, 1] (got -0.1)");
  CHECK(refusal(Noise{one, 1.5}) == "gradus::Noise.amount must be in [0, 1] (got 1.5)");
  CHECK(refusal(Noise{one, conformance::nan()}) ==
        "gradus::Noise.amount must be in [0, 1] (got nan)");
  CHECK(refusal(Noise{one, 0.5, 7U, 0}) == "gradus::Noise.every must be > 0 (got 0)");
  CHECK(refusal(Noise{one, 0.5, 7U, 1, Spread::power, 0}) ==
        "gradus::Noise.power must be finite and > 0 (got 0)");
  CHECK(refusal(Noise{Constant<>{-1}, 0.5}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
}
