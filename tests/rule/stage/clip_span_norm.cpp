#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/clip_span_norm.hpp>
#include <gradus/rule/stage/l2.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::ClipSpanNorm;
using gradus::SGD;

TEMPLATE_TEST_CASE("ClipSpanNorm conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{ClipSpanNorm{0.1}, SGD{}}; }, {.local = false});
}

TEMPLATE_TEST_CASE("ClipSpanNorm names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_positive<double>("ClipSpanNorm.max_norm",
                                   [](double x) { return Chain{ClipSpanNorm{x}, SGD{}}; });
}

TEST_CASE("ClipSpanNorm clips each span by itself, after the stages before it", "[rule][stage]") {
  std::vector<std::vector<double>> p{{0, 2}, {}, {0}, {0}}, g{{3, 3}, {}, {-7}, {0.5}};
  gradus::Optimizer opt{gradus::Constant<>{1}, Chain{gradus::L2{0.5}, ClipSpanNorm{1}, SGD{}}, p};
  opt.step(p, g);  // with L2 {3, 4}
  CHECK(p[0][0] == Approx(-0.6));
  CHECK(p[0][1] == Approx(2 - 0.8));
  CHECK(p[2][0] == 1);
  CHECK(p[3][0] == -0.5);
}

TEMPLATE_TEST_CASE("ClipSpanNorm of one span is ClipNorm", "[rule][stage]", float, double) {
  using T = TestType;
  const T big = static_cast<T>(sizeof(T) == 4 ? 5e37 : 1e200);
  for (const std::vector<T>& g :
       {std::vector<T>{3 * big, -4 * big}, {T{3}, support::nan<T>()}, {T{0}, T{0}}, {T{1}, T{2}}}) {
    const Chain one{ClipSpanNorm{0.5}, SGD{}};
    const Chain all{gradus::ClipNorm{0.5}, SGD{}};
    support::Run<decltype(one), T> a(one, {T{1}, T{2}});
    support::Run<decltype(all), T> b(all, {T{1}, T{2}});
    a.step(one, {0, 1}, g);
    b.step(all, {0, 1}, g);
    for (std::size_t i = 0; i < 2; ++i) CHECK(support::same_value(a.p[i], b.p[i]));
  }
}

TEST_CASE("ClipSpanNorm composes", "[rule][stage]") {
  support::composes(Chain{gradus::ClipNorm{5}, ClipSpanNorm{0.1}, gradus::Momentum{}});
  support::composes(
      Chain{gradus::vary<&ClipSpanNorm::max_norm>(ClipSpanNorm{}, gradus::Constant<>{0.1}), SGD{}});
}
