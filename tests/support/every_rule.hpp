// Every rule, stage and way to store state, each at least once: a new one gets a line here.
#pragma once

#include <gradus/gradus.hpp>

#include <cstddef>
#include <type_traits>

namespace support {

/// f(rule) for all rules; P is what the parameters are stored as.
template <class P, class F>
void for_every_rule(const F& f) {
  using namespace gradus;
  f(SGD{});
  f(Momentum{.momentum = 0.9});
  f(Nesterov{.momentum = 0.9});
  f(Adagrad{});
  f(RMSprop{});
  f(Adam{});
  f(AdamW{.weight_decay = 0.01});
  f(NAdam{});
  f(LAMB{});
  f(AdaBelief{});
  f(AdaBound{});
  f(AMSBound{});
  f(Adadelta{});
  f(Adamax{});
  f(Adan{});
  f(AdEMAMix{});
  f(ADOPT{});
  f(AMSGrad{});
  f(ASGD{});
  f(CenteredRMSprop{});
  f(CenteredRMSpropMomentum{});
  f(DampenedMomentum{});
  f(FTRL{});
  f(LaProp{});
  f(LARS{});
  f(MADGRAD{});
  f(MARS{});
  f(NovoGrad{});
  f(QHAdam{});
  f(QHM{});
  f(RAdam{});
  f(RMSpropMomentum{});
  f(Rprop{});
  f(Signum{});
  f(SMORMS3{});
  f(Yogi{});
  f(DoG{});
  f(LDoG{});
  f(DoWG{});
  f(Prodigy{.weight_decay = 0.01, .bias_correction = true});
  f(DAdaptAdam{.weight_decay = 0.01});
  f(DAdaptSGD{});
  f(COCOB{});
  f(ScheduleFreeSGD{});
  f(ScheduleFreeAdamW{.weight_decay = 0.01, .step_power = 1});
  f(PolyakSGD{});
  f(Chain{Adam{}, Mechanic{}});
  f(Chain{AGC{}, Centralize{}, GradientNoise{}, Lion{}, ProximalWeightDecay{}, Lookahead{}, SWA{}});
  f(Chain{ClipSpanNorm{}, SignSGD{}, Velocity{}, Cautious{}});
  f(Chain{SGD{}, NesterovVelocity{}, CautiousWeightDecay{}});
  f(Chain{Adam{}, Hypergradient{.relative = true, .start = 0.5}});
  f(Chain{Adam{}, CorrectedWeightDecay{.peak = 0.1},
          Only{WeightDecay{0.01}, [](std::size_t j) { return j != 0; }}});
  f(Chain{ClipValue{0.5}, L2{1e-3}, Momentum{}, WeightDecay{0.01}});
  f(Chain{ClipNorm{0.5}, NAdam{}, Ema{0.9}, Ema{0.5}});
  f(vary<&AdamW::weight_decay, &AdamW::beta1>(AdamW{}, Linear{.start = 0.1, .steps = 150},
                                              Cosine{.start = 0.95, .end = 0.5, .steps = 50}));
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

}  // namespace support
