// A block of Eigen whose type has an outer stride with gaps: two rows of a matrix of fixed size,
// which is column-major.
// expect: gradus: a block of Eigen with gaps between its elements is no span
#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>

int main() {
  Eigen::Matrix4f params, grads;
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, 8};
  opt.step(params.topRows<2>(), grads.topRows<2>());
}
