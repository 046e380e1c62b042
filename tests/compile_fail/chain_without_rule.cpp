// A chain of stages alone takes no step.
// expect-gcc: satisfaction of .ExactlyOneRule<
// expect-clang: because 'ExactlyOneRule<gradus::ClipValue, gradus::WeightDecay>' evaluated to false
#include <gradus/gradus.hpp>

int main() { gradus::Chain<gradus::ClipValue, gradus::WeightDecay>* chain = nullptr; }
