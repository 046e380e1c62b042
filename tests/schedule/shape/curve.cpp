#include <gradus/schedule/shape/curve.hpp>

#include <array>
#include <numbers>

#include "support/digest.hpp"
#include "support/schedule_conformance.hpp"

using conformance::exactly;
using conformance::Random;
using gradus::Curve;
using gradus::step_t;
using gradus::detail::falling;
using gradus::detail::rising;

namespace {

constexpr double at(Curve curve, step_t t, double power = 1) {
  return falling<double>(curve, 16, 1, t, 4, power);
}
static_assert(at(Curve::linear, 1) == 12.25 && at(Curve::linear, 2) == 8.5);
static_assert(at(Curve::cosine, 2) == 8.5);
static_assert(at(Curve::root, 1) == 8.5);
static_assert(at(Curve::power, 1) == 12.25 && at(Curve::power, 2, 2) == 4.75);
static_assert(at(Curve::power, 2, 1'000) == 1 && at(Curve::power, 2, 1e-300) == 16);
static_assert(at(Curve::geometric, 1) == 8 && at(Curve::geometric, 2) == 4);
static_assert(falling<double>(Curve::geometric, 1, 16, 3, 4) == 8);
static_assert(falling<float>(Curve::root, 1, 0, 1, 4) == 0.5F);
static_assert(noexcept(falling<double>(Curve::linear, 1, 0, 1, 2)));

constexpr std::array curves{Curve::linear, Curve::cosine, Curve::root, Curve::power,
                            Curve::geometric};

struct Fall {
  Curve curve;
  double start, end;
  step_t steps;
  double power;

  double operator()(step_t t) const { return falling<double>(curve, start, end, t, steps, power); }
};

long double left(const Fall& w, step_t t) {
  const long double x = exactly(t) / exactly(w.steps);
  switch (w.curve) {
    case Curve::cosine: return (1 + std::cos(std::numbers::pi_v<long double> * x)) / 2;
    case Curve::root: return 1 - std::sqrt(x);
    case Curve::power:
      return std::exp(exactly(w.power) * (x < 0.5L
                                              ? std::log1p(-x)
                                              : std::log(exactly(w.steps - t) / exactly(w.steps))));
    default: return 1 - x;
  }
}
long double exact_curve(const Fall& w, step_t t) {
  const long double start = exactly(w.start), end = exactly(w.end);
  if (t >= w.steps) return end;
  if (w.curve == Curve::geometric)
    return start * std::exp(exactly(t) / exactly(w.steps) * (std::log(end) - std::log(start)));
  return end + (start - end) * left(w, t);
}

/// Any curve between any two rates, with powers from 2^-10 to 2^60.
Fall any_fall(Curve curve, Random& r) {
  const double power = std::ldexp(1 + r.fraction(), static_cast<int>(r.below(70)) - 10);
  Fall w{curve, r.rate(), r.rate(), r.length(), power};
  if (curve == Curve::geometric) w.start += 0x1p-40, w.end += 0x1p-30;
  return w;
}

}  // namespace

TEST_CASE("Every curve is within 2 ulp of its larger end", "[curve]") {
  for (const Curve curve : curves) {
    CAPTURE(curve);
    const auto draw = [curve](Random& r) {
      const Fall w = any_fall(curve, r);
      return conformance::Draw<Fall>{w, r.step_near(w.steps), std::max(w.start, w.end)};
    };
    CHECK(conformance::worst_error(draw, exact_curve) <= 2);
  }
}

TEST_CASE("A power is within 2 ulp also where it amplifies the rounding of t / steps", "[curve]") {
  const auto draw = [](Random& r) {
    Fall w = any_fall(Curve::power, r);
    const double falls = 0.01 + 4 * r.fraction();  // what is left is about e^-falls
    w.power = falls * static_cast<double>(w.steps) / static_cast<double>(1 + r.below(w.steps));
    const auto t = static_cast<step_t>(falls / w.power * static_cast<double>(w.steps));
    return conformance::Draw<Fall>{w, t, std::max(w.start, w.end)};
  };
  CHECK(conformance::worst_error(draw, exact_curve) <= 2);
}

TEST_CASE("A geometric curve takes every ratio", "[curve]") {
  support::default_environment();  // subnormal numbers are no zeros
  const auto draw = [](Random& r) {
    const auto value = [&r] {
      return gradus::math::from_bits<double>(1 + r.next() % 0x7fe8'0000'0000'0000U);
    };
    const Fall w{Curve::geometric, value(), value(), r.length(), 1};
    return conformance::Draw<Fall>{w, r.step_near(w.steps), std::max(w.start, w.end)};
  };
  CHECK(conformance::worst_error(draw, exact_curve) <= 2);
  using conformance::largest_double;
  using conformance::smallest_double;
  const Fall all{Curve::geometric, largest_double, smallest_double, 2098, 1};
  CHECK(all(1) == Approx(0x1p1023).epsilon(1e-12));
  CHECK(all(1000) == Approx(0x1p24).epsilon(1e-12));
  CHECK(all(2098) == smallest_double);
  const Fall small{Curve::geometric, 0x1p-1070, 0x1p-1074, 4, 1};
  for (step_t t = 0; t <= 4; ++t) CHECK(conformance::bits(small(t)) == std::uint64_t{16} >> t);
}

TEST_CASE("Every curve has exact ends, stays between them and falls", "[curve]") {
  Random random;
  for (const Curve curve : curves)
    for (int i = 0; i < 2'000; ++i) {
      const Fall w = any_fall(curve, random);
      const double low = std::min(w.start, w.end), high = std::max(w.start, w.end);
      CAPTURE(curve, w.start, w.end, w.steps, w.power);
      CHECK(w(0) == w.start);
      CHECK(w(w.steps) == w.end);
      CHECK(w(~step_t{0}) == w.end);
      const step_t t = random.below(w.steps);
      const double value = w(t), next = w(t + 1);
      CHECK((low <= value && value <= high));
      CHECK((w.start < w.end ? value <= next : value >= next));
      for (const step_t near : {step_t{0}, w.steps - 1}) CHECK((low <= w(near) && w(near) <= high));
    }
}

TEST_CASE("Rising is falling backwards", "[curve]") {
  Random random;
  for (const Curve curve : curves)
    for (int i = 0; i < 1'000; ++i) {
      const Fall w = any_fall(curve, random);
      const step_t t = random.below(w.steps + 1);
      CHECK(rising<double>(curve, w.end, w.start, t, w.steps, w.power) == w(w.steps - t));
      CHECK(rising<double>(curve, w.end, w.start, w.steps + t, w.steps, w.power) == w.start);
    }
  CHECK(rising<double>(Curve::power, 0, 1, 1, 4, 2) == 1.0 / 16);  // darknet's burn-in
  CHECK(rising<double>(Curve::root, 0, 1, 3, 4) == 0.5);
}

TEST_CASE("A curve in float is the one in double, rounded once", "[curve]") {
  Random random;
  for (const Curve curve : curves)
    for (int i = 0; i < 1'000; ++i) {
      Fall w = any_fall(curve, random);
      const auto start = static_cast<float>(w.start), end = static_cast<float>(w.end);
      w.start = conformance::wide(start), w.end = conformance::wide(end);
      const step_t t = random.step_near(w.steps);
      CHECK(falling<float>(curve, start, end, t, w.steps, w.power) == static_cast<float>(w(t)));
    }
}

TEST_CASE("A curve has the same bits at compile time and at run time", "[curve]") {
  static constexpr auto known = [] {
    std::array<std::array<std::uint64_t, 50>, curves.size()> r{};
    for (std::size_t c = 0; c < curves.size(); ++c)
      for (std::size_t t = 0; t < 50; ++t)
        r[c][t] = std::bit_cast<std::uint64_t>(
            falling<double>(curves[c], 0.3, 1e-5, t * t * t * t * t, 300'000'001, 7.3));
    return r;
  }();
  for (std::size_t c = 0; c < curves.size(); ++c)
    for (std::size_t t = 0; t < 50; ++t) {
      CAPTURE(c, t);
      const Fall w{curves[c], 0.3, 1e-5, 300'000'001, 7.3};
      CHECK(conformance::bits(conformance::evaluate(w, t * t * t * t * t)) == known[c][t]);
    }
}

TEST_CASE("A curve of numbers that make none is defined", "[curve]") {
  const double infinity = conformance::infinity(), nan = conformance::nan();
  for (const Curve curve : curves)
    for (const double a : {-1.0, 0.0, 1.0, infinity, nan})
      for (const double b : {-1.0, 0.0, 1.0, infinity, nan})
        for (const double power : {-1.0, 0.0, 1e308, -1e308, infinity, nan})
          for (const step_t steps : {0U, 1U, 3U})
            for (const step_t t : conformance::points(3))
              static_cast<void>(conformance::evaluate(Fall{curve, a, b, steps, power}, t));
  CHECK(falling<double>(Curve::geometric, 0, 1, 1, 2) == 0);
}
