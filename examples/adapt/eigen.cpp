// Linear regression with matrices of Eigen, which gradus takes as they are.
#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>

#include <Eigen/Dense>
#include <cstdio>

int main() {
  const Eigen::MatrixXd x = Eigen::MatrixXd::Random(4, 100);  // a column is a point
  const Eigen::MatrixXd truth = Eigen::MatrixXd::Random(2, 4);
  const Eigen::MatrixXd y = (truth * x).colwise() + Eigen::Vector2d(1, -1);

  Eigen::MatrixXd W = Eigen::MatrixXd::Zero(2, 4), gW;
  Eigen::VectorXd b = Eigen::VectorXd::Zero(2), gb;
  gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .end = 0, .steps = 500}, gradus::Adam{},
                        gradus::spans(W, b)};
  for (int t = 0; t < 500; ++t) {
    const Eigen::MatrixXd error = (W * x).colwise() + b - y;
    gW = error * x.transpose() / 100;
    gb = error.rowwise().mean();
    opt.step(gradus::spans(W, b), gradus::spans(gW, gb));
  }

  // A column has no gaps; gradus takes it, too, without the optimizer's state.
  gradus::update(gradus::SGD{}, {.rate = 0}, W.col(0), gW.col(0));

  std::printf("largest error of a weight %.2g\n", (W - truth).cwiseAbs().maxCoeff());
  return (W - truth).norm() < 1e-3 && (b - Eigen::Vector2d(1, -1)).norm() < 1e-3 ? 0 : 1;
}
