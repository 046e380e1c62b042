// Gradients of double for parameters of float.
// expect-gcc: satisfaction of .GradientsFor<.* .with .* = std::vector<double
// expect-clang: because 'GradientsFor<std::vector<double>, 
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4);
  std::vector<double> grads(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  opt.step(params, grads);
}
