// timm's schedulers, from tools/reference/timm.py, and ours: docs/coming-from/timm.md.
#include "support/coming_from.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace gradus;

namespace {

std::vector<support::Row> timm_rows() {
  return {
      GRADUS_ROW("cosine", Cosine<>{.start = 0.1, .end = 0, .steps = 100}),
      GRADUS_ROW("cosine_warmup",
                 Sequence{Linear<>{.start = 1e-4, .end = 0.1, .steps = 5},
                          Shift{Cosine<>{.start = 0.1, .end = 1e-5, .steps = 100}, -5}}),
      GRADUS_ROW("cosine_prefix", Sequence{Linear<>{.start = 1e-4, .end = 0.1, .steps = 5},
                                           Cosine<>{.start = 0.1, .end = 1e-5, .steps = 100}}),
      GRADUS_ROW("cosine_k", Cosine<>{.start = 0.1, .end = 1e-3, .steps = 100, .k = 1.5}),
      GRADUS_ROW("cosine_cycles",
                 CosineRestarts<>{
                     .start = 0.1, .end = 0, .steps = 10, .growth = 2, .decay = 0.5, .limit = 3}),
      GRADUS_ROW(
          "cosine_floor",
          sum(
              CosineRestarts<>{
                  .start = 0.1, .end = 0, .steps = 10, .growth = 2, .decay = 0.5, .limit = 3},
              CosineRestarts<>{.start = 0, .end = 0.01, .steps = 10, .growth = 2, .limit = 3})),
      GRADUS_ROW(
          "cosine_even",
          Warmup{5, CosineRestarts<>{.start = 0.1, .end = 0.01, .steps = 20, .limit = 4}, 0.0}),
      GRADUS_ROW("cosine_real",
                 CosineRestarts<>{
                     .start = 0.1, .end = 0, .steps = 10, .growth = 1.5, .decay = 0.8, .limit = 4}),
      GRADUS_ROW("cosine_three",
                 CosineRestarts<>{.start = 0.1, .end = 0, .steps = 1, .growth = 3, .limit = 9})
          .except({121}),
      GRADUS_ROW("cosine_k_cycles",
                 Repeat{Cosine<>{.start = 0.1, .end = 1e-3, .steps = 25, .k = 2}, 25, 3}),
      GRADUS_ROW("step", StepDecay<>{.start = 0.1, .every = 30, .factor = 0.1}),
      GRADUS_ROW("step_warmup", Sequence{Linear<>{.start = 1e-3, .end = 0.1, .steps = 5},
                                         StepDecay<>{.start = 0.1, .every = 30, .factor = 0.5}}),
      GRADUS_ROW("step_under",
                 Warmup{5, Shift{StepDecay<>{.start = 0.1, .every = 30, .factor = 0.5}, -5}, 0.0}),
      GRADUS_ROW("step_fraction",
                 Stretch{StepDecay<>{.start = 0.1, .every = 12, .factor = 0.97}, 5, 1}),
      GRADUS_ROW("multistep",
                 MultiStep{.start = 0.1, .boundaries = {30, 60, 90}, .boundary = Boundary::before}),
      GRADUS_ROW("multistep_warmup", Sequence{Linear<>{.start = 1e-3, .end = 0.1, .steps = 10},
                                              MultiStep{.start = 0.1,
                                                        .boundaries = {30, 60},
                                                        .factor = 0.5,
                                                        .boundary = Boundary::before}}),
      GRADUS_ROW("multistep_under", Warmup{10,
                                           Shift{MultiStep{.start = 0.1,
                                                           .boundaries = {30, 60},
                                                           .factor = 0.5,
                                                           .boundary = Boundary::before},
                                                 -10},
                                           0.0}),
      GRADUS_ROW("poly", Polynomial<>{.start = 0.1, .end = 0, .steps = 100, .power = 0.5}),
      GRADUS_ROW(
          "poly_warmup",
          Sequence{Linear<>{.start = 0, .end = 0.1, .steps = 10},
                   Shift{Polynomial<>{.start = 0.1, .end = 1e-3, .steps = 100, .power = 2}, -10}}),
      GRADUS_ROW("poly_prefix", Sequence{Linear<>{.start = 1e-2, .end = 0.1, .steps = 10},
                                         Polynomial<>{.start = 0.1, .end = 1e-3, .steps = 100}}),
      GRADUS_ROW(
          "poly_even",
          product(Repeat{Polynomial<>{.start = 0.1, .end = 0, .steps = 20, .power = 0.5}, 20, 4},
                  StepDecay<>{.start = 1, .every = 20, .factor = 0.5})),
      GRADUS_ROW("poly_cycles",
                 Sequence{Polynomial<>{.start = 0.1, .end = 0.01, .steps = 10, .power = 0.9},
                          Polynomial<>{.start = 0.05, .end = 0.01, .steps = 20, .power = 0.9},
                          Polynomial<>{.start = 0.025, .end = 0.01, .steps = 40, .power = 0.9}}),
      GRADUS_ROW(
          "poly_k",
          Reverse{Ramp<>{
              .start = 1e-3, .end = 0.1, .steps = 100, .curve = Curve::power, .power = 1.5}}),
      GRADUS_ROW("tanh", Tanh<>{.start = 0.1, .end = 0, .steps = 100}).except({0}),
      GRADUS_ROW(
          "tanh_warmup",
          Warmup{10,
                 Shift{Tanh<>{.start = 0.1, .end = 1e-3, .steps = 100, .from = -5, .to = 4}, -10},
                 0.0}),
      GRADUS_ROW("tanh_prefix", Sequence{Linear<>{.start = 1e-2, .end = 0.1, .steps = 10},
                                         Tanh<>{.start = 0.1, .end = 1e-3, .steps = 100}}),
      GRADUS_ROW("tanh_even", product(Repeat{Tanh<>{.start = 0.1, .end = 0, .steps = 20}, 20, 4},
                                      StepDecay<>{.start = 1, .every = 20, .factor = 0.5}))
          .except({0}),
      GRADUS_ROW("tanh_cycles", Sequence{Tanh<>{.start = 0.1, .end = 0.01, .steps = 20},
                                         Tanh<>{.start = 0.1, .end = 0.01, .steps = 40}})
          .except({0}),
      GRADUS_ROW("wsd",
                 Warmup{5,
                        Sequence{For{80, Constant<>{0.1}},
                                 Ramp<>{.start = 0.1, .end = 0, .steps = 20, .curve = Curve::root}},
                        0.0}),
      GRADUS_ROW("wsd_cosine",
                 Sequence{Linear<>{.start = 1e-2, .end = 0.1, .steps = 5}, For{70, Constant<>{0.1}},
                          Cosine<>{.start = 0.1, .end = 1e-3, .steps = 30}}),
      GRADUS_ROW(
          "wsd_power",
          Sequence{
              For{70, Constant<>{0.1}},
              Reverse{Ramp<>{
                  .start = 1e-3, .end = 0.1, .steps = 30, .curve = Curve::power, .power = 2}}}),
      GRADUS_ROW("wsd_rsqrt", Warmup{10,
                                     product(InverseSqrt<>{.start = 0.1, .tau = 10},
                                             Sequence{For{70, Constant<>{1}},
                                                      Linear<>{.start = 1, .end = 0, .steps = 30}}),
                                     0.0}),
      GRADUS_ROW(
          "wsd_stable_power",
          product(InverseTime<>{.start = 0.1, .decay = 1, .power = 0.8, .every = 20},
                  Sequence{For{70, Constant<>{1}},
                           Ramp<>{.start = 1, .end = 0, .steps = 30, .curve = Curve::root}})),
  };
}

// timm draws other numbers.
support::Row noisy() {
  return GRADUS_ROW(
      "CosineLRScheduler(o, t_initial=100, noise_range_t=[40, 80], noise_pct=0.67)",
      product(Cosine<>{.start = 0.1, .end = 0, .steps = 100},
              Sequence{For{40, Constant<>{1}},
                       For{40, Noise{Constant<>{1}, 0.67, 42, 1, Spread::normal}}, Constant<>{1}}));
}

}  // namespace

TEST_CASE("timm's rates, to 1e-14 of the largest", "[coming_from][timm]") {
  support::check_rates("timm", timm_rows(), 1e-14);
}

TEST_CASE("What the page for timm shows is tested", "[coming_from][timm]") {
  std::vector<support::Row> shown = timm_rows();
  shown.push_back(noisy());
  support::check_page("timm", shown);
}

TEST_CASE("timm's noise: in its range alone, and as large as it may be", "[coming_from][timm]") {
  const Cosine<> plain{.start = 0.1, .end = 0, .steps = 100};
  const support::Row noise = noisy();
  CHECK(noise.valid);
  double largest = 0;
  for (step_t t = 0; t < 130; ++t) {
    CAPTURE(t);
    const double change = std::fabs(noise.rate(t) - plain(t));
    CHECK((change > 0) == (t >= 40 && t < 80));
    CHECK(change <= 0.67 * plain(t));
    largest = std::max(largest, change / std::max(plain(t), 1e-300));
  }
  CHECK(largest > 0.5);
}

TEST_CASE("Every class of timm that needs no metric, three times or more", "[coming_from][timm]") {
  const auto classes = support::classes("timm");
  CHECK(classes.size() == 6);
  for (const auto& [name, configurations] : classes) {
    CAPTURE(name);
    CHECK(configurations >= 3);
  }
}
