// Schedules that are called, and give no number.
// expect: gradus: a schedule must return a number, the rate
// expect: gradus: a schedule must be callable while it is const, because it has no state
#include <gradus/gradus.hpp>

#include <vector>

int main() {
  std::vector<float> p(4);
  gradus::Optimizer nothing{[](gradus::step_t) {}, gradus::SGD{}, p};
  gradus::Optimizer counting{[r = 1.0](gradus::step_t) mutable { return r /= 2; }, gradus::SGD{},
                             4};
}
