// The slot of Momentum is that of Muon, but Muon also needs shapes.
// expect-gcc: the expression .\(MatrixRule<R2, .*\) == \(MatrixRule<R, .*evaluated to .false
// expect-clang: because 'MatrixRule<gradus::Muon, .*> == MatrixRule<gradus::Momentum, .*false
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

int main() {
  const gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Momentum{}, 4};
  opt.with_rule(gradus::Muon{});
}
