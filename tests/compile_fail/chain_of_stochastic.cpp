// What a chain rounds to the nearest, whatever stands inside of it.
// expect: gradus::Chain: Stochastic, Master and Compensated say how parameters are stored
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/l2.hpp>

auto rule = gradus::Chain{gradus::L2{}, gradus::Stochastic{gradus::SGD{}}};
