// A chain has one rule: two would take two steps.
// expect-gcc: satisfaction of .ExactlyOneRule<
// expect-clang: because 'ExactlyOneRule<gradus::Momentum, gradus::Adam>' evaluated to false
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::Momentum, gradus::Adam>* chain = nullptr; }
