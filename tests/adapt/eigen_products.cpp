#include <gradus/adapt/eigen.hpp>
#include <gradus/adapt/eigen_products.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/rule/matrix/through.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>

#include <cstddef>
#include <vector>

#include "support/any_optimizer.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Chain, gradus::EigenProducts, gradus::matrix, gradus::Muon, gradus::NewtonSchulz,
    gradus::Optimizer, gradus::Shape, gradus::through;
using support::numbers, support::same_bits;

static_assert(gradus::Products<EigenProducts, float, gradus::Seq>);

namespace {

const support::AnyExecutor backwards{[](std::size_t n, const support::AnyExecutor::Task& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
}};
template <class T>
double distance(const std::vector<T>& a, const std::vector<T>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(a[i] - b[i])));
  return worst;
}

}  // namespace

TEMPLATE_TEST_CASE("Eigen multiplies as the own products, whatever the executor", "[adapt]", float,
                   double) {
  using T = TestType;
  const double tolerance = sizeof(T) == 4 ? 2e-5 : 1e-13;
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{9, 5}, {31, 270}}) {
    const std::vector<T> g = numbers<T>(rows * columns, 1);
    std::vector<T> own = g, eigen = g, other_way = g;
    gradus::orthogonalize(matrix(own, rows, columns));
    gradus::orthogonalize(matrix(eigen, rows, columns), NewtonSchulz::keller_jordan(),
                          support::in_order, EigenProducts{});
    gradus::orthogonalize(matrix(other_way, rows, columns), NewtonSchulz::keller_jordan(),
                          backwards, EigenProducts{});
    CHECK(distance(own, eigen) < tolerance);
    CHECK(same_bits(eigen, other_way));
  }
}

TEST_CASE("through exchanges the products inside of every wrapper", "[adapt][rule]") {
  const std::vector<float> g = numbers<float>(60, 2);
  const auto run = [&](const auto& rule, auto p) {
    using P = typename decltype(p)::value_type;
    Optimizer opt{gradus::Constant<>{0.05}, rule, matrix(p, 6, 10)};
    for (int t = 0; t < 3; ++t) opt.step(p, g);
    std::vector<float> r;
    for (const P& x : p) r.push_back(static_cast<float>(x));
    return r;
  };
  const std::vector<float> p = numbers<float>(60, 1);
  CHECK(distance(run(Muon{}, p), run(through<EigenProducts>(Muon{}), p)) < 1e-5);
  CHECK(distance(run(gradus::NorMuon{}, p), run(through<EigenProducts>(gradus::NorMuon{}), p)) <
        1e-5);
  CHECK(distance(run(Chain{gradus::ClipNorm{1}, Muon{}}, p),
                 run(Chain{gradus::ClipNorm{1}, through<EigenProducts>(Muon{})}, p)) < 1e-5);
  const std::vector<gradus::bfloat16> half(p.begin(), p.end());
  CHECK(distance(run(gradus::Master{Muon{}}, half),
                 run(gradus::Master{through<EigenProducts>(Muon{})}, half)) < 0.02);
  CHECK(gradus::name_of<decltype(through<EigenProducts>(Muon{}))>() == gradus::Name("Muon"));
}

TEST_CASE("Matrices of Eigen bring their shapes", "[adapt]") {
  Eigen::MatrixXf W = Eigen::MatrixXf::Random(3, 5), gW = Eigen::MatrixXf::Random(3, 5), W2 = W;
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Rows R = W, gR = gW;
  Eigen::VectorXf b = Eigen::VectorXf::Zero(3);
  const auto all = gradus::spans(W, R, b);
  CHECK(all[0].shape == Shape{5, 3, 1, gradus::FanIn::rows});
  CHECK(all[1].shape == Shape{3, 5});
  CHECK(!all[2].shape.is_given());
  Optimizer columns_first{gradus::Constant<>{0.05}, Muon{}, W};
  Optimizer rows_first{gradus::Constant<>{0.05}, Muon{}, R};
  for (int t = 0; t < 3; ++t) {
    columns_first.step(W, gW);
    rows_first.step(R, gR);
  }
  CHECK((W - R).cwiseAbs().maxCoeff() == 0);
  CHECK((W - W2).norm() > 0.01F);
}
