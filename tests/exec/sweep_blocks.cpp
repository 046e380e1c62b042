#include <gradus/exec/sweep_blocks.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/update.hpp>

#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::Positive8;
using gradus::Signed8;
using gradus::stored;

namespace {

// The bytes of parameters and state after some steps over spans of these lengths.
template <class P, class R, class E>
std::vector<unsigned char> run(const R& rule, const std::vector<std::size_t>& lengths,
                               const E& go) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  const std::vector<float> start = support::numbers<float>(n, 1);
  std::vector<P> p;
  for (const float x : start) p.push_back(P(x));
  std::vector<std::span<P>> params;
  std::size_t at = 0;
  for (const std::size_t m : lengths) params.push_back(std::span(p).subspan(at, m)), at += m;
  gradus::Optimizer opt{gradus::Constant{0.01}, rule, params};
  for (gradus::step_t t = 0; t < 12; ++t) {
    const std::vector<float> g = support::numbers<float>(n, 2 + t);
    std::vector<std::span<const float>> grads;
    at = 0;
    for (const std::size_t m : lengths) grads.push_back(std::span(g).subspan(at, m)), at += m;
    opt.step(params, grads, {.scale = 0.5}, go);
  }
  std::vector<unsigned char> bytes(n * sizeof(P));
  std::memcpy(bytes.data(), p.data(), bytes.size());
  const auto add = [&](const auto& slot) {
    const auto* from = reinterpret_cast<const unsigned char*>(slot.data());
    bytes.insert(bytes.end(), from, from + slot.size_bytes());
  };
  add(opt.template slot<Signed8>(0));
  if constexpr (opt.slots() > 1) add(opt.template slot<Positive8>(1));
  if constexpr (opt.slots() > 2) add(opt.template slot<bfloat16>(2));
  return bytes;
}

const auto backwards = [](std::size_t n, const auto& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
};

}  // namespace

TEST_CASE("Blocks are the same on every path, cut and executor", "[exec]") {
  support::default_environment();
  const auto adam = stored<Signed8, Positive8>(gradus::Adam{});
  const gradus::Chain chain{gradus::ClipNorm{1}, adam, stored<bfloat16>(gradus::Ema{.decay = 0.9})};
  const auto compare = [&]<class P>(const auto& rule, P) {
    const gradus::simd::Isa before = gradus::simd::current();
    gradus::simd::use(support::Isa::scalar);
    const auto expected = run<P>(rule, {70'003}, gradus::seq);
    for (const support::Isa isa : support::paths()) {
      gradus::simd::use(isa);
      CAPTURE(gradus::simd::name(isa));
      CHECK(run<P>(rule, {70'003}, gradus::seq) == expected);
      CHECK(run<P>(rule, {1, 0, 16, 33'000, 7, 64, 63, 36'852}, backwards) == expected);
    }
    gradus::simd::use(before);
  };
  compare(adam, float{});
  compare(chain, float{});
  compare(gradus::Stochastic{chain, 3}, bfloat16{});
  compare(stored<Signed8>(gradus::Momentum{}), float{});
}

TEST_CASE("Blocks of every length keep to their elements", "[exec]") {
  for (std::size_t n = 0; n < 200; ++n) {
    CAPTURE(n);
    std::vector<float> p(n + 2, 7.0F), m(n), v(n);
    std::vector<float> q(n, 7.0F);
    const std::vector<float> g(n, -0.5F);
    gradus::Optimizer opt{gradus::Constant{0.25}, stored<Signed8, Positive8>(gradus::Adam{}),
                          std::span(p).first(n)};
    opt.step(std::span(p).first(n), g);
    gradus::update(gradus::Adam{}, {0, 0.25}, q, g, m, v);
    CHECK(support::same_bits<float>(std::span(p).first(n), q));  // nothing was stored before
    CHECK((p[n] == 7.0F && p[n + 1] == 7.0F));
    CHECK(opt.slot<Signed8>("m").size() == (n + 63) / 64);
  }
}

TEST_CASE("Steps with blocks go where those with floats do", "[exec]") {
  constexpr std::size_t n = 1'000;
  std::vector<float> p(n, 1.0F), q = p;
  gradus::Optimizer a{gradus::Constant{1e-3}, stored<Signed8, Positive8>(gradus::Adam{}), p};
  gradus::Optimizer b{gradus::Constant{1e-3}, gradus::Adam{}, q};
  for (gradus::step_t t = 0; t < 300; ++t) {
    std::vector<float> g = support::numbers<float>(n, t);
    for (std::size_t i = 0; i < n; ++i) g[i] = (g[i] + 0.5F) * std::ldexp(1.0F, -int(i % 12));
    a.step(p, g), b.step(q, g);
  }
  double apart = 0, way = 0;
  for (std::size_t i = 0; i < n; ++i) {
    apart += std::fabs(static_cast<double>(p[i] - q[i])) / n;
    way += std::fabs(static_cast<double>(1.0F - q[i])) / n;
  }
  CHECK(way > 0.05);
  CHECK(apart < 0.04 * way);
}

TEST_CASE("A gradient that is not finite touches its element alone, in a block too", "[exec]") {
  std::vector<float> p(100, 1.0F), g(100, 0.5F);
  g[3] = support::nan<float>(), g[40] = support::infinity<float>();
  gradus::Optimizer opt{gradus::Constant{0.01}, stored<Signed8, Positive8>(gradus::Adam{}), p};
  for (int t = 0; t < 20; ++t) opt.step(p, g);
  for (std::size_t i = 0; i < 100; ++i) {
    CAPTURE(i);
    if (i == 3 || i == 40) continue;
    CHECK(p[i] == Approx(0.8).margin(0.02));
  }
}

TEST_CASE("update() and start() take blocks of the caller's", "[exec]") {
  constexpr std::size_t n = 150;
  std::vector<float> p = support::numbers<float>(n, 1), q = p;
  std::vector<Signed8> m(3);
  std::vector<Positive8> v(3);
  const auto rule = stored<Signed8, Positive8>(gradus::Adam{});
  gradus::start(rule, p, m, v);
  gradus::Optimizer opt{gradus::Constant{0.01}, rule, q};
  for (gradus::step_t t = 0; t < 5; ++t) {
    const std::vector<float> g = support::numbers<float>(n, 2 + t);
    gradus::update(rule, {t, 0.01}, p, g, m, v);
    opt.step(q, g);
  }
  CHECK(support::same_bits<float>(p, q));
  CHECK(std::equal(m.begin(), m.end(), opt.slot<Signed8>("m").begin()));
  const std::vector<float> g(n);
  std::vector<Signed8> few(2);
  CHECK_THROWS_WITH(gradus::update(rule, {0, 0.01}, p, g, few, v),
                    "gradus::update.slots[0] must have as many elements as its span of "
                    "parameters, 3 (got 2)");
}

TEST_CASE("Blocks start at 0, or are refused", "[exec]") {
  const gradus::Chain chain{gradus::SGD{}, stored<Signed8>(gradus::Ema{})};
  const std::vector<float> p(9);
  std::vector<float> q = p;
  CHECK_THROWS_WITH((gradus::Optimizer{gradus::Constant{0.01}, chain, q}),
                    "gradus::Optimizer.slots must start at 0, not as copies of the parameters, "
                    "where they are stored in blocks (got slot 0)");
}
