#include <gradus/memory/spans.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/lion.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/stage/cautious.hpp>
#include <gradus/rule/stage/clip_value.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>

#include "support/float_like_double.hpp"
#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using gradus::Cautious;
using gradus::Chain;
using gradus::Momentum;

TEMPLATE_TEST_CASE("Cautious conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{Momentum{}, Cautious{}}; }, {.local = false});
  support::conforms<TestType>([] { return Chain{Momentum{}, Cautious{.rescale = false}}; });
}

TEST_CASE("Cautious follows its formula", "[rule][stage][reference]") {
  const Chain rule{gradus::Adam{}, Cautious{}};
  support::close_to<double>(support::formulas, "cautious", rule, 1e-3, 1e-14);
  support::float_like_double(rule, 1e-3, 1e-5);
}

TEMPLATE_TEST_CASE("Cautious names the field that is wrong", "[rule][stage]", float, double) {
  using T = TestType;
  support::checks_fraction<T>("Cautious.floor",
                              [](double x) { return Chain{Momentum{}, Cautious{.floor = x}}; });
  for (const double& x : {-0.1, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(Chain{Momentum{}, Cautious{.plus = x}},
                        support::sentence("Cautious.plus", "must be finite and >= 0", x));
}

namespace {

// One step of Momentum whose velocity was 8 everywhere: 4 + g.
template <class C>
std::vector<double> after(const C& cautious, std::vector<double> g) {
  const Chain rule{Momentum{0.5}, cautious};
  support::Run<decltype(rule), double> run(rule, std::vector<double>(g.size(), 0.0));
  for (double& b : run.slots[0]) b = 8;
  run.step(rule, {1, 1}, g);
  return run.p;
}

}  // namespace

TEST_CASE("Cautious masks, and makes the rest longer", "[rule][stage]") {
  const std::vector<double> g{-1, 0, 4, 4};  // steps 3, 4, 8, 8: two of four agree
  CHECK(after(Cautious{.rescale = false}, g) == std::vector<double>{0, 0, -8, -8});
  CHECK(after(Cautious{}, g) == std::vector<double>{0, 0, -16, -16});
  CHECK(after(Cautious{.floor = 1}, g) == std::vector<double>{0, 0, -8, -8});
  CHECK(after(Cautious{.floor = 0, .plus = 2}, g) == std::vector<double>{0, 0, -8, -8});
  CHECK(after(Cautious{.floor = 0, .plus = 0}, {-1, -1}) == std::vector<double>{0, 0});
  CHECK(after(Cautious{.floor = 0, .plus = 1}, {4}) == std::vector<double>{-4});
}

TEST_CASE("Cautious: a product that underflows still has a sign", "[rule][stage]") {
  CHECK(after(Cautious{}, {1e-320}) == std::vector<double>{-4});
}

TEST_CASE("Cautious counts in each span by itself", "[rule][stage]") {
  const Chain rule{Momentum{0.5}, Cautious{}};
  std::vector<double> a(40, 1.0), b(30, 1.0), c;
  gradus::Optimizer<gradus::Constant<>, decltype(rule), double> opt(gradus::Constant<>{0.5}, rule,
                                                                    gradus::spans(a, b, c));
  std::vector<double> of_a(40, 1.0), of_b(30, 1.0), of_c;
  opt.step(gradus::spans(a, b, c), gradus::spans(of_a, of_b, of_c));
  for (std::size_t i = 0; i < 10; ++i) of_a[i] = -0.25;  // b = 0.5 - 0.25 > 0: against the gradient
  const std::vector<double> p = a, q = b;
  opt.step(gradus::spans(a, b, c), gradus::spans(of_a, of_b, of_c));
  for (std::size_t i = 0; i < 40; ++i)
    CHECK(p[i] - a[i] == Approx(i < 10 ? 0.0 : 0.5 * 1.5 * 40 / 30).epsilon(1e-14));
  for (std::size_t i = 0; i < 30; ++i) CHECK(q[i] - b[i] == 0.5 * 1.5);
}

TEST_CASE("Cautious: the mask is of the step that the parts before it leave", "[rule][stage]") {
  // Behind AdamW the decay is not masked; in front of Ema the average sees what was left.
  const Chain rule{gradus::ClipValue{1}, gradus::AdamW{.weight_decay = 0.5}, Cautious{},
                   gradus::Ema{.decay = 0}};
  support::Run<decltype(rule), double> run(rule, {8.0, 8.0});
  run.step(rule, {0, 0.25}, std::vector{2.0, 2.0});
  run.step(rule, {1, 0.25}, std::vector{-0.01, 2.0});
  const double before = (8 * 0.875 - 0.25);
  CHECK(run.p[0] == Approx(before * 0.875).epsilon(1e-6));
  CHECK(run.p[1] == Approx(before * 0.875 - 0.5).epsilon(1e-6));
  CHECK(run.slots[2] == run.p);
}

TEST_CASE("Cautious behind LAMB: one kernel for each span after the other", "[rule][stage]") {
  const Chain plain{gradus::LAMB{.weight_decay = 0}};
  const Chain rule{gradus::LAMB{.weight_decay = 0}, Cautious{}};
  const std::vector<double> p = support::numbers<double>(50, 1);
  std::vector<double> g(50);
  for (std::size_t i = 0; i < 50; ++i) g[i] = i % 3 == 0 ? -0.5 : 0.1 + static_cast<double>(i);
  support::Run<decltype(plain), double> a(plain, p);
  support::Run<decltype(rule), double> b(rule, p);
  a.step(plain, {0, 0.1}, g);
  b.step(rule, {0, 0.1}, g);
  CHECK(support::same_bits(a.p, b.p));  // at first every step agrees with its gradient
  for (double& x : g) x = -x;           // and then, after a larger one, none
  for (double& x : g) x *= 0x1p-10;
  const std::vector<double> q = b.p;
  b.step(rule, {1, 0.1}, g);
  CHECK(support::same_bits(b.p, q));
}
