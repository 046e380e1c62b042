#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::Stochastic;

namespace {

// Ten steps over spans of these lengths, by this executor; the bits of everything.
template <class R, class E>
std::uint64_t digest_of(const R& rule, const std::vector<std::size_t>& lengths, const E& run,
                        gradus::step_t from = 0) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  std::vector<bfloat16> p(n, bfloat16(0.3F));
  const std::vector<float> g = support::numbers<float>(n, 2);
  std::vector<std::span<bfloat16>> params;
  std::vector<std::span<const float>> grads;
  std::size_t at = 0;
  for (const std::size_t m : lengths) {
    params.push_back(std::span(p).subspan(at, m));
    grads.push_back(std::span(g).subspan(at, m));
    at += m;
  }
  gradus::Optimizer opt{gradus::Constant{1e-3}, rule, params};
  opt.seek(from);
  for (int t = 0; t < 10; ++t) opt.step(params, grads, {}, run);
  std::vector<float> all;
  for (const bfloat16& x : p) all.push_back(static_cast<float>(x));
  for (const bfloat16& x : opt.slot(0)) all.push_back(static_cast<float>(x));
  support::Digest d;
  d.add(all);
  return d.value();
}

const auto backwards = [](std::size_t n, const auto& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
};

}  // namespace

TEST_CASE("Random rounding draws the same on every path, cut and executor", "[rule]") {
  support::default_environment();
  const Stochastic rule{gradus::stored<bfloat16>(gradus::Adam{}), 7};
  const gradus::simd::Isa before = gradus::simd::current();
  gradus::simd::use(support::Isa::scalar);
  const std::uint64_t expected = digest_of(rule, {70'003}, gradus::seq);
  for (const support::Isa isa : support::paths()) {
    gradus::simd::use(isa);
    CAPTURE(gradus::simd::name(isa));
    CHECK(digest_of(rule, {70'003}, gradus::seq) == expected);
    CHECK(digest_of(rule, {1, 0, 16, 33'000, 7, 36'979}, backwards) == expected);
  }
  gradus::simd::use(before);
  CHECK(digest_of(Stochastic{rule.rule, 8}, {70'003}, gradus::seq) != expected);  // the seed
  CHECK(digest_of(rule, {70'003}, gradus::seq, 1) != expected);                   // the step
}

TEST_CASE("Random rounding is to a neighbour, and right on average", "[rule]") {
  constexpr std::size_t n = 100'000;
  constexpr float step = 0x1p-12F;  // a 16th of the distance to the neighbour
  std::vector<bfloat16> p(n, bfloat16(1.0F));
  const std::vector<float> g(n, -1.0F);
  gradus::Optimizer opt{gradus::Constant{static_cast<double>(step) * 2},
                        Stochastic{gradus::SGD{}, 3}, p};
  opt.step(p, g);
  double mean = 0;
  std::set<float> seen;
  for (const bfloat16& x : p) {
    seen.insert(static_cast<float>(x));
    mean += static_cast<double>(static_cast<float>(x)) / n;
  }
  CHECK(seen == std::set<float>{1.0F, 1.0F + 0x1p-7F});
  CHECK(std::fabs(mean - 1 - 0x1p-11) < 5 * 0x1p-7 * std::sqrt(1.0 / 16 / n));
  for (int t = 1; t < 256; ++t) opt.step(p, g);  // where rounding to the nearest stands still
  CHECK(static_cast<double>(static_cast<float>(p[0])) == Approx(1.125).margin(0.05));
}

TEST_CASE("Random rounding leaves NaN, infinity and what is exact alone", "[rule]") {
  std::vector<bfloat16> p(20, bfloat16(1.5F));
  std::vector<float> g(20, 0.0F);
  g[3] = support::nan<float>(), g[4] = support::infinity<float>();
  gradus::Optimizer opt{gradus::Constant{0.5}, Stochastic{gradus::SGD{}}, p};
  opt.step(p, g);
  for (std::size_t i = 0; i < 20; ++i) {
    if (i == 3) CHECK((p[i].bits & 0x7fffU) > 0x7f80U);
    if (i == 4) CHECK(p[i].bits == 0xff80U);
    if (i != 3 && i != 4) CHECK(p[i] == bfloat16(1.5F));
  }
}

TEST_CASE("Floats are stored as they are; a rule keeps its norms and faults", "[rule]") {
  std::vector<float> p = support::numbers<float>(100, 1), q = p;
  const std::vector<float> g = support::numbers<float>(100, 2);
  gradus::Optimizer a{gradus::Constant{0.1}, Stochastic{gradus::LAMB{}}, p};
  gradus::Optimizer b{gradus::Constant{0.1}, gradus::LAMB{}, q};
  a.step(p, g);
  b.step(q, g);
  CHECK(support::same_bits<float>(p, q));
  CHECK(gradus::fault_of<float>(Stochastic{gradus::Adam{.eps = 0}}).field == std::string("eps"));
}
