// Adam's m before v: also in a chain.
// expect: store that one as Signed8
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/stage/l2.hpp>

auto rule =
    gradus::stored<gradus::Positive8, gradus::Signed8>(gradus::Chain{gradus::L2{}, gradus::Adam{}});
