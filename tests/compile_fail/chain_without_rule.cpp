// A chain of stages alone takes no step.
// expect: ExactlyOneRule
#include <gradus/gradus.hpp>

int main() { gradus::Chain chain{gradus::ClipValue{}, gradus::Decay{}}; }
