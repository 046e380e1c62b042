// PyTorch's schedulers, run by tools/reference/pytorch.py, and ours: docs/coming-from/pytorch.md.
#include "support/coming_from.hpp"

#include <string>
#include <vector>

using namespace gradus;

namespace {

std::vector<support::Row> pytorch_rows() {
  return {
      GRADUS_ROW("inverse_time", InverseTime<>{.start = 0.1, .decay = 0.05}),
      GRADUS_ROW("lambda_warmup", Warmup{10, Constant<>{0.1}}),
      GRADUS_ROW("lambda_drop", [](step_t t) { return t < 10 ? 0.1 : 0.05; }),
      GRADUS_ROW("multiplicative", ExponentialDecay<>{.start = 0.1, .factor = 0.95}),
      GRADUS_ROW("multiplicative_steps", StepDecay<>{.start = 0.1, .every = 10, .factor = 0.5}),
      GRADUS_ROW("multiplicative_inverse", InverseTime<>{.start = 0.1, .decay = 1}),
      GRADUS_ROW("step", StepDecay<>{.start = 0.1, .every = 30, .factor = 0.1}),
      GRADUS_ROW("step_default", StepDecay<>{.start = 0.1, .every = 7}),
      GRADUS_ROW("step_half", StepDecay<>{.start = 0.1, .every = 10, .factor = 0.5}),
      GRADUS_ROW("multistep", MultiStep{.start = 0.1, .boundaries = {30, 80}}),
      GRADUS_ROW("multistep_half",
                 MultiStep{.start = 0.1, .boundaries = {10, 20, 60}, .factor = 0.5}),
      GRADUS_ROW("multistep_twice",
                 PiecewiseConstant{.start = 0.1, .points = {{30, 0.025}, {50, 0.0125}}}),
      GRADUS_ROW("constant_factor", Sequence{For{5, Constant<>{0.1 / 3}}, Constant<>{0.1}}),
      GRADUS_ROW("constant_default", Sequence{For{5, Constant<>{0.1 / 3}}, Constant<>{0.1}}),
      GRADUS_ROW("constant_tenth", Sequence{For{20, Constant<>{0.01}}, Constant<>{0.1}}),
      GRADUS_ROW("linear_default", Linear<>{.start = 0.1 / 3, .end = 0.1, .steps = 5}),
      GRADUS_ROW("linear_warmup", Warmup{5, Constant<>{0.1}, 1.0 / 3}),
      GRADUS_ROW("linear_up", Linear<>{.start = 0.02, .end = 0.05, .steps = 50}),
      GRADUS_ROW("linear_down", Linear<>{.start = 0.1, .end = 0.01, .steps = 50}),
      GRADUS_ROW("exponential", ExponentialDecay<>{.start = 0.1, .factor = 0.95}),
      GRADUS_ROW("exponential_slow", ExponentialDecay<>{.start = 0.1, .factor = 0.999}),
      GRADUS_ROW("exponential_half", ExponentialDecay<>{.start = 0.1, .factor = 0.5}),
      GRADUS_ROW("polynomial_default", Polynomial<>{.start = 0.1, .end = 0, .steps = 5}),
      GRADUS_ROW("polynomial_1", Polynomial<>{.start = 0.1, .end = 0, .steps = 50}),
      GRADUS_ROW("polynomial_2", Polynomial<>{.start = 0.1, .end = 0, .steps = 50, .power = 2}),
      GRADUS_ROW("polynomial_root",
                 Polynomial<>{.start = 0.1, .end = 0, .steps = 50, .power = 0.5}),
      GRADUS_ROW("cosine", Cosine<>{.start = 0.1, .end = 1e-5, .steps = 100, .past = Past::mirror}),
      GRADUS_ROW("cosine_zero",
                 Cosine<>{.start = 0.1, .end = 0, .steps = 50, .past = Past::mirror}),
      GRADUS_ROW("cosine_up", Cosine<>{.start = 0.1, .end = 0.2, .steps = 7, .past = Past::mirror}),
      GRADUS_ROW("warm_restarts",
                 CosineRestarts<>{.start = 0.1, .end = 1e-5, .steps = 10, .growth = 2}),
      GRADUS_ROW("warm_restarts_even", CosineRestarts<>{.start = 0.1, .end = 0, .steps = 10}),
      GRADUS_ROW("warm_restarts_three",
                 CosineRestarts<>{.start = 0.1, .end = 0, .steps = 1, .growth = 3}),
      GRADUS_ROW("cyclic_default", Cyclical<>{.low = 1e-4, .high = 1e-2, .up = 25}),
      GRADUS_ROW("cyclic_triangular", Cyclical<>{.low = 1e-4, .high = 1e-2, .up = 20, .down = 30}),
      GRADUS_ROW("cyclic_triangular2", Cyclical<>{1e-4, 1e-2, 20, 30, Cycle::triangular2}),
      GRADUS_ROW("cyclic_exp_range", Cyclical<>{1e-4, 1e-2, 20, 30, Cycle::exp_range, 0.99}),
      GRADUS_ROW("cyclic_scaled",
                 sum(Constant<>{1e-4}, product(Cyclical<>{0, 1e-2 - 1e-4, 20, 30},
                                               InverseTime<>{.start = 1, .decay = 0.01}))),
      GRADUS_ROW("cyclic_momentum",
                 Opposite{Cyclical<>{1e-4, 1e-2, 20, 30, Cycle::triangular2}, 0.9, 0.8}),
      GRADUS_ROW("one_cycle_cos", OneCycle<>{.peak = 0.1, .steps = 100}),
      GRADUS_ROW("one_cycle_linear", OneCycle<>{.peak = 0.1, .steps = 100, .curve = Curve::linear}),
      GRADUS_ROW("one_cycle_cos_three", OneCycle<>{.peak = 0.1, .steps = 100, .phases = 3}),
      GRADUS_ROW("one_cycle_linear_three",
                 OneCycle<>{.peak = 0.1, .steps = 100, .curve = Curve::linear, .phases = 3}),
      GRADUS_ROW("one_cycle_uneven", OneCycle<>{.peak = 0.1, .steps = 50, .rise = 0.25}),
      GRADUS_ROW("one_cycle_epochs",
                 OneCycle<>{.peak = 0.1, .steps = 5 * 20, .divisor = 10, .final_divisor = 100}),
      GRADUS_ROW("one_cycle_momentum", Opposite{OneCycle<>{.peak = 0.1, .steps = 100}}),
      GRADUS_ROW(
          "one_cycle_momentum_three",
          Opposite{OneCycle<>{.peak = 0.1, .steps = 100, .curve = Curve::linear, .phases = 3}}),
      GRADUS_ROW("warmup_then_cosine",
                 Warmup{5, Cosine<>{.start = 0.1, .end = 1e-5, .steps = 95}, 1.0 / 3}),
      GRADUS_ROW("sequential_flat",
                 Sequence{For{60, Constant<>{0.1}}, Cosine<>{.start = 0.1, .end = 0, .steps = 40}}),
      GRADUS_ROW("sequential_three",
                 Sequence{For{20, Constant<>{0.01}},
                          For{30, ExponentialDecay<>{.start = 0.1, .factor = 0.9}},
                          StepDecay<>{.start = 0.1, .every = 20}}),
      GRADUS_ROW("chained_constant", product(Sequence{For{10, Constant<>{0.1}}, Constant<>{1}},
                                             ExponentialDecay<>{.start = 0.1, .factor = 0.9})),
      GRADUS_ROW("chained_warmup", product(Linear<>{.start = 0.1, .end = 1, .steps = 20},
                                           Cosine<>{.start = 0.1, .end = 0, .steps = 100})),
      GRADUS_ROW("chained_steps",
                 product(StepDecay<>{.start = 0.1, .every = 30},
                         MultiStep{.start = 1, .boundaries = {50}, .factor = 0.5})),
      GRADUS_ROW("swa_cosine", Cosine<>{.start = 0.1, .end = 0.05, .steps = 10}),
      GRADUS_ROW("swa_linear", Linear<>{.start = 0.1, .end = 0.05, .steps = 20}),
      GRADUS_ROW("swa_up", Cosine<>{.start = 0.1, .end = 0.2, .steps = 5}),
  };
}

}  // namespace

TEST_CASE("PyTorch's rates, to 1e-14 of the largest", "[coming_from][pytorch]") {
  support::check_rates("pytorch", pytorch_rows(), 1e-14);
}

TEST_CASE("What the page for PyTorch shows is tested", "[coming_from][pytorch]") {
  support::check_page("pytorch", pytorch_rows());
}

TEST_CASE("Every class of PyTorch that needs no metric, three times or more",
          "[coming_from][pytorch]") {
  const auto classes = support::classes("pytorch");
  CHECK(classes.size() == 15);
  for (const auto& [name, configurations] : classes) {
    CAPTURE(name);
    CHECK(configurations >= 3);
  }
}
