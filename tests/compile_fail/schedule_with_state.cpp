// A schedule that counts by itself: callable, but not while const.
// expect-gcc: satisfaction of .Schedule<S>
// expect-gcc: the required expression .s.t.. is invalid
// expect-clang: does not satisfy 'Schedule'
#include <gradus/gradus.hpp>

int main() {
  auto halving = [rate = 1.0](gradus::step_t) mutable { return rate /= 2; };
  gradus::Warmup<decltype(halving)> warmup{10, halving};
}
