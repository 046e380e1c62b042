#include <gradus/schedule/combine/clamp.hpp>

#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include <algorithm>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Clamp;
using gradus::Constant;
using gradus::InverseTime;
using gradus::step_t;

namespace {

constexpr Clamp<InverseTime<>> held{.schedule = {1, 1}, .low = 0.25, .high = 0.5};
static_assert(held(0) == 0.5 && held(1) == 0.5 && held(2) == 1.0 / 3 && held(3) == 0.25);
static_assert(held(4) == 0.25 && Clamp{InverseTime<>{1, 1}, 0.25, 0.5} == held);
static_assert(Clamp{gradus::Cosine<>{1, 0, 10}, 0, 1}.length() == gradus::Length(10));

long double exact_clamp(const Clamp<InverseTime<>>& s, step_t t) {
  const long double rate = exactly(s.schedule.start) / (1 + exactly(s.schedule.decay) * exactly(t));
  return std::clamp(rate, exactly(s.low), exactly(s.high));
}

}  // namespace

TEST_CASE("Clamp conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return Clamp{InverseTime<>{0.1, 0.05}, 0.01, 0.09}; }, {0.01, 0.09, 50, falls, 180},
           exact_clamp);
  conforms([] { return Clamp{InverseTime<>{0.1, 0.05}, 0, 1}; }, {0, 0.1, 50, falls}, exact_clamp);
}

TEST_CASE("Clamp is as exact as its schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t t = r.step();
    const InverseTime<> s{r.rate(), 8 * r.fraction() / (1 + static_cast<double>(t))};
    const double low = r.rate(), high = low + r.rate();
    return conformance::Draw<Clamp<InverseTime<>>>{{s, low, high}, t, std::max(s.start, low)};
  };
  CHECK(conformance::worst_error(draw, exact_clamp) <= 2);
}

TEST_CASE("Clamp lets NaN through, for the optimizer to refuse", "[schedule]") {
  const Clamp s{[](step_t) { return conformance::nan(); }, 0.1, 0.2};
  CHECK(gradus::math::is_nan(s(0)));
}

TEST_CASE("Clamp refuses its own fields, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const Constant<> one{1};
  CHECK(refusal(Clamp{one, -1, 2}) == "gradus::Clamp.low must be finite and >= 0 (got -1)");
  CHECK(refusal(Clamp{one, 1, conformance::infinity()}) ==
        "gradus::Clamp.high must be finite and >= 0 (got inf)");
  CHECK(refusal(Clamp{one, 2, 1}) == "gradus::Clamp.high must be >= low (got 1)");
  CHECK(refusal(Clamp{Constant<>{-1}, 0, 1}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
}
