// Keras' schedules, from tools/reference/keras.py, and ours: docs/coming-from/keras.md.
#include "support/coming_from.hpp"

#include <string>
#include <vector>

using namespace gradus;

namespace {

std::vector<support::Row> keras_rows() {
  return {
      GRADUS_ROW("exponential", ExponentialDecay<>{.start = 0.1, .factor = 0.5, .every = 10}),
      GRADUS_ROW("exponential_stairs",
                 ExponentialDecay<>{.start = 0.1, .factor = 0.96, .every = 10, .staircase = true}),
      GRADUS_ROW("exponential_up", ExponentialDecay<>{.start = 0.1, .factor = 1.5, .every = 7}),
      GRADUS_ROW("piecewise", PiecewiseConstant{.start = 0.1,
                                                .points = {{30, 0.05}, {80, 0.01}},
                                                .boundary = Boundary::after}),
      GRADUS_ROW(
          "piecewise_one",
          PiecewiseConstant{.start = 0.1, .points = {{10, 0.2}}, .boundary = Boundary::after}),
      GRADUS_ROW("piecewise_early", PiecewiseConstant{.start = 0.4,
                                                      .points = {{1, 0.3}, {2, 0.2}, {20, 0.1}},
                                                      .boundary = Boundary::after}),
      GRADUS_ROW("polynomial", Polynomial<>{.start = 0.1, .end = 1e-4, .steps = 100}),
      GRADUS_ROW("polynomial_root",
                 Polynomial<>{.start = 0.1, .end = 0.01, .steps = 100, .power = 0.5}),
      GRADUS_ROW("polynomial_up",
                 Polynomial<>{.start = 0.01, .end = 0.1, .steps = 100, .power = 2}),
      GRADUS_ROW("polynomial_cycle",
                 Polynomial<>{.start = 0.1, .end = 1e-4, .steps = 40, .cycle = true}),
      GRADUS_ROW("polynomial_cycle_root",
                 Polynomial<>{.start = 0.1, .end = 0.01, .steps = 7, .power = 0.5, .cycle = true}),
      GRADUS_ROW("inverse_time", InverseTime<>{.start = 0.1, .decay = 0.5}),
      GRADUS_ROW("inverse_time_slow", InverseTime<>{.start = 0.1, .decay = 2, .every = 30}),
      GRADUS_ROW("inverse_time_stairs",
                 InverseTime<>{.start = 0.1, .decay = 0.5, .every = 30, .staircase = true}),
      GRADUS_ROW("cosine", Cosine<>{.start = 0.1, .end = 0, .steps = 100}),
      GRADUS_ROW("cosine_alpha", Cosine<>{.start = 0.1, .end = 0.01 * 0.1, .steps = 100}),
      GRADUS_ROW("cosine_warmup",
                 Warmup{10, Cosine<>{.start = 0.1, .end = 0.1 * 0.1, .steps = 100}, 0.0}),
      GRADUS_ROW("cosine_warmup_from", Sequence{Linear<>{.start = 0.02, .end = 0.1, .steps = 40},
                                                Cosine<>{.start = 0.1, .end = 0, .steps = 60}}),
      GRADUS_ROW("cosine_warmdown", Sequence{Linear<>{.start = 0.2, .end = 0.1, .steps = 40},
                                             Cosine<>{.start = 0.1, .end = 0, .steps = 60}}),
      GRADUS_ROW("restarts", CosineRestarts<>{.start = 0.1, .end = 0, .steps = 10, .growth = 2}),
      GRADUS_ROW("restarts_even",
                 CosineRestarts<>{.start = 0.1, .end = 0.1 * 0.1, .steps = 10, .decay = 0.8}),
      GRADUS_ROW("restarts_lower",
                 CosineRestarts<>{
                     .start = 0.1, .end = 0.05 * 0.1, .steps = 25, .growth = 2, .decay = 0.5}),
      GRADUS_ROW("restarts_real",
                 CosineRestarts<>{
                     .start = 0.1, .end = 0.1 * 0.1, .steps = 10, .growth = 1.5, .decay = 0.9}),
      GRADUS_ROW("restarts_three",
                 CosineRestarts<>{.start = 0.1, .end = 0, .steps = 1, .growth = 3})
          .except({121}),
      GRADUS_ROW("callback", PerEpoch{20, ExponentialDecay<>{.start = 0.1, .factor = 0.5}}),
      GRADUS_ROW("callback_rate",
                 PerEpoch{20, Sequence{For{9, Constant<>{0.1}},
                                       Exponential<>{.start = 0.1, .decay = 0.1}}}),
      GRADUS_ROW("callback_table",
                 PerEpoch{20, [](step_t epoch) { return epoch < 5 ? 0.1 : 0.01; }}),
  };
}

}  // namespace

TEST_CASE("Keras' rates, to 1e-14 of the largest", "[coming_from][keras]") {
  support::check_rates("keras", keras_rows(), 1e-14);
}

TEST_CASE("What the page for Keras shows is tested", "[coming_from][keras]") {
  support::check_page("keras", keras_rows());
}

TEST_CASE("Every class of Keras that needs no metric, three times or more",
          "[coming_from][keras]") {
  const auto classes = support::classes("keras");
  CHECK(classes.size() == 7);
  for (const auto& [name, configurations] : classes) {
    CAPTURE(name);
    CHECK(configurations >= 3);
  }
}
