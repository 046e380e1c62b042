#include <gradus/schedule/combine/opposite.hpp>

#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cyclical.hpp>
#include <gradus/schedule/one_cycle.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cycle;
using gradus::Cyclical;
using gradus::OneCycle;
using gradus::Opposite;
using gradus::step_t;

namespace {

constexpr Cyclical<> cycle{.low = 1, .high = 3, .up = 4, .down = 2};
static_assert(Opposite{cycle, 0.75, 0.25}(0) == 0.75);
static_assert(Opposite{cycle, 0.75, 0.25}(2) == 0.5);
static_assert(Opposite{cycle, 0.75, 0.25}(4) == 0.25);
static_assert(Opposite{.schedule = OneCycle{.peak = 1, .steps = 10}}(0) == 0.95);
static_assert(Opposite{.schedule = OneCycle{.peak = 1, .steps = 10}}(2) == 0.85);
static_assert(Opposite{OneCycle{.peak = 1, .steps = 10}}(9) == 0.95);
static_assert(Opposite{cycle} == Opposite{cycle, 0.95, 0.85});
static_assert(Opposite{cycle} != Opposite{cycle, 0.95, 0.8});
static_assert(gradus::HasOpposite<Cyclical<>> && gradus::HasOpposite<OneCycle<float>>);
static_assert(!gradus::HasOpposite<gradus::Constant<>>);

// The rate is as far above its lowest value as this one is below its highest, in proportion.
long double exact_opposite(const Opposite<Cyclical<>>& s, step_t t) {
  const step_t up = s.schedule.up.steps(), down = s.schedule.down.steps();
  const step_t x = t % (up + down);
  long double height = x <= up ? exactly(x) / exactly(up) : exactly(up + down - x) / exactly(down);
  if (s.schedule.shape == Cycle::triangular2)
    height *= std::exp2(-exactly(std::min(t / (up + down), step_t{10'000})));
  return exactly(s.high) - (exactly(s.high) - exactly(s.low)) * height;
}

}  // namespace

TEST_CASE("Opposite conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return Opposite{Cyclical<>{0.1, 1, 20, 30}, 0.9, 0.8}; }, {0.8, 0.9, 50},
           exact_opposite);
  conforms([] { return Opposite{Cyclical<>{0.1, 1, 20, 30, Cycle::triangular2}, 0.9, 0.8}; },
           {0.8, 0.9, 50}, exact_opposite);
  conforms([] { return Opposite{OneCycle<>{0.1, 100}}; }, {0.85, 0.95, 100, any, 99});
  conforms([] { return Opposite{OneCycle<float>{0.1F, 100}, 0.5, 0.5}; }, {0.5, 0.5, 100, any, 0});
}

TEST_CASE("Opposite is low where the rate is at its peak, and high where it is lowest",
          "[schedule]") {
  conformance::Random random;
  for (int i = 0; i < 1'000; ++i) {
    const step_t up = random.length() / 4 + 1, down = random.length() / 4 + 1;
    const Opposite s{Cyclical<>{0.1, 0.7, up, down}, 0.9, 0.1 + 0.8 * random.fraction()};
    CAPTURE(up, down);
    CHECK(s(0) == s.high);
    CHECK(s(up) == s.low);
    CHECK(s(up + down) == s.high);
  }
}

TEST_CASE("Opposite: Ignite's triangle, up or down first", "[schedule]") {
  const auto ignite = [](double start, double end, double size, step_t t) {
    const double progress = std::fmod(static_cast<double>(t), size) / size;
    return end + (start - end) * std::fabs(progress - 0.5) * 2;
  };
  const Cyclical<> up{.low = 0.1, .high = 0.5, .up = 5};
  const Opposite down{up, 0.5, 0.1};
  for (step_t t = 0; t < 45; ++t) {
    CAPTURE(t);
    CHECK(up(t) == Approx(ignite(0.1, 0.5, 10, t)).epsilon(1e-15));
    CHECK(down(t) == Approx(ignite(0.5, 0.1, 10, t)).epsilon(1e-15));
  }
}

TEST_CASE("Opposite refuses ends the wrong way round, and its schedule's faults", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(Opposite{cycle, 0.8, 0.9}) == "gradus::Opposite.low must be <= high (got 0.9)");
  CHECK(refusal(Opposite{cycle, -0.5, 0.9}) ==
        "gradus::Opposite.high must be finite and >= 0 (got -0.5)");
  CHECK(refusal(Opposite{cycle, 0.9, conformance::nan()}) ==
        "gradus::Opposite.low must be finite and >= 0 (got nan)");
  CHECK(refusal(Opposite{Cyclical<>{0, 1, 0}}) == "gradus::Cyclical.up must be > 0 (got 0)");
  CHECK(refusal(Opposite{cycle, 0.9, 0.9}).empty());
}
