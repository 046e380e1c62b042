#include <gradus/optimizer.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/constant.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::float16;
using gradus::Master;

TEMPLATE_TEST_CASE("The master is updated as a float parameter, and its copy is rounded", "[rule]",
                   bfloat16, float16) {
  using S = TestType;
  constexpr std::size_t n = 203;
  const auto compare = [&](const auto& rule) {
    std::vector<S> p(n);
    std::vector<float> q(n);
    const std::vector<float> start = support::numbers<float>(n, 1);
    for (std::size_t i = 0; i < n; ++i) q[i] = static_cast<float>(p[i] = S(start[i]));
    gradus::Optimizer a{gradus::Constant{0.01}, Master{rule}, p};
    gradus::Optimizer b{gradus::Constant{0.01}, rule, q};
    for (gradus::step_t t = 0; t < 30; ++t) {
      const std::vector<float> g = support::numbers<float>(n, 2 + t);
      a.step(p, g);
      b.step(q, g);
    }
    CHECK(support::same_bits<float>(a.template slot<float>("master"), q));
    bool same = true;
    for (std::size_t i = 0; i < n; ++i) same = same && p[i] == S(q[i]);
    CHECK(same);
  };
  compare(gradus::AdamW{.weight_decay = 0.1});
  compare(gradus::Chain{gradus::ClipNorm{0.5}, gradus::AdamW{}});
  compare(gradus::Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}});
  compare(gradus::NAdam{});
}

TEST_CASE("Without a master small steps are lost in bfloat16", "[rule]") {
  std::vector<bfloat16> p(16, bfloat16(1.0F)), q = p;
  const std::vector<float> g(16, 1.0F);
  gradus::Optimizer plain{gradus::Constant{1e-3}, gradus::AdamW{.weight_decay = 0}, p};
  gradus::Optimizer kept{gradus::Constant{1e-3}, Master{gradus::AdamW{.weight_decay = 0}}, q};
  for (int t = 0; t < 100; ++t) plain.step(p, g), kept.step(q, g);
  CHECK(p[0] == bfloat16(1.0F));
  CHECK(static_cast<float>(q[0]) == Approx(0.9).margin(0.01));
}

TEST_CASE("A master has the rule's scalars, norms and faults", "[rule]") {
  CHECK(gradus::fault_of<float>(Master{gradus::AdamW{.beta2 = 1}}).field == std::string("beta2"));
  std::vector<bfloat16> p(100, bfloat16(1.0F));
  const std::vector<float> g(100, 0.5F);
  gradus::Optimizer opt{gradus::Constant{0.1}, Master{gradus::LAMB{.weight_decay = 0}}, p};
  opt.step(p, g);
  CHECK(opt.slot("master")[0] == Approx(0.9).epsilon(1e-4));  // a tenth of the norm
}
