// An optimizer for floats, and parameters of double.
// expect-gcc: satisfaction of .SpanArgument<Params, P>. .with Params = std::vector<double
// expect-clang: because 'SpanArgument<std::vector<double> &, float>' evaluated to false
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<double> params(4), grads(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  opt.step(params, grads);
}
