// A transposed matrix of Eigen, whose elements lie in the other order.
// expect: gradus: a transposed matrix of Eigen has its elements in the other order in memory
#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>

int main() {
  Eigen::MatrixXf params(3, 4), grads(4, 3);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, params};
  opt.step(params, grads.transpose());
}
