// A stage's average alone cannot be rounded at random: the sweep has one set of keys.
// expect: gradus::Stochastic takes a rule or a chain, not a stage
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/ema.hpp>

auto rule = gradus::Chain{gradus::SGD{}, gradus::Stochastic{gradus::Ema{}}};
