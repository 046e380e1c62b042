// Momentum's velocity would lose its sign.
// expect: gradus::stored: Positive8 has no sign, and a slot here can be negative
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/momentum.hpp>

auto rule = gradus::stored<gradus::Positive8>(gradus::Momentum{});
