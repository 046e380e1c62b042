// The control: a good program passes the same harness, so that a broken include path cannot turn
// every other file here green.
// expect-success
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4, 1.0f), grads(4, 0.5f);
  gradus::Optimizer opt{gradus::Cosine<>{.start = 1e-3, .end = 1e-5, .steps = 1000},
                        gradus::AdamW{}, params};
  opt.step(params, grads);
}
