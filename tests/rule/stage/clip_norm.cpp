#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/clip_value.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/schedule/constant.hpp>

#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::ClipNorm;
using gradus::SGD;
using Clipped = Chain<ClipNorm, SGD>;

TEMPLATE_TEST_CASE("ClipNorm conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Clipped{ClipNorm{0.1}, SGD{}}; }, {.local = false});
}

// PyTorch sums in the parameters' type, of which the norm of 16 gradients in double shows nothing.
TEST_CASE("ClipNorm with an eps of 1e-6 is PyTorch's", "[rule][stage][reference]") {
  const Clipped rule{ClipNorm{.max_norm = 0.1, .eps = 1e-6}, SGD{}};
  for (const support::Draws& draws : {support::coarse, support::fine}) {
    support::close_to<float>(draws, "sgd_clip_norm", rule, 0.01, 1e-6);
    support::close_to<double>(draws, "sgd_clip_norm", rule, 0.01, 1e-15);
  }
}

TEMPLATE_TEST_CASE("ClipNorm names the field that is wrong", "[rule][stage]", float, double) {
  using T = TestType;
  const auto make = [](double x) { return Clipped{ClipNorm{x}, SGD{}}; };
  for (const double& x : {-1.0, 0.0, support::nan<double>(), support::infinity<double>()})
    support::refuses<T>(make(x),
                        support::sentence("ClipNorm.max_norm", "must be finite and > 0", x));
  support::accepts<T>(make(1e-300));
  support::checks_not_negative<double>("ClipNorm.eps",
                                       [](double x) { return Clipped{ClipNorm{.eps = x}, SGD{}}; });
  CHECK_THROWS_WITH(ClipNorm{-1}.factor(2),  // not -0.5
                    "gradus::ClipNorm.max_norm must be finite and > 0 (got -1)");
}

namespace {

// What is left of gradients g, the parameters starting at zero and the rate being one.
template <class T>
std::vector<T> clipped(double limit, const std::vector<T>& g) {
  const Clipped rule{ClipNorm{limit}, SGD{}};
  support::Run<Clipped, T> run(rule, std::vector<T>(g.size()));
  run.step(rule, {0, 1}, g);
  for (T& x : run.p) x = -x;
  return run.p;
}

}  // namespace

TEMPLATE_TEST_CASE("ClipNorm scales down to the limit, and never up", "[rule][stage]", float,
                   double) {
  using T = TestType;
  const std::vector<T> g{T{3}, T{-4}};
  CHECK(clipped<T>(1, g)[0] == Approx(0.6));
  CHECK(clipped<T>(1, g)[1] == Approx(-0.8));
  CHECK(support::same_bits(clipped<T>(5, g), g));
  CHECK(support::same_bits(clipped<T>(1e300, g), g));
  const std::vector<T> zero(20);
  CHECK(clipped<T>(1, zero) == zero);
}

TEMPLATE_TEST_CASE("ClipNorm clips where the sum of squares overflows", "[rule][stage]", float,
                   double) {
  using T = TestType;
  const T big = static_cast<T>(sizeof(T) == 4 ? 5e37 : 1e200);
  CHECK(clipped<T>(5, {3 * big, -4 * big})[0] == Approx(3));
  CHECK(clipped<T>(5, {3 * big, -4 * big})[1] == Approx(-4));
  CHECK(clipped<T>(5, std::vector<T>(100, big))[99] == Approx(0.5));
}

TEST_CASE("ClipNorm clips where the sum of squares underflows", "[rule][stage]") {
  const std::vector<double> g{3e-200, -4e-200};
  CHECK(clipped<double>(5e-210, g)[0] == Approx(3e-210).margin(0));
  CHECK(support::same_bits(clipped<double>(1e-199, g), g));
}

TEMPLATE_TEST_CASE("ClipNorm leaves all gradients alone where one is not finite", "[rule][stage]",
                   float, double) {
  using T = TestType;
  for (const T& bad : {support::nan<T>(), support::infinity<T>()}) {
    const std::vector<T> g = clipped<T>(1, {T{30}, bad, T{-40}});
    CHECK(g[0] == 30);
    CHECK(support::same_value(g[1], bad));
    CHECK(g[2] == -40);
  }
}

TEST_CASE("ClipNorm takes the norm over all spans, the same bits for every split",
          "[rule][stage]") {
  const Clipped rule{ClipNorm{0.5}, SGD{}};
  const std::vector<float> g = support::numbers<float>(3000, 1),
                           start = support::numbers<float>(3000, 2);
  std::vector<float> expected = start;
  gradus::Optimizer whole{gradus::Constant<>{0.1}, rule, expected};
  whole.step(expected, g);
  for (const std::size_t cut : {0U, 1U, 7U, 16U, 1000U, 1024U, 2999U}) {
    std::vector<float> p = start;
    const auto spans = [&](auto& x) {
      return std::vector{std::span(x).first(cut), std::span(x).subspan(cut, 0),
                         std::span(x).subspan(cut)};
    };
    gradus::Optimizer split{gradus::Constant<>{0.1}, rule, spans(p)};
    split.step(spans(p), spans(g));
    CAPTURE(cut);
    CHECK(support::same_bits(p, expected));
  }
}

TEST_CASE("ClipNorm measures gradients as the stages before it leave them, scale included",
          "[rule][stage]") {
  const Chain rule{gradus::ClipValue{4}, gradus::L2{0.5}, ClipNorm{1}, SGD{}};
  std::vector<double> p{0, 2}, g{60, 16};  // scaled {15, 4}, clipped {4, 4}, with L2 {4, 5}
  gradus::Optimizer opt{gradus::Constant<>{1}, rule, p};
  opt.step(p, g, {.scale = 0.25});
  CHECK(p[0] == Approx(-4 / std::sqrt(41.0)));
  CHECK(p[1] == Approx(2 - 5 / std::sqrt(41.0)));
  const Chain first{ClipNorm{1}, gradus::ClipValue{0.7}, SGD{}};  // {0.6, 0.8}, then {0.6, 0.7}
  p = {0, 0}, g = {3, 4};
  gradus::Optimizer other{gradus::Constant<>{1}, first, p};
  other.step(p, g);
  CHECK(p[0] == Approx(-0.6));
  CHECK(p[1] == Approx(-0.7));
}
