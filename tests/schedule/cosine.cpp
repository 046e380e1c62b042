#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/cosine_restarts.hpp>
#include <gradus/schedule/flat_then_cosine.hpp>
#include <gradus/schedule/one_cycle.hpp>
#include <gradus/schedule/points.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/schedule/warmup_stable_decay.hpp>

#include <numbers>
#include <string>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::Past;
using gradus::step_t;

namespace {

static_assert(Cosine<>{.start = 1, .end = 0.1, .steps = 100}(0) == 1);
static_assert(Cosine<>{.start = 1, .end = 0.1, .steps = 100}(100) == 0.1);
static_assert(Cosine<>{.start = 1, .end = 0, .steps = 100}(50) == 0.5);
static_assert(Cosine<>{.start = 1, .steps = 100}(25) + Cosine<>{.start = 1, .steps = 100}(75) == 1);
static_assert(Cosine<>{.start = 1, .steps = 9} == Cosine<>{1, 0, 9});
static_assert(Cosine<>{.start = 1, .steps = 9} != Cosine<>{1, 0, 8});
static_assert(Cosine<>{.start = 1, .steps = 9} != Cosine<>{1, 0, 9, Past::mirror});
static_assert(Cosine<>{.start = 1, .steps = 0}.check());
static_assert(Cosine<>{.start = 1, .steps = 100, .exponent = 3}(50) - 0.125 < 1e-16);
static_assert(Cosine<>{.start = 1, .steps = 100, .k = 0.5}(25) == 0.5);
static_assert(Cosine<>{1, 0, 100, Past::mirror}(150) == 0.5);
static_assert(Cosine<>{1, 0, 100, Past::repeat}(150) == 0.5);

long double exact_cosine(const Cosine<>& s, step_t t) {
  const long double start = exactly(s.start), end = exactly(s.end);
  const step_t n = s.steps.steps(), at = gradus::detail::place(t, n, s.past);
  if (at == n) return end;
  constexpr long double pi = std::numbers::pi_v<long double>;
  const long double x = exactly(at) / exactly(n), left = exactly(n - at) / exactly(n);
  if (s.exponent != 1) {
    const long double early = std::log1p(-std::pow(std::sin(pi / 2 * x), 2));
    const long double late = 2 * std::log(std::sin(pi / 2 * left));
    return end + (start - end) * std::exp(exactly(s.exponent) * (x < 0.5L ? early : late));
  }
  const long double warped = std::exp(exactly(s.k) * (x < 0.5L ? std::log(x) : std::log1p(-left)));
  return end + (start - end) * (1 + std::cos(pi * (s.k == 1 ? x : warped))) / 2;
}

/// From 2^-10 to 2^40.
double any_power(conformance::Random& r) {
  return std::ldexp(1 + r.fraction(), static_cast<int>(r.below(50)) - 10);
}

}  // namespace

TEST_CASE("Cosine conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return Cosine<>{0.1, 1e-5, 100}; }, {1e-5, 0.1, 100, falls, 100}, exact_cosine);
  conforms([] { return Cosine<>{1e-3, 0, 12'345}; }, {0, 1e-3, 12'345, falls, 12'345},
           exact_cosine);
  conforms([] { return Cosine<>{0.1, 0.7, 33}; }, {0.1, 0.7, 33, rises, 33}, exact_cosine);
  conforms([] { return Cosine<>{0.3, 0.3, 10}; }, {0.3, 0.3, 10, any, 0}, exact_cosine);
  conforms([] { return Cosine<>{1, 0.5, 1}; }, {0.5, 1, 1, falls, 1}, exact_cosine);
  conforms([] { return Cosine<>{1.9, 0.1, huge - 1}; }, {0.1, 1.9, huge - 1, falls, huge - 1},
           exact_cosine);
  conforms([] { return Cosine<float>{0.1F, 1e-5F, 100}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 100, falls, 100});
  conformance::rounds_once(Cosine<float>{0.1F, 1e-5F, 100},
                           Cosine<>{conformance::wide(0.1F), conformance::wide(1e-5F), 100}, 100);
}

TEST_CASE("Cosine is within 2 ulp of its larger end", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Cosine<> s{r.rate(), r.rate(), r.length()};
    const step_t t = r.step_near(s.steps.steps());
    return conformance::Draw<Cosine<>>{s, t, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(draw, exact_cosine) <= 2);
}

TEST_CASE("Cosine conforms past its end, with an exponent and with k", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  using enum Past;
  conforms([] { return Cosine<>{0.1, 0.7, 33, mirror}; }, {0.1, 0.7, 66}, exact_cosine);
  conforms([] { return Cosine<>{0.1, 0.7, 33, repeat}; }, {0.1, 0.7, 33}, exact_cosine);
  conforms([] { return Cosine<>{0.1, 1e-5, 100, hold, 2.5}; }, {1e-5, 0.1, 100, falls, 100},
           exact_cosine);
  conforms([] { return Cosine<>{0.1, 1e-5, 101, hold, 0.1}; }, {1e-5, 0.1, 101, falls, 101},
           exact_cosine);
  conforms([] { return Cosine<>{0.1, 0.7, 33, mirror, 3}; }, {0.1, 0.7, 66}, exact_cosine);
  conforms([] { return Cosine<>{0.1, 1e-5, 100, hold, 1, 2.5}; }, {1e-5, 0.1, 100, falls, 100},
           exact_cosine);
  conforms([] { return Cosine<>{0.1, 1e-5, 101, hold, 1, 0.1}; }, {1e-5, 0.1, 101, falls, 101},
           exact_cosine);
  conforms([] { return Cosine<>{0.1, 0.7, 33, repeat, 1, 3}; }, {0.1, 0.7, 33}, exact_cosine);
}

TEST_CASE("Cosine is within 2 ulp with any exponent and any k", "[schedule]") {
  const auto with_exponent = [](conformance::Random& r) {
    const Cosine<> s{r.rate(), r.rate(), r.length(), Past::hold, any_power(r)};
    return conformance::Draw<Cosine<>>{s, r.step_near(s.steps.steps()), std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(with_exponent, exact_cosine) <= 2);
  const auto with_k = [](conformance::Random& r) {
    const Cosine<> s{r.rate(), r.rate(), r.length(), Past::mirror, 1, any_power(r)};
    return conformance::Draw<Cosine<>>{s, r.step_near(s.steps.steps()), std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(with_k, exact_cosine) <= 2);
  // where the power amplifies what the angle lost
  const auto amplified = [](conformance::Random& r) {
    Cosine<> s{r.rate(), r.rate(), 1 + r.length() / 2};
    const step_t t = 1 + r.below(s.steps.steps());
    const double x = static_cast<double>(t) / static_cast<double>(s.steps.steps());
    s.exponent = (0.01 + 4 * r.fraction()) / (x * x);
    return conformance::Draw<Cosine<>>{s, t, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(amplified, exact_cosine) <= 2);
  const auto warped = [](conformance::Random& r) {
    Cosine<> s{r.rate(), r.rate(), 1 + r.length() / 2};
    const step_t left = 1 + r.below(s.steps.steps());
    s.k = 4 * r.fraction() * static_cast<double>(s.steps.steps()) / static_cast<double>(left);
    return conformance::Draw<Cosine<>>{s, s.steps.steps() - left, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(warped, exact_cosine) <= 2);
}

TEST_CASE("Cosine: optax' exponent and floor, timm's k_decay", "[schedule]") {
  const double init = 0.1, alpha = 0.05, lr_min = 1e-5, pi = std::numbers::pi;
  const Cosine<> optax{.start = init, .end = alpha * init, .steps = 50, .exponent = 1.5};
  const Cosine<> timm{.start = init, .end = lr_min, .steps = 50, .k = 1.5};
  for (step_t t = 0; t <= 60; ++t) {
    CAPTURE(t);
    const double count = std::fmin(static_cast<double>(t), 50);
    const double decayed = std::pow(0.5 * (1 + std::cos(pi * count / 50)), 1.5);
    CHECK(optax(t) == Approx(init * ((1 - alpha) * decayed + alpha)).epsilon(1e-14));
    const double wave = std::cos(pi * std::pow(count, 1.5) / std::pow(50, 1.5));
    CHECK(timm(t) == Approx(lr_min + 0.5 * (init - lr_min) * (1 + wave)).epsilon(1e-12));
  }
}

TEST_CASE("Cosine: mirrored, it climbs again as PyTorch's and Hugging Face's", "[schedule]") {
  const Cosine<> s{.start = 0.1, .end = 1e-3, .steps = 10, .past = Past::mirror};
  for (step_t t = 0; t <= 60; ++t) {
    CAPTURE(t);
    const double wave = std::cos(std::numbers::pi * static_cast<double>(t) / 10);
    CHECK(s(t) == Approx(1e-3 + (0.1 - 1e-3) * (1 + wave) / 2).epsilon(1e-13));
  }
  // num_cycles is in full waves: 1.5 of them in 30 steps
  for (step_t t = 0; t <= 30; ++t) {
    const Cosine<> waves{.start = 1, .end = 0, .steps = 10, .past = Past::mirror};
    const double progress = static_cast<double>(t) / 30;
    CHECK(std::fabs(waves(t) - 0.5 * (1 + std::cos(std::numbers::pi * 1.5 * 2 * progress))) <
          1e-15);
  }
}

TEST_CASE("Cosine has exact ends, for every length", "[schedule]") {
  conformance::has_exact_ends(
      [](auto& random) { return Cosine<>{random.rate(), random.rate(), random.length()}; });
}

TEST_CASE("Cosine does not climb again past its end", "[schedule]") {
  const Cosine<> s{.start = 1, .end = 0.1, .steps = 10};
  for (const step_t t : {10U, 11U, 15U, 19U, 20U, 21U, 40U}) CHECK(s(t) == 0.1);
}

TEST_CASE("Cosine counts exactly beyond 2^53", "[schedule]") {
  constexpr step_t steps = (step_t{1} << 62) + 2;
  const Cosine<> s{.start = 1, .end = 0, .steps = steps};
  CHECK(s(steps / 2) == 0.5);
  CHECK(s(steps / 3) == Approx(0.75).epsilon(1e-15));
  CHECK(s(steps) == 0);
}

TEST_CASE("Cosine refuses rates and lengths that are none", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  conformance::refuses_start_to_end<Cosine<>>();
  CHECK(refusal(Cosine<>{1, 0, step_t{1} << 63}) ==
        "gradus::Cosine.steps must be > 0 (got -9.22337204e+18)");
  const auto with = [](double exponent, double k) { return Cosine<>{1, 0, 9, {}, exponent, k}; };
  for (const double x : {0.0, -1.0})
    CHECK(refusal(with(x, 1)) == "gradus::Cosine.exponent must be finite and > 0 (got " +
                                     std::string(x == 0 ? "0)" : "-1)"));
  CHECK(refusal(with(nan, 1)) == "gradus::Cosine.exponent must be finite and > 0 (got nan)");
  CHECK(refusal(with(1, infinity)) == "gradus::Cosine.k must be finite and > 0 (got inf)");
  CHECK(refusal(with(1, 0)) == "gradus::Cosine.k must be finite and > 0 (got 0)");
  CHECK(refusal(with(2, 3)) == "gradus::Cosine.k must be 1 with an exponent (got 3)");
  CHECK(refusal(with(1e308, 1)).empty());
  CHECK(refusal(with(1, 1e308)).empty());
  CHECK(refusal(Cosine<float>{1, 0, 0}) == "gradus::Cosine.steps must be > 0 (got 0)");
}

// Near its end (1 + cos) / 2 cancels: 10 % are wrong one step before the end of 10^8.
TEST_CASE("A cosine is right to the last step: 2 ulp of the value itself", "[schedule]") {
  using gradus::Curve;
  const auto wave = [](step_t left, step_t steps) {
    return std::pow(std::sin(std::numbers::pi_v<long double> / 2 * exactly(left) / exactly(steps)),
                    2.0L);
  };
  const auto off = [](double got, long double exact) { return conformance::ulps(got, exact, got); };
  for (const step_t n : {10U, 1'000U, 100'000'000U})
    for (const step_t left : {1U, 2U, 3U, 4U, 5U}) {
      CAPTURE(n, left);
      const step_t t = n - left;
      const long double w = wave(left, n);
      for (const double start : {1.0, 0.1, 1e-3}) {
        const long double rate = exactly(start) * w;
        const gradus::CosineRestarts<> restarts{.start = start, .steps = n, .growth = 2};
        CHECK(off(Cosine<>{start, 0, n}(t), rate) <= 2);
        CHECK(off(Cosine<>{start, 0, n, Past::mirror}(n + left), rate) <= 2);
        CHECK(off(Cosine<>{0, start, n}(left), rate) <= 2);
        CHECK(off(gradus::Ramp<>{start, 0, n, Curve::cosine}(t), rate) <= 2);
        CHECK(off(gradus::Points<2>{{{0, start}, {n, 0}}, Curve::cosine}(t), rate) <= 2);
        CHECK(off(gradus::flat_then_cosine(start, 7, n)(7 + t), rate) <= 2);
        CHECK(off(gradus::warmup_stable_decay(start, 3, 4, n, 0, Curve::cosine)(7 + t), rate) <= 2);
        CHECK(off(gradus::Warmup<gradus::Constant<>>{n, {start}, 0, Curve::cosine}(left), rate) <=
              2);
        CHECK(off(restarts(t), rate) <= 2);
        CHECK(off(restarts(n + 2 * t), rate) <= 2);  // of twice the length
        CHECK(off(Cosine<>{start, 0, n, {}, 2}(t), exactly(start) * w * w) <= 2);
      }
      // 1 - x^2 = left (2 n - left) / n^2
      const long double warped =
          std::pow(std::sin(std::numbers::pi_v<long double> / 2 * exactly(left) / exactly(n) *
                            exactly(2 * n - left) / exactly(n)),
                   2.0L);
      CHECK(off(Cosine<>{1, 0, n, {}, 1, 2}(t), warped) <= 2);
      // first and last are both tiny: up in the first half, down in the second
      const gradus::OneCycle<> cycle{.peak = 1,
                                     .steps = 2 * n,
                                     .rise = 0.5,
                                     .divisor = 1e30,
                                     .final_divisor = 1,
                                     .boundary = gradus::Boundary::at};
      CHECK(off(cycle(left), exactly(1e-30) + w) <= 2);
      CHECK(off(cycle(2 * n - left), exactly(1e-30) + w) <= 2);
    }
}

TEST_CASE("Cosine is finite up to the largest double", "[schedule]") {
  const double largest = conformance::largest_double;
  conformance::Random random;
  for (int i = 0; i < 20'000; ++i) {
    const double other = i % 2 == 0 ? largest * random.fraction() : 0;
    const step_t n = random.length(), t = random.below(n);
    for (const Cosine<>& s :
         {Cosine<>{largest, other, n}, Cosine<>{other, largest, n},
          Cosine<>{largest, other, n, {}, 3}, Cosine<>{largest, other, n, {}, 1, 3}})
      REQUIRE((s(t) >= other && s(t) <= largest));
  }
}

TEST_CASE("Cosine refuses a k whose cosine is below every double", "[schedule]") {
  CHECK(conformance::refusal(Cosine<>{1, 0, 9, {}, 1, 1e-101}) ==
        "gradus::Cosine.k must be >= 1e-100 (got 1e-101)");
  CHECK(conformance::refusal(Cosine<>{1, 0, 9, {}, 1, 1e-100}).empty());
}

TEST_CASE("A rising cosine with an exponent is right at its start, too", "[schedule]") {
  // 1 - (1 - s^2)^2 = 2 s^2 - s^4, s = sin(pi / 2 * 1e-8)
  const gradus::Cosine squared{.start = 0, .end = 1, .steps = 100'000'000, .exponent = 2};
  CHECK(std::fabs(squared(1) - 4.934802200544679e-16) <= 2 * 0x1p-103);
  // 1 - sqrt(1 - s^2), s = sin(pi / 2 * 1e-6)
  const gradus::Cosine root{.start = 0, .end = 1, .steps = 1'000'000, .exponent = 0.5};
  CHECK(std::fabs(root(1) - 1.2337005501359162e-12) <= 2 * 0x1p-92);
}
