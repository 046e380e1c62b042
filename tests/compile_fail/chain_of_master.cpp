// A master would not see what a stage behind it does to the parameters.
// expect: gradus::Chain: Stochastic, Master and Compensated say how parameters are stored
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

auto rule = gradus::Chain{gradus::Master{gradus::SGD{}}, gradus::WeightDecay{}};
