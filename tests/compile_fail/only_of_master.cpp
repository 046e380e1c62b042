// The parameters of some spans cannot have a master of their own.
// expect: gradus::Only takes a stage, not a rule or a chain
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/sgd.hpp>

auto rule = gradus::Only{gradus::Master{gradus::SGD{}}, [](std::size_t) { return true; }};
