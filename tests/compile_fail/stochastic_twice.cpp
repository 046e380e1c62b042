// Two of them would draw the same numbers from the same seed.
// expect: gradus::Stochastic stands once, outside of all else
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/sgd.hpp>

auto rule = gradus::Stochastic{gradus::Stochastic{gradus::SGD{}}, 7};
