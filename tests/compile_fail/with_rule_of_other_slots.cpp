// The state of Momentum is not that of Adam.
// expect-gcc: satisfaction of .SameState<
// expect-clang: because 'SameState<gradus::Momentum, gradus::Adam, .*>' evaluated to false
#include <gradus/gradus.hpp>

int main() {
  const gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Momentum{}, 4};
  opt.with_rule(gradus::Adam{});
}
