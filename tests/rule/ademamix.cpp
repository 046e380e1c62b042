#include <gradus/math/exp.hpp>
#include <gradus/math/log.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/ademamix.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/schedule/linear.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::AdEMAMix;

const support::Registered registered_ademamix{AdEMAMix{}};

TEMPLATE_TEST_CASE("AdEMAMix conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return AdEMAMix{}; });
}

namespace {

// The paper's schedule of beta3.
double rise(gradus::step_t t) {
  const gradus::math::ieee a = gradus::math::log(0.9), b = gradus::math::log(0.9999);
  const gradus::math::ieee x = std::min(static_cast<double>(t) / 150, 1.0);
  return gradus::math::exp(static_cast<double>(a * b / ((1.0 - x) * b + x * a)));
}

}  // namespace

TEST_CASE("AdEMAMix follows its formula", "[rule][reference]") {
  const auto rule =
      gradus::vary<&AdEMAMix::alpha, &AdEMAMix::beta3>(AdEMAMix{}, gradus::Linear{0, 5, 150}, rise);
  support::close_to<double>(support::formulas, "ademamix", rule, 1e-3, 1e-14);
  support::float_like_double(AdEMAMix{}, 1e-3, 1e-5);
}

TEMPLATE_TEST_CASE("AdEMAMix with alpha = 0 is Adam", "[rule]", float, double) {
  using T = TestType;
  const AdEMAMix rule{.alpha = 0};
  support::Run<AdEMAMix, T> a(rule, support::numbers<T>(100, 1));
  support::Run<gradus::Adam, T> b({}, a.p);
  for (gradus::step_t t = 0; t < 20; ++t) {
    a.step(rule, {t, 1e-2}, support::numbers<T>(100, 10 + t));
    b.step({}, {t, 1e-2}, support::numbers<T>(100, 10 + t));
  }
  CHECK(support::same_bits(a.p, b.p));
}

TEST_CASE("AdEMAMix at the edges of its fields", "[rule]") {
  for (const AdEMAMix& rule : {AdEMAMix{.beta1 = 0}, AdEMAMix{.beta2 = 0}, AdEMAMix{.beta3 = 0},
                               AdEMAMix{.beta1 = 0, .beta2 = 0, .beta3 = 0}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("AdEMAMix names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("AdEMAMix.beta1", [](double x) { return AdEMAMix{.beta1 = x}; });
  support::checks_beta<T>("AdEMAMix.beta2", [](double x) { return AdEMAMix{.beta2 = x}; });
  support::checks_beta<T>("AdEMAMix.beta3", [](double x) { return AdEMAMix{.beta3 = x}; });
  support::checks_not_negative<T>("AdEMAMix.alpha", [](double x) { return AdEMAMix{.alpha = x}; });
  support::checks_positive<T>("AdEMAMix.eps", [](double x) { return AdEMAMix{.eps = x}; });
}
