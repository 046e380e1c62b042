#include <gradus/schedule/ramp.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Curve;
using gradus::Past;
using gradus::Ramp;
using gradus::step_t;

namespace {

constexpr Ramp line{.start = 1, .end = 0.5, .steps = 4};
static_assert(line(0) == 1 && line(2) == 0.75 && line(4) == 0.5 && line(5) == 0.5);
static_assert(Ramp<>{0, 1, 4, Curve::root}(1) == 0.5);
static_assert(Ramp<>{1, 0, 4, Curve::power, 2}(2) == 0.25);
static_assert(Ramp<>{1, 0, 4, Curve::linear, 1, Past::mirror}(6) == 0.5);
static_assert(Ramp<>{1, 0, 4, Curve::linear, 1, Past::repeat}(5) == 0.75);
static_assert(line == Ramp<>{1, 0.5, 4} && line != Ramp<>{1, 0.5, 5});

template <gradus::Real T>
long double exact_ramp(const Ramp<T>& s, step_t t) {
  const long double a = exactly(s.start), b = exactly(s.end);
  const long double n = exactly(s.steps.value), at = std::min(exactly(t), n), x = at / n;
  switch (s.curve) {
    case Curve::cosine:
      return b + (a - b) * (1 + std::cos(std::numbers::pi_v<long double> * x)) / 2;
    case Curve::root: return a + (b - a) * std::sqrt(x);
    case Curve::power: return b + (a - b) * std::pow((n - at) / n, exactly(s.power));
    case Curve::geometric: return std::pow(a, (n - at) / n) * std::pow(b, x);
    case Curve::linear: break;
  }
  return a + (b - a) * x;
}

}  // namespace

TEST_CASE("Ramp conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  const auto formula = [](const auto& s, step_t t) { return exact_ramp(s, t); };
  conforms([] { return Ramp<>{0.1, 1e-5, 97}; }, {1e-5, 0.1, 97, falls, 97}, formula);
  conforms([] { return Ramp<>{0, 0.3, 97, Curve::cosine}; }, {0, 0.3, 97, rises, 97}, formula);
  conforms([] { return Ramp<>{0.3, 0, 97, Curve::root}; }, {0, 0.3, 97, falls, 97}, formula);
  conforms([] { return Ramp<>{0.3, 0.1, 97, Curve::power, 3}; }, {0.1, 0.3, 97, falls, 97},
           formula);
  conforms([] { return Ramp<>{1e-6, 10, 97, Curve::geometric}; }, {1e-6, 10, 97, rises, 97},
           formula);
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Ramp<>{1.9, 0.1, huge, Curve::root}; }, {0.1, 1.9, huge, falls, huge},
           formula);
  conforms([] { return Ramp<float>{1, 0.5F, 97}; }, {0.5, 1, 97, falls, 97});
}

TEST_CASE("Ramp is within 2 ulp of its larger end", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Curve curve = std::array{Curve::linear, Curve::cosine, Curve::root, Curve::power,
                                   Curve::geometric}[r.below(5)];
    const auto end = [&] {
      const double rate = r.rate();
      return curve == Curve::geometric && rate == 0 ? 1 : rate;
    };
    const Ramp<> s{end(), end(), r.length(), curve, 0.25 + 4 * r.fraction()};
    return conformance::Draw<Ramp<>>{s, r.step_near(s.steps.steps()), std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(draw, [](const auto& s, step_t t) { return exact_ramp(s, t); }) <=
        2);
}

TEST_CASE("Ramp: range tests, linear and geometric", "[schedule]") {
  // ignite and fastai: from 1e-7 to 10 in 100 steps, each step the same factor.
  const Ramp s{.start = 1e-7, .end = 10, .steps = 100, .curve = Curve::geometric};
  CHECK(s(0) == 1e-7);
  CHECK(s(100) == 10);
  for (step_t t = 0; t < 100; ++t) CHECK(s(t + 1) / s(t) == Approx(std::pow(1e8, 0.01)));
  // DeepSpeed: low * (1 + t / size * rate).
  const Ramp linear{.start = 1e-3, .end = 1e-3 * (1 + 5.0), .steps = 2'000};
  for (const step_t t : {0U, 1U, 700U, 2'000U})
    CHECK(linear(t) == Approx(1e-3 * (1 + static_cast<double>(t) / 2'000 * 5)).epsilon(1e-14));
}

TEST_CASE("Ramp refuses its fields", "[schedule]") {
  using conformance::refusal;
  conformance::refuses_start_to_end<Ramp<>>();
  CHECK(refusal(Ramp<>{1, 0, 5, Curve::power, 0}) ==
        "gradus::Ramp.power must be finite and > 0 (got 0)");
  CHECK(refusal(Ramp<>{1, 0, 5, Curve::geometric}) ==
        "gradus::Ramp.end must be > 0 for the geometric curve (got 0)");
  CHECK(refusal(Ramp<>{0, 1, 5, Curve::geometric}) ==
        "gradus::Ramp.start must be > 0 for the geometric curve (got 0)");
}
