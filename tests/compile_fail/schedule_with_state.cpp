// A schedule that counts by itself: callable, but not while const.
// expect: gradus: a schedule must be callable while it is const, because it has no state
#include <gradus/gradus.hpp>

int main() {
  auto halving = [rate = 1.0](gradus::step_t) mutable { return rate /= 2; };
  gradus::Warmup<decltype(halving)> warmup{10, halving};
}
