#include <gradus/rule/yogi.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Yogi;

const support::Registered registered_yogi{Yogi{}};

TEMPLATE_TEST_CASE("Yogi conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Yogi{}; });
}

TEST_CASE("Yogi follows its formula", "[rule][reference]") {
  support::close_to<double>(support::formulas, "yogi", Yogi{}, 1e-2, 1e-14);
  const Yogi plain{.eps = 1e-8, .initial_accumulator_value = 0, .bias_correction = false};
  support::close_to<double>(support::formulas, "yogi_plain", plain, 1e-2, 1e-14);
  support::float_like_double(Yogi{}, 1e-2, 1e-5);
}

TEST_CASE("Yogi: v goes towards the square of the gradient by a share of that square", "[rule]") {
  const Yogi rule{.beta2 = 0.75, .initial_accumulator_value = 16};
  support::Run<Yogi, double> run(rule, {1.0, 1.0, 1.0, 1.0});
  run.step(rule, {0, 0.1}, std::vector{0.0, 2.0, 4.0, 8.0});
  CHECK(run.slots[1] == std::vector{16.0, 15.0, 16.0, 32.0});
}

TEST_CASE("Yogi may start with a momentum, as optax does", "[rule]") {
  const Yogi rule{.initial_m = 1e-6};
  support::Run<Yogi, double> run(rule, {1.0});
  CHECK(run.slots[0][0] == 1e-6);
  run.step(rule, {0, 0.1}, std::vector{0.0});
  CHECK(run.p[0] < 1);
}

TEST_CASE("Yogi at the edges of its fields", "[rule]") {
  for (const Yogi& rule : {Yogi{.beta1 = 0}, Yogi{.beta2 = 0}, Yogi{.initial_accumulator_value = 0},
                           Yogi{.beta1 = 0, .beta2 = 0, .bias_correction = false}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("Yogi names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Yogi.beta1", [](double x) { return Yogi{.beta1 = x}; });
  support::checks_beta<T>("Yogi.beta2", [](double x) { return Yogi{.beta2 = x}; });
  support::checks_positive<T>("Yogi.eps", [](double x) { return Yogi{.eps = x}; });
  support::checks_not_negative<T>("Yogi.initial_accumulator_value",
                                  [](double x) { return Yogi{.initial_accumulator_value = x}; });
  for (const double& x : {support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(Yogi{.initial_m = x},
                        support::sentence("Yogi.initial_m", "must be finite", x));
  if constexpr (std::same_as<T, float>)
    support::refuses<T>(Yogi{.initial_m = -1e300},
                        support::sentence("Yogi.initial_m",
                                          "must be representable in the parameters' type", -1e300));
  support::accepts<T>(Yogi{.initial_m = -1});
}
