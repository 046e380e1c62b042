// Another rate in place of another schedule.
// expect: gradus: a schedule must be callable with a step; a constant rate is gradus::Constant
#include <gradus/gradus.hpp>

int main() {
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  opt.with_schedule(0.01);
}
