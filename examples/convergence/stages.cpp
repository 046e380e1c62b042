#include "method.hpp"

namespace convergence {

std::vector<Method> stages() {
  using namespace gradus;
  const auto corrected = [](double peak) {
    return Chain{Adam{}, CorrectedWeightDecay{.weight_decay = 0.01, .peak = peak}};
  };
  return {method("SGD, Velocity", Chain{SGD{}, Velocity{}}),
          method("SGD, NesterovVelocity", Chain{SGD{}, NesterovVelocity{}}),
          method("ClipNorm, Momentum", Chain{ClipNorm{}, Momentum{}}),
          method("ClipSpanNorm, Momentum", Chain{ClipSpanNorm{}, Momentum{}}),
          method("ClipValue, Momentum", Chain{ClipValue{}, Momentum{}}),
          method("AGC, Momentum", Chain{AGC{}, Momentum{}}),
          method("GradientNoise, Momentum", Chain{GradientNoise{.eta = 1e-8}, Momentum{}}),
          method("Momentum, Lookahead", Chain{Momentum{}, Lookahead{}}),
          method("Adam, Lookahead", Chain{Adam{}, Lookahead{}}),
          method("Adam, Cautious", Chain{Adam{}, Cautious{}}),
          method("Adam, CautiousWeightDecay", Chain{Adam{}, CautiousWeightDecay{}}),
          method("Adam, ProximalWeightDecay", Chain{Adam{}, ProximalWeightDecay{}}),
          method("Adam, CorrectedWeightDecay", corrected),
          method("Adam, Ema", Chain{Adam{}, Ema{.decay = 0.99}}, "Ema.average"),
          method("Momentum, SWA from 300", Chain{Momentum{}, SWA{.start = 300}}, "SWA.average")};
}

}  // namespace convergence
