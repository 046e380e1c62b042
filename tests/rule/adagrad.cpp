#include <gradus/rule/adagrad.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::Adagrad;

const support::Registered registered_adagrad{Adagrad{}};

TEMPLATE_TEST_CASE("Adagrad conforms", "[rule]", float, double) {
  support::conforms<TestType>(
      [] { return Adagrad{.initial_accumulator_value = 0.1, .rate_decay = 1e-2}; });
}

TEST_CASE("Adagrad is PyTorch's, bit for bit", "[rule][reference]") {
  support::same_as_pytorch("adagrad", Adagrad{}, 1e-2);
  support::same_as_pytorch(
      "adagrad_decay", Adagrad{.initial_accumulator_value = 0.1, .rate_decay = 1e-2, .eps = 1e-7},
      1e-2);
  support::same_as_pytorch("adagrad_l2", gradus::Chain{gradus::L2{1e-2}, Adagrad{}}, 1e-2);
}

TEMPLATE_TEST_CASE("Adagrad names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_not_negative<T>("Adagrad.initial_accumulator_value",
                                  [](double x) { return Adagrad{.initial_accumulator_value = x}; });
  support::checks_not_negative<T>("Adagrad.rate_decay",
                                  [](double x) { return Adagrad{.rate_decay = x}; });
  support::checks_positive<T>("Adagrad.eps", [](double x) { return Adagrad{.eps = x}; });
}
