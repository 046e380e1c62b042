// Parameters that may not be written.
// expect-gcc: satisfaction of .SpanArgument<Params, P>. .with Params = const std::vector<float
// expect-clang: because 'SpanArgument<const std::vector<float> &, float>' evaluated to false
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  const std::vector<float> params(4), grads(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  opt.step(params, grads);
}
