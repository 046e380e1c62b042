// A chain has one rule: two would take two steps.
// expect: ExactlyOneRule
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::Momentum{}, gradus::Adam{}}; }
