// Also where a field of the rule varies.
// expect: gradus::Chain: a part sets the parameters itself at each step
#include <gradus/rule/cocob.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/stage/cautious.hpp>
#include <gradus/schedule/constant.hpp>

auto rule = gradus::Chain{
    gradus::vary<&gradus::COCOB::eps>(gradus::COCOB{}, gradus::Constant{1e-8}), gradus::Cautious{}};
