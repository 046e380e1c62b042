#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adam;

const support::Registered registered_adam{Adam{}};

TEMPLATE_TEST_CASE("Adam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Adam{}; });
}

TEST_CASE("Adam is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("adam", Adam{}, 1e-3);
  support::same_as_pytorch("adam_eps", Adam{.beta1 = 0.8, .beta2 = 0.99, .eps = 1e-4}, 1e-3);
  support::same_as_pytorch("adam_scheduled", Adam{}, [](gradus::step_t t) {
    return static_cast<double>(1e-3 * gradus::math::ieee(static_cast<double>(t + 1)) / 200.0);
  });
  support::same_as_pytorch("adam_l2", gradus::Chain{gradus::L2{1e-2}, Adam{}}, 1e-3);
}

TEMPLATE_TEST_CASE("Adam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Adam.beta1", [](double x) { return Adam{.beta1 = x}; });
  support::checks_beta<T>("Adam.beta2", [](double x) { return Adam{.beta2 = x}; });
  support::checks_positive<T>("Adam.eps", [](double x) { return Adam{.eps = x}; });
}
