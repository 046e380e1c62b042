#include <gradus/rule/amsgrad.hpp>
#include <gradus/rule/padam.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

#include "support/float_like_double.hpp"
#include "support/registry.hpp"
#include "support/rule_conformance.hpp"

using gradus::PAdam;

namespace {

// The authors' loop over the elements, in long double, with a power of any kind.
std::vector<long double> by_the_paper(const PAdam& rule, double rate, gradus::step_t steps,
                                      std::vector<double> start) {
  using real_t = long double;
  std::vector<real_t> p(start.begin(), start.end());
  for (std::size_t i = 0; i < p.size(); ++i) {
    real_t m = 0, v = 0, s = 0, product1 = 1, product2 = 1;
    for (gradus::step_t t = 0; t < steps; ++t) {
      const auto g = static_cast<real_t>(support::numbers<double>(p.size(), 10 + t)[i]);
      const real_t beta1 = static_cast<real_t>(rule.beta1), beta2 = static_cast<real_t>(rule.beta2);
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g * g;
      s = std::fmax(s, v);
      product1 *= beta1, product2 *= beta2;
      const real_t corrected = rule.bias_correction ? std::sqrt(1 - product2) / (1 - product1) : 1;
      p[i] -= static_cast<real_t>(rate) * corrected * m /
              std::pow(std::sqrt(s) + static_cast<real_t>(rule.eps),
                       2 * static_cast<real_t>(rule.power));
    }
  }
  return p;
}

}  // namespace

const support::Registered registered_padam{PAdam{}};

TEMPLATE_TEST_CASE("PAdam conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return PAdam{}; });
  support::conforms<TestType>([] { return PAdam{.power = 0.5, .bias_correction = false}; });
}

TEST_CASE("PAdam follows its formula", "[rule][reference]") {
  const std::vector<double> start = support::numbers<double>(20, 1);
  for (const double& power : {0.5, 0.25, 0.125, 0.0625})
    for (const bool correction : {true, false}) {
      const PAdam rule{.power = power, .bias_correction = correction};
      CAPTURE(power, correction);
      support::Run<PAdam, double> run(rule, start);
      for (gradus::step_t t = 0; t < 200; ++t)
        run.step(rule, {t, 1e-2}, support::numbers<double>(20, 10 + t));
      const std::vector<long double> expected = by_the_paper(rule, 1e-2, 200, start);
      for (std::size_t i = 0; i < start.size(); ++i)
        CHECK(run.p[i] == Approx(static_cast<double>(expected[i])).epsilon(1e-13).margin(1e-14));
    }
  support::float_like_double(PAdam{}, 1e-2, 1e-5);
}

TEST_CASE("PAdam at a power of 1/2 is AMSGrad", "[rule]") {
  const PAdam rule{.power = 0.5, .bias_correction = false};
  const gradus::AMSGrad amsgrad{.bias_correction = false};
  support::Run<PAdam, double> run(rule, support::numbers<double>(70, 1));
  support::Run<gradus::AMSGrad, double> other(amsgrad, run.p);
  for (gradus::step_t t = 0; t < 20; ++t) {
    run.step(rule, {t, 1e-2}, support::numbers<double>(70, 10 + t));
    other.step(amsgrad, {t, 1e-2}, support::numbers<double>(70, 10 + t));
  }
  CHECK(support::same_bits(run.p, other.p));
}

TEST_CASE("PAdam at the edges of its fields", "[rule]") {
  for (const PAdam& rule : {PAdam{.beta1 = 0}, PAdam{.beta2 = 0}, PAdam{.power = 0.0625},
                            PAdam{.beta1 = 0, .beta2 = 0, .bias_correction = false}})
    support::stays_finite(rule, 1e-2);
}

TEMPLATE_TEST_CASE("PAdam names the field that is wrong", "[rule]", float, double) {
  using T = TestType;
  support::checks_beta<T>("PAdam.beta1", [](double x) { return PAdam{.beta1 = x}; });
  support::checks_beta<T>("PAdam.beta2", [](double x) { return PAdam{.beta2 = x}; });
  support::checks_positive<T>("PAdam.eps", [](double x) { return PAdam{.eps = x}; });
  for (const double& x : {0.0, 0.2, 1.0, -0.25, support::nan<double>()})
    support::refuses<T>(PAdam{.power = x},
                        support::sentence("PAdam.power", "must be 1/2, 1/4, 1/8 or 1/16", x));
  support::accepts<T>(PAdam{.power = 0.0625});
}
