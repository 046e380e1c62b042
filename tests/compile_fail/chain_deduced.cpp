// The usual spelling, of which clang tells the parts, but not what is wrong with them:
// chain_without_rule.cpp has the spelling of which it does.
// expect-gcc: satisfaction of .ExactlyOneRule<
// expect-clang: Parts = <gradus::ClipValue, gradus::Decay>.: constraints not satisfied for class
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::ClipValue{}, gradus::Decay{}}; }
