// A rate is no schedule: that is gradus::Constant.
// expect: Schedule
#include <gradus/gradus.hpp>

int main() { gradus::Optimizer opt{0.1, gradus::SGD{}, 4}; }
