// FTRL computes the parameters anew at each step, and a decay of them would be lost.
// expect: gradus::Chain: a part sets the parameters itself at each step
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

auto rule = gradus::Chain{gradus::FTRL{}, gradus::WeightDecay{}};
