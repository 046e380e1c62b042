#include <gradus/schedule/points.hpp>

#include <numbers>
#include <type_traits>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Curve;
using gradus::Points;
using gradus::step_t;

namespace {

constexpr Points tent{.points = {{10, 0.5}, {20, 1.5}, {40, 0.5}}};
static_assert(std::is_same_v<decltype(tent), const Points<3>>);
static_assert(tent(0) == 0.5 && tent(10) == 0.5 && tent(15) == 1 && tent(20) == 1.5);
static_assert(tent(30) == 1 && tent(40) == 0.5 && tent(1'000) == 0.5);
static_assert(tent == Points{{{10, 0.5}, {20, 1.5}, {40, 0.5}}});
static_assert(tent != Points{.points = {{10, 0.5}, {20, 1.5}, {40, 0.5}}, .curve = Curve::cosine});
static_assert(Points{.points = {{7, 0.25}}}(0) == 0.25);
static_assert(Points{.points = {{7, 1}, {7, 2}}}.check());

template <std::size_t N>
long double exact_points(const Points<N>& s, step_t t) {
  if (t <= s.points[0].at.steps()) return exactly(s.points[0].value);
  for (std::size_t i = 1; i < N; ++i) {
    const step_t begin = s.points[i - 1].at.steps(), end = s.points[i].at.steps();
    if (t > end) continue;
    const long double a = exactly(s.points[i - 1].value), b = exactly(s.points[i].value);
    const long double x = exactly(t - begin) / exactly(end - begin);
    const long double y = exactly(end - t) / exactly(end - begin);
    switch (s.curve) {
      case Curve::linear: return a + (b - a) * x;
      case Curve::cosine:
        return b + (a - b) * (1 + std::cos(std::numbers::pi_v<long double> * x)) / 2;
      case Curve::root: return a + (b - a) * std::sqrt(x);
      case Curve::power: return b + (a - b) * std::pow(y, exactly(s.power));
      case Curve::geometric: return std::pow(a, y) * std::pow(b, x);
    }
  }
  return exactly(s.points[N - 1].value);
}
constexpr auto exact_points_of_any = [](const auto& s, step_t t) { return exact_points(s, t); };

}  // namespace

TEST_CASE("Points conform", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return tent; }, {0.5, 1.5, 10, any, 40}, exact_points_of_any);
  conforms([] { return Points<2>{{{0, 0.1}, {100, 0.9}}}; }, {0.1, 0.9, 100, rises, 100},
           exact_points_of_any);
  conforms([] { return Points<3>{{{0, 0.9}, {33, 0.3}, {100, 0}}, Curve::cosine}; },
           {0, 0.9, 100, falls, 100}, exact_points_of_any);
  conforms([] { return Points<3>{{{0, 0.9}, {33, 0.3}, {100, 0.1}}, Curve::geometric}; },
           {0.1, 0.9, 100, falls, 100}, exact_points_of_any);
  conforms([] { return Points<3>{{{0, 0.9}, {33, 0.3}, {100, 0}}, Curve::power, 2}; },
           {0, 0.9, 100, falls, 100}, exact_points_of_any);
  conforms([] { return Points<2>{{{huge, 1}, {2 * huge, 0.1}}}; }, {0.1, 1, huge, falls, 2 * huge},
           exact_points_of_any);
  conforms([] { return Points<1>{{{5, 0.3}}}; }, {0.3, 0.3, 5, any, 0}, exact_points_of_any);
  conforms([] { return Points<2, float>{{{0, 0.1F}, {100, 0.9F}}}; },
           {conformance::wide(0.1F), conformance::wide(0.9F), 100, rises, 100});
  conformance::rounds_once(
      Points<2, float>{{{0, 0.1F}, {100, 0.9F}}},
      Points<2>{{{0, conformance::wide(0.1F)}, {100, conformance::wide(0.9F)}}}, 100);
}

TEST_CASE("Points are within 2 ulp of their largest value, on every curve", "[schedule]") {
  for (const Curve curve :
       {Curve::linear, Curve::cosine, Curve::root, Curve::power, Curve::geometric}) {
    CAPTURE(curve);
    const auto draw = [curve](conformance::Random& r) {
      const auto rate = [&r] { return 1e-9 + r.rate(); };
      const step_t a = r.length() / 4, b = a + 1 + r.length() / 4, c = b + 1 + r.length() / 4;
      const step_t t = r.step_near(r.below(2) == 0 ? b : c);
      const Points<3> s{{{a, rate()}, {b, rate()}, {c, rate()}}, curve, 8 * r.fraction()};
      return conformance::Draw<Points<3>>{
          s, t, std::max({s.points[0].value, s.points[1].value, s.points[2].value})};
    };
    CHECK(conformance::worst_error(draw, exact_points_of_any) <= 2);
  }
}

TEST_CASE("Points are exact at each point, whatever the curve", "[schedule]") {
  conformance::Random random;
  for (const Curve curve :
       {Curve::linear, Curve::cosine, Curve::root, Curve::power, Curve::geometric})
    for (int i = 0; i < 500; ++i) {
      const step_t a = random.length() / 4, b = a + 1 + random.length() / 4, c = b + 1;
      const double x = 1e-9 + random.rate(), y = 1e-9 + random.rate(), z = 1e-9 + random.rate();
      const Points<3> s{{{a, x}, {b, y}, {c, z}}, curve, 3};
      CAPTURE(curve, a, b, x, y, z);
      CHECK(s(a) == x);
      CHECK(s(b) == y);
      CHECK(s(c) == z);
      CHECK(s(c + 1) == z);
    }
}

TEST_CASE("Points: optax' piecewise_interpolate_schedule, factors multiplied out", "[schedule]") {
  const Points linear{.points = {{0, 0.1}, {50, 0.1 * 0.5}, {80, 0.1 * 0.5 * 0.1}}};
  const Points cosine{.points = {{0, 0.1}, {50, 0.05}, {80, 0.005}}, .curve = Curve::cosine};
  CHECK(linear(20) == Approx(0.1 + (0.05 - 0.1) * 20 / 50).epsilon(1e-15));
  CHECK(linear(60) == Approx(0.05 + (0.005 - 0.05) * 10 / 30).epsilon(1e-15));
  const double pi = std::numbers::pi;
  CHECK(cosine(20) == Approx(0.05 + 0.05 / 2 * (1 + std::cos(pi * 20 / 50))).epsilon(1e-15));
  CHECK(cosine(60) == Approx(0.005 + 0.045 / 2 * (1 + std::cos(pi * 10 / 30))).epsilon(1e-15));
  CHECK(linear(80) == linear(1'000));
}

TEST_CASE("Points refuse places that do not ascend, and values that are none", "[schedule]") {
  using conformance::refusal;
  using Two = Points<2>;
  CHECK(refusal(Two{{{-1, 1}, {20, 1}}}) ==
        "gradus::Points.points.at must be >= 0 and ascending (got -1)");
  CHECK(refusal(Two{{{10, 1}, {10, 1}}}) ==
        "gradus::Points.points.at must be >= 0 and ascending (got 10)");
  CHECK(refusal(Two{{{10, 1}, {5, 1}}}) ==
        "gradus::Points.points.at must be >= 0 and ascending (got 5)");
  CHECK(refusal(Two{{{10, 1}, {20, -1}}}) ==
        "gradus::Points.points.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Two{{{10, conformance::infinity()}, {20, 1}}}) ==
        "gradus::Points.points.value must be finite and >= 0 (got inf)");
  CHECK(refusal(Two{{{10, 1}, {20, 0}}, Curve::geometric}) ==
        "gradus::Points.points.value must be > 0 for a geometric curve (got 0)");
  CHECK(refusal(Two{{{10, 1}, {20, 0}}, Curve::power, 0}) ==
        "gradus::Points.power must be finite and > 0 (got 0)");
  CHECK(refusal(Two{{{0, 1}, {20, 0}}}).empty());
}

TEST_CASE("Points refuses the last step twice", "[schedule]") {
  CHECK(conformance::refusal(Points<2>{{{gradus::last_step, 1}, {gradus::last_step, 2}}}) ==
        "gradus::Points.points.at must be >= 0 and ascending (got 9.22337204e+18)");
}
