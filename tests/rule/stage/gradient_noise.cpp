#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/clip_span_norm.hpp>
#include <gradus/rule/stage/gradient_noise.hpp>

#include "support/composes.hpp"
#include "support/rule_conformance.hpp"

using gradus::Chain;
using gradus::GradientNoise;
using gradus::SGD;

// The number of an element is its place in the call: parts of it are other elements.
TEMPLATE_TEST_CASE("GradientNoise conforms", "[rule][stage]", float, double) {
  support::conforms<TestType>([] { return Chain{GradientNoise{}, SGD{}}; },
                              {.decays = true, .local = false});
}

TEMPLATE_TEST_CASE("GradientNoise names the field that is wrong", "[rule][stage]", float, double) {
  support::checks_not_negative<double>(
      "GradientNoise.eta", [](double x) { return Chain{GradientNoise{.eta = x}, SGD{}}; });
  support::checks_not_negative<double>(
      "GradientNoise.gamma", [](double x) { return Chain{GradientNoise{.gamma = x}, SGD{}}; });
}

TEST_CASE("GradientNoise refuses an eta whose noise would not be finite", "[rule][stage]") {
  const auto rule = [](double eta) { return Chain{GradientNoise{.eta = eta}, SGD{}}; };
  CHECK_FALSE(gradus::fault_of<float>(rule(0x1p200)));
  support::refuses<float>(rule(1e200),
                          "gradus::GradientNoise.eta must be at most 2^200 for float (got 1e+200)");
  CHECK_FALSE(gradus::fault_of<double>(rule(1e200)));
}

namespace {

// The steps that gradients of zero make at a rate of one: the noise of update t.
template <class R>
std::vector<double> noise(const R& rule, gradus::step_t t, std::size_t n = 20'000) {
  std::vector<double> p(n), g(n);
  gradus::Optimizer opt{gradus::Constant<>{1}, rule, p};
  opt.seek(t);
  opt.step(p, g);
  return p;
}
double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double y : x) sum += y * y;
  return std::sqrt(sum);
}

// Five steps over spans of these lengths.
template <class R>
std::vector<float> after(const R& rule, const std::vector<std::size_t>& lengths) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  std::vector<float> p = support::numbers<float>(n, 1), g = support::numbers<float>(n, 2);
  const auto spans = [&](auto& x) {
    std::vector<std::span<float>> r;
    std::size_t at = 0;
    for (const std::size_t m : lengths) r.push_back(std::span(x).subspan(at, m)), at += m;
    return r;
  };
  gradus::Optimizer opt{gradus::Constant<>{0.125}, rule, spans(p)};
  for (int t = 0; t < 5; ++t) opt.step(spans(p), spans(g));
  return p;
}

}  // namespace

TEST_CASE("GradientNoise has the variance that it is told", "[rule][stage]") {
  for (const gradus::step_t t : {0U, 1U, 99U}) {
    const double variance = 0.3 / std::pow(static_cast<double>(t + 1), 0.75);
    const double found = norm(noise(Chain{GradientNoise{0.3, 0.75}, SGD{}}, t));
    CHECK(found * found / 20'000 == Approx(variance).epsilon(0.03));
  }
  CHECK(norm(noise(Chain{GradientNoise{.eta = 0}, SGD{}}, 0)) == 0);
}

TEST_CASE("GradientNoise is another in every step and for every seed", "[rule][stage]") {
  const auto product = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return std::fabs(sum) / norm(a) / norm(b);
  };
  const std::vector<double> one = noise(Chain{GradientNoise{.seed = 1}, SGD{}}, 3);
  CHECK(one == noise(Chain{GradientNoise{.seed = 1}, SGD{}}, 3));
  CHECK(product(one, noise(Chain{GradientNoise{.seed = 1}, SGD{}}, 4)) < 0.03);
  CHECK(product(one, noise(Chain{GradientNoise{.seed = 2}, SGD{}}, 3)) < 0.03);
}

TEST_CASE("GradientNoise has the same bits for every cut into spans", "[rule][stage]") {
  const auto compare = [](const auto& rule) {
    const std::vector<float> whole = after(rule, {1000});
    for (const std::vector<std::size_t>& cut : std::vector<std::vector<std::size_t>>{
             {1, 999}, {7, 0, 16, 977}, {333, 333, 334}, {64, 936}}) {
      CAPTURE(cut);
      CHECK(support::same_bits(after(rule, cut), whole));
    }
  };
  compare(Chain{GradientNoise{}, gradus::Adam{}});
  compare(Chain{GradientNoise{}, gradus::ClipNorm{0.5}, gradus::Momentum{}});
  compare(gradus::stored<gradus::Signed8>(Chain{GradientNoise{}, gradus::Momentum{}}));
  compare(gradus::Stochastic{Chain{GradientNoise{}, gradus::Momentum{}}});
}

TEST_CASE("Norms are of gradients with their noise", "[rule][stage]") {
  CHECK(norm(noise(Chain{GradientNoise{1}, gradus::ClipNorm{0.5}, SGD{}}, 0)) == Approx(0.5));
  CHECK(norm(noise(Chain{GradientNoise{1}, gradus::ClipSpanNorm{0.5}, SGD{}}, 0)) == Approx(0.5));
}

TEST_CASE("GradientNoise composes", "[rule][stage]") {
  support::composes(Chain{GradientNoise{}, gradus::ClipNorm{0.5}, gradus::LAMB{}});
  support::composes(
      Chain{gradus::vary<&GradientNoise::eta>(GradientNoise{}, gradus::Constant<>{0.1}), SGD{}});
  constexpr auto odd = [](std::size_t span) { return span % 2 == 1; };
  support::composes(Chain{gradus::Only{GradientNoise{}, odd}, gradus::Adam{}});
  support::is_stored(Chain{gradus::Only{GradientNoise{}, odd}, gradus::Adam{}});
}
