// Nor would a remainder, wherever in the chain it is.
// expect: gradus::Chain: Stochastic, Master and Compensated say how parameters are stored
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/rule/stage/lookahead.hpp>

auto rule = gradus::Chain{gradus::L2{}, gradus::Compensated{gradus::SGD{}}, gradus::Lookahead{}};
