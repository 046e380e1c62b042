// The state of Momentum is not that of Adam.
// expect: with_rule
// expect: slot_count
#include <gradus/gradus.hpp>

int main() {
  const gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Momentum{}, 4};
  opt.with_rule(gradus::Adam{});
}
