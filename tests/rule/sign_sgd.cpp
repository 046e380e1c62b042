#include <gradus/rule/sign_sgd.hpp>

#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::SignSGD;

const support::Registered registered_sign_sgd{SignSGD{}};

TEMPLATE_TEST_CASE("SignSGD conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return SignSGD{}; });
}

TEMPLATE_TEST_CASE("SignSGD moves by the rate, or not at all", "[rule]", float, double) {
  using T = TestType;
  const T tiny = std::numeric_limits<T>::denorm_min(), most = std::numeric_limits<T>::max();
  const std::vector<T> g{tiny, -tiny, T{0}, -T{0}, most, -most, support::infinity<T>()};
  support::Run<SignSGD, T> run({}, std::vector<T>(g.size(), T{1}));
  run.step({}, {0, 0.25}, g);
  CHECK(run.p == std::vector<T>{0.75, 1.25, 1, 1, 0.75, 1.25, 0.75});
}
