// Blocks of Eigen whose types have strides with gaps: a row of a matrix of fixed size, and each
// second element.
// expect: gradus: a block of Eigen with gaps between its elements is no span
#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>

int main() {
  Eigen::Matrix4f params, grads;
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, 4};
  opt.step(params.row(1), grads.row(1));
  Eigen::Map<Eigen::Vector4f, 0, Eigen::InnerStride<2>> second(params.data());
  opt.step(second, grads.col(0));
}
