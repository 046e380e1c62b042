#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/radam.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Eps;
using gradus::RAdam;

const support::Registered registered_radam{RAdam{}};

TEMPLATE_TEST_CASE("RAdam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return RAdam{}; });
  support::conforms<TestType>([] { return RAdam{.eps_place = Eps::inside}; });
}

TEST_CASE("RAdam is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("radam", RAdam{}, 1e-3);
  support::same_as_pytorch("radam_never", RAdam{.beta2 = 0.5}, 1e-3);
  support::same_as_pytorch(
      "radam_betas",
      gradus::Chain{gradus::L2{1e-2}, RAdam{.beta1 = 0.8, .beta2 = 0.9, .eps = 1e-4}}, 1e-3);
}

TEMPLATE_TEST_CASE("RAdam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("RAdam.beta1", [](double x) { return RAdam{.beta1 = x}; });
  support::checks_beta<T>("RAdam.beta2", [](double x) { return RAdam{.beta2 = x}; });
  for (const double& x : {-0.1, 0.0, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(RAdam{.eps = x},
                        support::sentence("RAdam.eps", "must be finite and > 0", x));
  const double tiny = static_cast<double>(std::numeric_limits<T>::denorm_min());
  support::refuses<T>(
      RAdam{.eps = tiny},
      support::sentence("RAdam.eps", "must have a reciprocal in the parameters' type", tiny));
  support::refuses<T>(
      RAdam{.eps = tiny, .eps_place = Eps::inside},
      support::sentence("RAdam.eps",
                        "must be representable in the parameters' type, also times 1 - beta2",
                        tiny));
  support::accepts<T>(RAdam{.eps = static_cast<double>(std::numeric_limits<T>::min())});
}

TEST_CASE("RAdam has eps where it is asked for", "[rule]") {
  // beta2 = 0.9: rho is above 5 from update 6 on.
  const auto last_step = [](Eps place) {
    const RAdam rule{.beta2 = 0.9, .eps = 0.01, .eps_place = place};
    support::Run<RAdam, double> run(rule, {0});
    double before = 0;
    for (gradus::step_t t = 0; t < 20; ++t) {
      before = run.p[0];
      run.step(rule, {t, 1.0}, std::vector{0.25});
    }
    return before - run.p[0];
  };
  const double c = 1 - std::pow(0.9, 20), rho_inf = 19, rho = rho_inf - 40 * (1 - c) / c;
  const double rect = std::sqrt((rho - 4) * (rho - 2) * rho_inf / (15 * 17 * rho));
  CHECK(last_step(Eps::hat) ==
        Approx(rect * 0.25 * std::sqrt(c) / (0.25 * std::sqrt(c) + 0.01)).epsilon(1e-12));
  CHECK(last_step(Eps::outside) == Approx(rect * 0.25 / (0.25 + 0.01)).epsilon(1e-12));
  CHECK(last_step(Eps::inside) ==
        Approx(rect * 0.25 / std::sqrt(0.25 * 0.25 + 0.01)).epsilon(1e-12));
}

TEST_CASE("RAdam's first steps do not look at v, not even where it overflows", "[rule]") {
  const RAdam rule;
  support::Run<RAdam, float> run(rule, {1.0F});
  run.step(rule, {0, 1e-30}, std::vector{0x1p100F});
  CHECK(run.slots[1][0] == support::infinity<float>());
  CHECK(run.p[0] == Approx(1 - 0x1p100 * 1e-30));
}
