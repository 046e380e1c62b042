// The outer would undo what the inner says.
// expect: gradus::stored stands once
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/stage/ema.hpp>

auto rule = gradus::stored<float>(
    gradus::Chain{gradus::stored<gradus::bfloat16>(gradus::Adam{}), gradus::Ema{}});
