#include <gradus/rule/adamw.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AdamW;

const support::Registered registered_adamw{AdamW{}};

TEMPLATE_TEST_CASE("AdamW conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AdamW{}; }, {.decays = true});
}

TEST_CASE("AdamW is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("adamw", AdamW{.weight_decay = 1e-2}, 1e-3);
  support::same_as_pytorch("adamw_decay", AdamW{.beta1 = 0.95, .beta2 = 0.98, .weight_decay = 0.1},
                           1e-3);
}

TEMPLATE_TEST_CASE("AdamW names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AdamW.beta1", [](double x) { return AdamW{.beta1 = x}; });
  support::checks_beta<T>("AdamW.beta2", [](double x) { return AdamW{.beta2 = x}; });
  support::checks_positive<T>("AdamW.eps", [](double x) { return AdamW{.eps = x}; });
  support::checks_not_negative<T>("AdamW.weight_decay",
                                  [](double x) { return AdamW{.weight_decay = x}; });
}

TEST_CASE("AdamW without decay keeps still where the gradient is zero", "[rule]") {
  support::keeps_still<float>(AdamW{.weight_decay = 0});
  support::keeps_still<double>(AdamW{.weight_decay = 0});
}
