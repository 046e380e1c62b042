// A chain's rule would be lost: of its parts only the gradient stages would be seen.
// expect: gradus::Only takes a stage, not a rule or a chain
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/l2.hpp>

auto rule = gradus::Chain{
    gradus::Only{gradus::Chain{gradus::L2{}, gradus::SGD{}}, [](std::size_t) { return true; }},
    gradus::SGD{}};
