#include <gradus/rule/centered_rmsprop.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::CenteredRMSprop;
using gradus::Eps;

const support::Registered registered_centered_rmsprop{CenteredRMSprop{}};

TEMPLATE_TEST_CASE("CenteredRMSprop conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return CenteredRMSprop{}; });
  support::conforms<TestType>([] {
    return CenteredRMSprop{.eps = 1e-4, .initial_accumulator_value = 1, .eps_place = Eps::inside};
  });
}

TEST_CASE("CenteredRMSprop is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("rmsprop_centered", CenteredRMSprop{}, 1e-2);
  support::same_as_pytorch("rmsprop_centered_alpha", CenteredRMSprop{.alpha = 0.9, .eps = 1e-4},
                           1e-2);
}

TEMPLATE_TEST_CASE("CenteredRMSprop names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("CenteredRMSprop.alpha",
                          [](double x) { return CenteredRMSprop{.alpha = x}; });
  support::checks_positive<T>("CenteredRMSprop.eps",
                              [](double x) { return CenteredRMSprop{.eps = x}; });
  support::checks_not_negative<T>("CenteredRMSprop.initial_accumulator_value", [](double x) {
    return CenteredRMSprop{.initial_accumulator_value = x};
  });
}

// Equal gradients have no variance, and rounding makes v - a^2 negative now and then.
TEMPLATE_TEST_CASE("CenteredRMSprop takes no root of a negative number", "[rule]", float, double) {
  using T = TestType;
  const CenteredRMSprop rule{.alpha = 0.5, .eps = 1e-3};
  std::vector<T> p(1000), g(1000);
  support::Run<CenteredRMSprop, T> run(rule, p);
  for (std::size_t i = 0; i < g.size(); ++i) g[i] = T{1} + static_cast<T>(i) / T{1024};
  bool negative = false, finite = true;
  for (gradus::step_t t = 0; t < 100; ++t) {
    run.step(rule, {t, 0.01}, g);
    for (std::size_t i = 0; i < g.size(); ++i) {
      const volatile T square = run.slots[1][i] * run.slots[1][i];
      negative = negative || run.slots[0][i] < square;
      finite = finite && gradus::math::is_finite(run.p[i]);
    }
  }
  CHECK(negative);
  CHECK(finite);
}
