// An expression of Eigen, whose elements are in no memory.
// expect: gradus: an expression of Eigen has no elements in memory: evaluate it first
#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>

int main() {
  Eigen::MatrixXf params(3, 4), grads(3, 4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, params};
  opt.step(params, grads * 2.0F);
}
