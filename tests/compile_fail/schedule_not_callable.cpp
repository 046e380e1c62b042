// A rate is no schedule: that is gradus::Constant.
// expect-gcc: satisfaction of .Schedule<S>. .with S = double
// expect-clang: because 'double' does not satisfy 'Schedule'
#include <gradus/gradus.hpp>

int main() { gradus::Optimizer<double, gradus::SGD> opt{0.1, {}, 4}; }
