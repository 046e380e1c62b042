// Gradients of double for parameters of float.
// expect-gcc: satisfaction of .SpanArgument<G, const T>. .with G = std::vector<double
// expect-clang: because 'SpanArgument<std::vector<double>, const float>' evaluated to false
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4);
  std::vector<double> grads(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  opt.step(params, grads);
}
