// The master itself would be stored in bfloat16, and be none.
// expect: gradus::stored stands inside of Stochastic, Master and Compensated
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/momentum.hpp>

auto rule = gradus::stored<gradus::bfloat16>(gradus::Master{gradus::Momentum{}});
