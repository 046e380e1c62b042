// The field is not one of what vary is around.
// expect: gradus::vary takes fields of the rule or stage itself, several at once
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/schedule/constant.hpp>

auto rule = gradus::vary<&gradus::Adam::beta1>(gradus::stored<gradus::bfloat16>(gradus::Adam{}),
                                               gradus::Constant<>{0.5});
