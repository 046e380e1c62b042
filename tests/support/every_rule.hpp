// Every rule, and every stage around a rule: the one list that all tests go through. A new rule or
// stage gets a line here.
#pragma once

#include <gradus/gradus.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace support {

/// f(rule) for each rule. f(rule, digest) for one that digest.cpp and digest_others.cpp do not
/// name: "The digest of each rule" prints the number for a line that has 0 in its place.
template <class F>
void for_every_rule(const F& f) {
  using namespace gradus;
  f(SGD{});
  f(Momentum{.momentum = 0.9});
  f(DampenedMomentum{});
  f(Nesterov{.momentum = 0.9});
  f(QHM{});
  f(LARS{});
  f(NovoGrad{});
  f(ASGD{});
  f(SignSGD{});
  f(Signum{});
  f(Lion{});
  f(Rprop{});
  f(Adagrad{});
  f(Adadelta{});
  f(RMSprop{});
  f(RMSpropMomentum{});
  f(CenteredRMSprop{});
  f(CenteredRMSpropMomentum{});
  f(SMORMS3{});
  f(FTRL{});
  f(MADGRAD{});
  f(Adam{});
  f(AdamW{.weight_decay = 0.01});
  f(AMSGrad{});
  f(PAdam{}, 0x900c'92c6'a35b'0384);
  f(Adamax{});
  f(NAdam{});
  f(RAdam{});
  f(AdaBelief{});
  f(Yogi{});
  f(AdaBound{});
  f(AMSBound{});
  f(LaProp{});
  f(ADOPT{});
  f(QHAdam{});
  f(Adan{});
  f(AdEMAMix{});
  f(MARS{});
  f(LAMB{});
  f(ScheduleFreeSGD{});
  f(ScheduleFreeAdamW{.weight_decay = 0.01, .step_power = 1});
  f(DoG{});
  f(LDoG{});
  f(DoWG{});
  f(DAdaptSGD{});
  f(DAdaptAdam{.weight_decay = 0.01});
  f(Prodigy{.weight_decay = 0.01, .bias_correction = true});
  f(COCOB{});
  f(PolyakSGD{});
}

/// f(chain) for each stage, before or after a rule that does nothing else.
template <class F>
void for_every_stage(const F& f) {
  using namespace gradus;
  f(Chain{AGC{}, SGD{}});
  f(Chain{Centralize{}, SGD{}});
  f(Chain{ClipNorm{}, SGD{}});
  f(Chain{ClipSpanNorm{}, SGD{}});
  f(Chain{ClipValue{}, SGD{}});
  f(Chain{GradientNoise{}, SGD{}});
  f(Chain{L2{}, SGD{}});
  f(Chain{SGD{}, Cautious{}});
  f(Chain{SGD{}, CautiousWeightDecay{}});
  f(Chain{SGD{}, CorrectedWeightDecay{.peak = 0.1}});
  f(Chain{SGD{}, WeightDecay{}});
  f(Chain{SGD{}, Ema{}});
  f(Chain{SGD{}, Hypergradient{}});
  f(Chain{SGD{}, Lookahead{}});
  f(Chain{SGD{}, Mechanic{}});
  f(Chain{SGD{}, NesterovVelocity{}});
  f(Chain{SGD{}, ProximalWeightDecay{}});
  f(Chain{SGD{}, SWA{}});
  f(Chain{SGD{}, Velocity{}});
}

/// f(rule) for chains of many stages around rules without a second moment.
template <class F>
void for_every_plain_chain(const F& f) {
  using namespace gradus;
  f(Chain{AGC{}, Centralize{}, GradientNoise{}, Lion{}, ProximalWeightDecay{}, Lookahead{}, SWA{}});
  f(Chain{ClipSpanNorm{}, SignSGD{}, Velocity{}, Cautious{}});
  f(Chain{SGD{}, NesterovVelocity{}, CautiousWeightDecay{}});
  f(Chain{ClipValue{0.5}, L2{1e-3}, Momentum{}, WeightDecay{0.01}});
}

/// f(rule) for chains of many stages around Adam and its relatives, and a rule with schedules.
template <class F>
void for_every_adam_chain(const F& f) {
  using namespace gradus;
  f(Chain{Adam{}, Mechanic{}});
  f(Chain{Adam{}, Hypergradient{.relative = true, .start = 0.5}});
  f(Chain{Adam{}, CorrectedWeightDecay{.peak = 0.1},
          Only{WeightDecay{0.01}, [](std::size_t j) { return j != 0; }}});
  f(Chain{ClipNorm{0.5}, NAdam{}, Ema{0.9}, Ema{0.5}});
  f(vary<&AdamW::weight_decay, &AdamW::beta1>(AdamW{}, Linear<>{.start = 0.1, .steps = 150},
                                              Cosine<>{.start = 0.95, .end = 0.5, .steps = 50}));
}

/// f(rule) for every way to store state; P is what the parameters are stored as.
template <class P, class F>
void for_every_storage(const F& f) {
  using namespace gradus;
  if constexpr (!std::is_same_v<P, double>) {
    f(stored<bfloat16, float16>(Adam{}));
    f(stored<Signed8, Positive8>(AdamW{}));
    f(Stochastic{stored<bfloat16>(Adam{}), 5});
    f(Master{Chain{L2{1e-3}, Adam{}}});
  }
  if constexpr (std::is_same_v<P, bfloat16>) {
    f(Compensated{stored<bfloat16>(Adam{})});
    f(Stochastic{Momentum{}, 7});
  }
}

/// f(rule) for all rules, chains and ways to store state.
template <class P, class F>
void for_everything(const F& f) {
  for_every_rule([&f](const auto& rule, auto... /*digest*/) { f(rule); });
  for_every_plain_chain(f);
  for_every_adam_chain(f);
  for_every_storage<P>(f);
}

}  // namespace support
