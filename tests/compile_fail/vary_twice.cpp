// Nor here: both fields go into one call.
// expect: gradus::vary takes fields of the rule or stage itself, several at once
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/schedule/constant.hpp>

auto rule = gradus::vary<&gradus::Adam::beta1>(
    gradus::vary<&gradus::Adam::beta2>(gradus::Adam{}, gradus::Constant<>{0.5}),
    gradus::Constant<>{0.5});
