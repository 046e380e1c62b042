// Two answers to what the whole parameter is.
// expect: gradus::Master and gradus::Compensated stand once, inside of Stochastic
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/sgd.hpp>

auto rule = gradus::Master{gradus::Compensated{gradus::SGD{}}};
