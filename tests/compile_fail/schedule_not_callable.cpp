// A rate is no schedule: that is gradus::Constant.
// expect: gradus: a schedule must be callable with a step
#include <gradus/gradus.hpp>

int main() { gradus::Optimizer<double, gradus::SGD> opt{0.1, {}, 4}; }
