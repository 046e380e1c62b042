// A stage moves no parameter by itself.
// expect: gradus::Master and gradus::Compensated take a rule or a chain, not a stage
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

auto rule = gradus::Compensated{gradus::WeightDecay{}};
