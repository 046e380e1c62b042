#include <gradus/rule/adagrad.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/rmsprop.hpp>

#include <string>

#include "support/rule_conformance.hpp"

using gradus::Eps;

namespace {

constexpr Eps places[] = {Eps::outside, Eps::hat, Eps::inside};

// What a corrected v is divided by, by the definition.
double root(Eps place, double v, double eps, double c) {
  if (place == Eps::inside) return std::sqrt(v / c + eps);
  return place == Eps::hat ? (std::sqrt(v) + eps) / std::sqrt(c) : std::sqrt(v / c) + eps;
}

// How far two updates by gradients of 1/8 and 1/4 move, at a rate of 1.
template <class R>
double moved(const R& rule) {
  support::Run<R, double> run(rule, {0});
  run.step(rule, {0, 1}, std::vector{0.125});
  run.step(rule, {1, 1}, std::vector{0.25});
  return -run.p[0];
}

constexpr double eps = 0.25, b1 = 0.5, b2 = 0.75, g1 = 0.125, g2 = 0.25;
constexpr double m1 = 0.5 * g1, m2 = 0.5 * m1 + 0.5 * g2;
constexpr double v1 = 0.25 * g1 * g1, v2 = 0.75 * v1 + 0.25 * g2 * g2;

}  // namespace

TEST_CASE("Adam and AdamW have eps and the correction where they are asked for", "[rule]") {
  for (const Eps place : places)
    for (const bool corrected : {true, false}) {
      CAPTURE(static_cast<int>(place), corrected);
      const gradus::Adam adam{b1, b2, eps, place, corrected};
      const gradus::AdamW adamw{b1, b2, eps, 0, place, corrected};
      const auto c = [&](double left) { return corrected ? 1 - left : 1; };
      const double expected = m1 / c(b1) / root(place, v1, eps, c(b2)) +
                              m2 / c(b1 * b1) / root(place, v2, eps, c(b2 * b2));
      CHECK(moved(adam) == Approx(expected).epsilon(1e-14));
      CHECK(support::to_bits(moved(adamw)) == support::to_bits(moved(adam)));
    }
}

TEST_CASE("NAdam has eps where it is asked for, and optax' momentum", "[rule]") {
  for (const Eps place : places) {
    CAPTURE(static_cast<int>(place));
    // Without a schedule of mu: (1 - b1) / (1 - b1^n) g + b1 / (1 - b1^(n + 1)) m.
    const gradus::NAdam nadam{b1, b2, eps, 1e6, place};
    const double expected = (g1 + b1 / 0.75 * m1) / root(place, v1, eps, 0.25) +
                            (0.5 / 0.75 * g2 + b1 / 0.875 * m2) / root(place, v2, eps, 1 - b2 * b2);
    CHECK(moved(nadam) == Approx(expected).epsilon(1e-14));
  }
}

TEST_CASE("Adagrad and RMSprop have eps and start where they are asked for", "[rule]") {
  for (const Eps place : places) {
    CAPTURE(static_cast<int>(place));
    const gradus::Adagrad adagrad{.initial_accumulator_value = 0.5, .eps = eps, .eps_place = place};
    const double a1 = 0.5 + g1 * g1, a2 = a1 + g2 * g2;
    CHECK(moved(adagrad) ==
          Approx(g1 / root(place, a1, eps, 1) + g2 / root(place, a2, eps, 1)).epsilon(1e-14));
    const gradus::RMSprop rmsprop{
        .alpha = b2, .eps = eps, .initial_accumulator_value = 1, .eps_place = place};
    const double r1 = b2 + v1, r2 = b2 * r1 + 0.25 * g2 * g2;
    CHECK(moved(rmsprop) ==
          Approx(g1 / root(place, r1, eps, 1) + g2 / root(place, r2, eps, 1)).epsilon(1e-14));
  }
}

TEMPLATE_TEST_CASE("An eps inside the root must last its correction", "[rule]", float, double) {
  using T = TestType;
  const double tiny = static_cast<double>(std::numeric_limits<T>::denorm_min());
  const std::string words = "must be representable in the parameters' type, also times 1 - beta2";
  support::accepts<T>(gradus::Adam{.eps = tiny});
  support::accepts<T>(gradus::Adam{.eps = tiny, .eps_place = Eps::hat});
  support::accepts<T>(
      gradus::Adam{.eps = tiny, .eps_place = Eps::inside, .bias_correction = false});
  support::refuses<T>(gradus::Adam{.eps = tiny, .eps_place = Eps::inside},
                      support::sentence("Adam.eps", words, tiny));
  support::refuses<T>(gradus::AdamW{.eps = tiny, .eps_place = Eps::inside},
                      support::sentence("AdamW.eps", words, tiny));
  support::refuses<T>(gradus::NAdam{.eps = tiny, .eps_place = Eps::inside},
                      support::sentence("NAdam.eps", words, tiny));
}

TEMPLATE_TEST_CASE("Rules conform with eps in every place", "[rule]", float, double) {
  using T = TestType;
  support::conforms<T>([] { return gradus::Adam{.eps_place = Eps::hat}; });
  support::conforms<T>(
      [] { return gradus::Adam{.eps = 1e-4, .eps_place = Eps::inside, .bias_correction = false}; });
  support::conforms<T>([] { return gradus::NAdam{.eps_place = Eps::inside}; });
  support::conforms<T>([] { return gradus::Adagrad{.eps_place = Eps::inside}; });
}
