#include <gradus/schedule/warmup_stable_decay.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using gradus::Curve;
using gradus::step_t;
using gradus::warmup_stable_decay;

namespace {

constexpr auto trapezoid = warmup_stable_decay(1, 4, 6, 10);
static_assert(trapezoid(0) == 0.25 && trapezoid(3) == 1 && trapezoid(10) == 1 &&
              trapezoid(15) == 0.5 && trapezoid(20) == 0 && trapezoid(99) == 0);
static_assert(trapezoid.length() == gradus::Length(20));
static_assert(warmup_stable_decay<float>(0.1F, 4, 6, 10)(5) == static_cast<double>(0.1F));

// The formulas of Hugging Face's get_wsd_schedule at step t, with min_ratio and a peak of 1.
double theirs(step_t t, int warmup, int stable, int decay, Curve up, Curve down, double min_ratio) {
  const auto curve = [](Curve c, double p) {  // the remaining fraction at p
    if (c == Curve::cosine) return 0.5 * (1 + std::cos(std::numbers::pi * p));
    return c == Curve::root ? 1 - std::sqrt(p) : 1 - p;
  };
  const double at = static_cast<double>(t);
  if (at < warmup) {
    const double p = at / warmup;  // their 1-sqrt is 1 - sqrt(1 - p), as the cosine is 1 - cos
    return curve(up, 1 - p) * (1 - min_ratio) + min_ratio;
  }
  if (at < warmup + stable) return 1;
  if (at >= warmup + stable + decay) return min_ratio;
  return curve(down, (at - warmup - stable) / decay) * (1 - min_ratio) + min_ratio;
}

}  // namespace

TEST_CASE("warmup_stable_decay conforms", "[schedule]") {
  using conformance::conforms;
  conforms([] { return warmup_stable_decay(0.1, 10, 70, 20); }, {0, 0.1, 100, {}, 100});
  conforms([] { return warmup_stable_decay(0.1, 10, 70, 20, 1e-3, Curve::root); },
           {1e-3, 0.1, 100, {}, 100});
}

TEST_CASE("warmup_stable_decay: Hugging Face's shapes", "[schedule]") {
  for (const Curve up : {Curve::linear, Curve::cosine, Curve::root})
    for (const Curve down : {Curve::linear, Curve::cosine, Curve::root})
      for (const double least : {0.0, 0.1}) {
        auto ours = warmup_stable_decay(1, 7, 20, 13, least, down);
        ours.from = least;
        ours.curve = up;
        for (step_t t = 0; t < 60; ++t) {
          CAPTURE(t, static_cast<int>(up), static_cast<int>(down), least);
          CHECK(ours(t) == Approx(theirs(t, 7, 20, 13, up, down, least)).margin(1e-15));
        }
      }
}

TEST_CASE("warmup_stable_decay: llm.c's, over its last fifth", "[schedule]") {
  const auto ours = warmup_stable_decay(3e-4, 700, 15'300, 4'000, 0, Curve::root);
  for (const step_t t : {0U, 100U, 699U, 700U, 15'999U, 16'000U, 16'001U, 18'000U, 19'999U}) {
    const double at = static_cast<double>(t);
    const double rate = t < 700      ? 3e-4 * (at + 1) / 700
                        : t < 16'000 ? 3e-4
                                     : 3e-4 * (1 - std::sqrt((at - 16'000) / 4'000));
    CHECK(ours(t) == Approx(rate).epsilon(1e-13));
  }
}

TEST_CASE("warmup_stable_decay refuses what its parts refuse", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(warmup_stable_decay(1, 0, 5, 5)) == "");
  CHECK(refusal(warmup_stable_decay(1, 5, 0, 5)) == "");
  CHECK(refusal(warmup_stable_decay(1, 5, 5, -1)) == "gradus::Ramp.steps must be > 0 (got -1)");
  CHECK(refusal(warmup_stable_decay(-1, 5, 5, 5)) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
}
