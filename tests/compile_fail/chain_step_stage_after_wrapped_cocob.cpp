// Also where the rule stands in something else.
// expect: gradus::Chain: a part sets the parameters itself at each step
#include <gradus/rule/cocob.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/stage/cautious.hpp>
#include <gradus/rule/stage/l2.hpp>

auto rule =
    gradus::Chain{gradus::L2{}, gradus::stored<gradus::bfloat16>(gradus::Chain{gradus::COCOB{}}),
                  gradus::Cautious{}};
