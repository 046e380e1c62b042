#include <gradus/rule/adam.hpp>
#include <gradus/rule/cocob.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/schedule_free_adamw.hpp>
#include <gradus/rule/schedule_free_sgd.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/cautious.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/clip_span_norm.hpp>
#include <gradus/rule/stage/clip_value.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/rule/stage/lookahead.hpp>
#include <gradus/rule/stage/swa.hpp>
#include <gradus/rule/stage/velocity.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>

#include <string>

#include "support/rule_conformance.hpp"

using gradus::Chain;

namespace {

// One part of every kind: slots that start in each way, scalars, a measure, a moved parameter.
constexpr auto every_kind = [] {
  return Chain{gradus::ClipValue{0.25}, gradus::L2{1e-2},          gradus::ClipNorm{0.5},
               gradus::NAdam{},         gradus::WeightDecay{0.02}, gradus::Ema{0.9}};
};
constexpr auto of_elements = [] {
  return Chain{gradus::L2{1e-2}, gradus::NAdam{}, gradus::WeightDecay{0.02}, gradus::Ema{0.9}};
};

template <class R>
std::vector<std::string> slot_names(const R& rule) {
  std::vector<std::string> r;
  for (const gradus::Slot& slot : rule.slots()) r.emplace_back(slot.name.view());
  return r;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Chain conforms", "[rule]") { support::conforms<double>(of_elements, {.decays = true}); }

TEST_CASE("Chain conforms with a measure", "[rule]") {
  support::conforms<float>(every_kind, {.decays = true, .local = false});
}

TEST_CASE("Chain of one rule is that rule", "[rule]") {
  support::Run<gradus::Adam, float> one(gradus::Adam{}, support::numbers<float>(100, 1));
  const Chain chain{gradus::Adam{}};
  support::Run<decltype(chain), float> two(chain, one.p);
  for (gradus::step_t t = 0; t < 10; ++t) {
    const std::vector<float> g = support::numbers<float>(100, 10 + t);
    one.step(gradus::Adam{}, {t, 1e-2}, g);
    two.step(chain, {t, 1e-2}, g);
  }
  CHECK(support::same_bits(one.p, two.p));
}

TEST_CASE("Chain applies its stages in the order written", "[rule]") {
  const auto after = [&](const auto& rule) {
    support::Run<std::decay_t<decltype(rule)>, double> run(rule, {2});
    run.step(rule, {0, 1}, std::vector{4.0});
    return run.p[0];
  };
  CHECK(after(Chain{gradus::ClipValue{1}, gradus::L2{0.5}, gradus::SGD{}}) == 2 - 2);
  CHECK(after(Chain{gradus::L2{0.5}, gradus::ClipValue{1}, gradus::SGD{}}) == 2 - 1);
  CHECK(after(Chain{gradus::SGD{}, gradus::WeightDecay{0.5}}) == 1 - 4);
  const Chain late{gradus::SGD{}, gradus::WeightDecay{0.5}, gradus::Ema{0}};
  support::Run<decltype(late), double> run(late, {2});
  run.step(late, {0, 1}, std::vector{4.0});
  CHECK(run.slots[0][0] == 1 - 4);  // what comes after the decay sees the decayed parameter
}

TEST_CASE("Chain names the slots after their parts, and numbers what is there twice", "[rule]") {
  using gradus::Ema;
  CHECK(slot_names(every_kind()) == Names{"NAdam.m", "NAdam.v", "Ema.average"});
  CHECK(slot_names(
            Chain{gradus::Momentum{}, Ema{0.9}, gradus::WeightDecay{}, Ema{0.99}, Ema{0.999}}) ==
        Names{"Momentum.b", "Ema.average", "Ema2.average", "Ema3.average"});
  CHECK(slot_names(Chain{gradus::L2{}, gradus::Adam{}}) == Names{"Adam.m", "Adam.v"});
  CHECK(every_kind().scalars()[0].name.view() == "NAdam.mu_product");
  CHECK(every_kind().scalars()[0].value == 1);
  static_assert(!gradus::HasSlots<Chain<gradus::L2, gradus::SGD>>);
  static_assert(!gradus::HasScalars<Chain<gradus::L2, gradus::Adam>>);
}

TEST_CASE("Chain keeps apart the slots of stages of one kind", "[rule]") {
  using gradus::Ema;
  const Chain rule{gradus::SGD{}, Ema{0.5}, Ema{0.75}};
  std::vector<double> p{4}, g{1};
  gradus::Optimizer opt{gradus::Constant<>{1}, rule, p};
  opt.step(p, g);
  CHECK(opt.slot("Ema.average")[0] == 3.5);
  CHECK(opt.slot("Ema2.average")[0] == 3.75);
}

TEST_CASE("Chain reports the first part's fault", "[rule]") {
  const auto chain = [](double l2, double beta1, double decay) {
    auto r = of_elements();
    std::get<0>(r.parts).weight_decay = l2;
    std::get<1>(r.parts).beta1 = beta1;
    std::get<2>(r.parts).weight_decay = decay;
    return r;
  };
  support::refuses<double>(chain(-1, 2, -1),
                           "gradus::L2.weight_decay must be finite and >= 0 (got -1)");
  support::refuses<double>(chain(0, 2, -1), "gradus::NAdam.beta1 must be in [0, 1) (got 2)");
  support::refuses<double>(chain(0, 0, -1),
                           "gradus::WeightDecay.weight_decay must be finite and >= 0 (got -1)");
}

TEST_CASE("A chain in a chain is one rule: its gradient stages are applied once", "[rule]") {
  const auto after = [](const auto& rule) {
    support::Run<std::decay_t<decltype(rule)>, float> run(rule, support::numbers<float>(50, 1));
    for (gradus::step_t t = 0; t < 10; ++t)
      run.step(rule, {t, 0.125}, support::numbers<float>(50, 10 + t));
    return run.p;
  };
  using gradus::ClipValue, gradus::WeightDecay, gradus::L2;
  using Inner = Chain<L2, gradus::Adam>;
  CHECK(
      support::same_bits(after(Chain{ClipValue{0.25}, L2{0.5}, gradus::Adam{}, WeightDecay{0.5}}),
                         after(Chain<ClipValue, Inner, WeightDecay>{
                             ClipValue{0.25}, Inner{L2{0.5}, gradus::Adam{}}, WeightDecay{0.5}})));
}

TEST_CASE("Behind a rule that sets the parameters stand only stages that read", "[rule]") {
  using gradus::WeightDecay, gradus::Ema, gradus::FTRL, gradus::SWA;
  static_assert(gradus::StepStagesAct<gradus::L2, FTRL, Ema, SWA>);
  static_assert(gradus::StepStagesAct<gradus::Momentum, WeightDecay, Ema>);
  static_assert(!gradus::StepStagesAct<FTRL, WeightDecay>);
  static_assert(!gradus::StepStagesAct<FTRL, Ema, gradus::Lookahead>);
  static_assert(!gradus::StepStagesAct<Chain<gradus::L2, gradus::COCOB>, gradus::Cautious>);
  static_assert(!gradus::StepStagesAct<gradus::ScheduleFreeSGD, WeightDecay>);
  static_assert(!gradus::StepStagesAct<gradus::ScheduleFreeAdamW, gradus::Velocity>);
  const Chain rule{FTRL{}, Ema{0}};
  support::Run<std::remove_const_t<decltype(rule)>, float> run(rule,
                                                               support::numbers<float>(20, 1));
  for (gradus::step_t t = 0; t < 5; ++t) {
    run.step(rule, {t, 0.125}, support::numbers<float>(20, 2 + t));
    CHECK(support::same_bits(run.slots.back(), run.p));
  }
}

TEST_CASE("A chain without a norm over all spans may come behind a norm of each", "[rule]") {
  const auto after = [](const auto& rule) {
    std::vector<float> p = support::numbers<float>(40, 1);
    gradus::Optimizer opt{gradus::Constant<>{0.125}, rule, p};
    opt.step(p, support::numbers<float>(40, 2));
    return p;
  };
  using gradus::ClipSpanNorm, gradus::WeightDecay, gradus::SGD;
  using Inner = Chain<SGD, WeightDecay>;
  static_assert(!gradus::measures<Inner, float> && gradus::measures<gradus::ClipNorm, float>);
  CHECK(support::same_bits(
      after(Chain{ClipSpanNorm{0.5}, SGD{}, WeightDecay{0.5}}),
      after(Chain<ClipSpanNorm, Inner>{ClipSpanNorm{0.5}, Inner{SGD{}, WeightDecay{0.5}}})));
}

TEST_CASE("Chains are values", "[rule]") {
  const auto chain = every_kind();
  auto copy = chain;
  CHECK(copy == chain);
  std::get<0>(copy.parts).clip_value = 7;
  CHECK_FALSE(copy == chain);
}
