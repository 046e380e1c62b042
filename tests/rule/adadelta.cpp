#include <gradus/rule/adadelta.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adadelta;

const support::Registered registered_adadelta{Adadelta{}};

TEMPLATE_TEST_CASE("Adadelta conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Adadelta{}; });
  support::conforms<TestType>([] { return Adadelta{.rho = 0}; });
}

TEST_CASE("Adadelta is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("adadelta", Adadelta{}, 1.0);
  support::same_as_pytorch("adadelta_rho",
                           gradus::Chain{gradus::L2{1e-2}, Adadelta{.rho = 0.5, .eps = 1e-4}}, 0.5);
}

TEMPLATE_TEST_CASE("Adadelta names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("Adadelta.rho", [](double x) { return Adadelta{.rho = x}; });
  support::checks_positive<T>("Adadelta.eps", [](double x) { return Adadelta{.eps = x}; });
}
