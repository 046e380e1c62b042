// The usual spelling of a rate that is no schedule.
// expect: gradus: a schedule must be callable with a step
// expect: a constant rate is gradus::Constant.rate.
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4);
  gradus::Optimizer opt{0.1, gradus::SGD{}, params};
}
