#include <gradus/rule/rprop.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Rprop;

const support::Registered registered_rprop{Rprop{}};

TEMPLATE_TEST_CASE("Rprop conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Rprop{}; });
}

TEST_CASE("Rprop is PyTorch's at a rate of 1, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("rprop", Rprop{}, 1.0);
  support::same_as_pytorch("rprop_etas",
                           Rprop{.initial_step_size = 1e-3,
                                 .eta_minus = 0.7,
                                 .eta_plus = 1.3,
                                 .min_step_size = 1e-4,
                                 .max_step_size = 1e-2},
                           1.0);
}

TEMPLATE_TEST_CASE("Rprop names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  using support::sentence;
  for (const double& x : {-0.1, 0.0, support::nan<double>(), support::infinity<double>()}) {
    constexpr const char* words = "must be finite and > 0";
    support::refuses<T>(Rprop{.initial_step_size = x},
                        sentence("Rprop.initial_step_size", words, x));
    support::refuses<T>(Rprop{.eta_minus = x}, sentence("Rprop.eta_minus", words, x));
    support::refuses<T>(Rprop{.eta_plus = x}, sentence("Rprop.eta_plus", words, x));
    support::refuses<T>(Rprop{.min_step_size = x}, sentence("Rprop.min_step_size", words, x));
    support::refuses<T>(Rprop{.max_step_size = x}, sentence("Rprop.max_step_size", words, x));
  }
  support::refuses<T>(Rprop{.eta_minus = 1}, sentence("Rprop.eta_minus", "must be below 1", 1));
  support::refuses<T>(Rprop{.eta_plus = 0.9}, sentence("Rprop.eta_plus", "must be >= 1", 0.9));
  support::refuses<T>(Rprop{.min_step_size = 0.5, .max_step_size = 0.25},
                      sentence("Rprop.max_step_size", "must be >= min_step_size", 0.25));
  support::accepts<T>(Rprop{.eta_plus = 1, .min_step_size = 0.5, .max_step_size = 0.5});
}

TEST_CASE("Rprop sees a turn also where the product of the gradients underflows", "[rule]") {
  const Rprop rule;
  support::Run<Rprop, float> run(rule, {0.0F});
  run.step(rule, {0, 1}, std::vector{1e-30F});
  CHECK(run.p[0] == -0.01F);
  run.step(rule, {1, 1}, std::vector{-1e-30F});  // turned: stays, with half the size
  CHECK(run.p[0] == -0.01F);
  run.step(rule, {2, 1}, std::vector{-1e-30F});
  CHECK(run.p[0] == -0.005F);
  CHECK(run.slots[1][0] == 0.005F);
}
