// The sweep would round what the master rounds already.
// expect: gradus::Master and gradus::Compensated stand once, inside of Stochastic
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/sgd.hpp>

auto rule = gradus::Master{gradus::Stochastic{gradus::SGD{}}};
