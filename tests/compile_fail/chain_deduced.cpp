// The usual spelling, of which clang tells the parts, but not what is wrong with them:
// chain_without_rule.cpp has the spelling of which it does.
// expect-gcc: satisfaction of .ExactlyOneRule<
// expect-clang: Parts = <gradus::ClipValue, gradus::WeightDecay>.: constraints not satisfied
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::ClipValue{}, gradus::WeightDecay{}}; }
