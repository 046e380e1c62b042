#include <gradus/optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::Compensated;

TEST_CASE("What rounding cuts off is kept and added", "[rule]") {
  std::vector<bfloat16> p(70, bfloat16(1.0F));
  float whole = 1, remainder = 0;
  const std::vector<float> g(70, 1.0F);
  gradus::Optimizer opt{gradus::Constant{1e-3}, Compensated{gradus::SGD{}}, p};
  for (int t = 0; t < 500; ++t) {
    opt.step(p, g);
    whole = (whole + remainder) - 1e-3F;
    const auto rounded = static_cast<float>(bfloat16(whole));
    remainder = static_cast<float>(bfloat16(whole - rounded));
    whole = rounded;
    if (!(p[69] == bfloat16(whole))) FAIL("at step " << t);
  }
  CHECK(opt.slot<bfloat16>("remainder")[0] == bfloat16(remainder));
  CHECK(static_cast<double>(static_cast<float>(p[0])) == Approx(0.5).margin(0.005));
}

TEST_CASE("Compensated parameters follow float ones", "[rule]") {
  constexpr std::size_t n = 203;
  const auto apart = [&](const auto& rule) {
    const std::vector<float> start = support::numbers<float>(n, 1);
    std::vector<bfloat16> p(n);
    std::vector<float> q(n);
    for (std::size_t i = 0; i < n; ++i) q[i] = static_cast<float>(p[i] = bfloat16(start[i]));
    gradus::Optimizer a{gradus::Constant{1e-4}, rule, p};
    gradus::Optimizer b{gradus::Constant{1e-4}, gradus::AdamW{.weight_decay = 0}, q};
    for (gradus::step_t t = 0; t < 200; ++t) {
      std::vector<float> g = support::numbers<float>(n, 2 + t);
      for (float& x : g) x += 0.5F;
      a.step(p, g), b.step(q, g);
    }
    double worst = 0;
    for (std::size_t i = 0; i < n; ++i)
      worst = std::max(worst, std::fabs(static_cast<double>(static_cast<float>(p[i]) - q[i])));
    return worst;
  };
  const gradus::AdamW adam{.weight_decay = 0};
  CHECK(apart(Compensated{adam}) < 0.005);  // half a unit of bfloat16 at 1 is 0.004
  CHECK(apart(adam) > 0.008);
}

TEST_CASE("Compensation is the same on every path, and goes with chains and schedules", "[rule]") {
  const auto run = [](const auto& rule) {
    std::vector<bfloat16> p(203, bfloat16(1.0F));
    gradus::Optimizer opt{gradus::Constant{0.01}, rule, p};
    for (gradus::step_t t = 0; t < 20; ++t) opt.step(p, support::numbers<float>(203, t));
    std::vector<float> all;
    for (const bfloat16& x : p) all.push_back(static_cast<float>(x));
    return all;
  };
  const Compensated rule{gradus::Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}}};
  const gradus::simd::Isa before = gradus::simd::current();
  gradus::simd::use(support::Isa::scalar);
  const std::vector<float> expected = run(rule);
  for (const support::Isa isa : support::paths()) {
    gradus::simd::use(isa);
    CHECK(support::same_bits<float>(run(rule), expected));
  }
  gradus::simd::use(before);
  const Compensated varied{gradus::vary<&gradus::AdamW::weight_decay>(
      gradus::AdamW{}, gradus::Cosine{.start = 0.1, .steps = 10})};
  CHECK(run(varied) != run(Compensated{gradus::AdamW{}}));
  CHECK(gradus::fault_of<float>(Compensated{gradus::AdamW{.beta2 = 1}}).field ==
        std::string("beta2"));
}
