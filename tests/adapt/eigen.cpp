#include <gradus/adapt/eigen.hpp>
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

using gradus::SpanOf;
using gradus::spans;

namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Strided = Eigen::Map<Eigen::VectorXf, 0, Eigen::InnerStride<>>;

static_assert(SpanOf<Eigen::MatrixXf&, float> && SpanOf<const Eigen::MatrixXf&, const float>);
static_assert(SpanOf<Eigen::VectorXd&, double> && SpanOf<Eigen::ArrayXXf&, float>);
static_assert(SpanOf<RowMajor&, float> && SpanOf<Eigen::Matrix3f&, float>);
static_assert(SpanOf<Eigen::Map<Eigen::MatrixXf>, float>);
static_assert(SpanOf<Eigen::Map<const Eigen::MatrixXf>, const float>);
static_assert(SpanOf<Eigen::Ref<Eigen::VectorXf>, float>);
static_assert(SpanOf<decltype(std::declval<Eigen::MatrixXf&>().col(0)), float>);
static_assert(SpanOf<decltype(std::declval<Eigen::MatrixXf&>().middleCols(0, 1)), float>);
static_assert(!SpanOf<const Eigen::MatrixXf&, float> && !SpanOf<Eigen::MatrixXf&, double>);
static_assert(!SpanOf<Eigen::MatrixXf, float> && !SpanOf<Eigen::MatrixXi&, float>);
static_assert(!SpanOf<Eigen::Map<const Eigen::MatrixXf>, float>);

using support::error_of;
constexpr gradus::Constant rate{0.1};
constexpr gradus::Adam adam{};

/// Steps with objects of Eigen, and with copies of their elements.
template <class X>
void compare(X params, const X& grads) {
  std::vector<float> p(params.data(), params.data() + params.size());
  const std::vector<float> g(grads.data(), grads.data() + grads.size());
  gradus::Optimizer opt{rate, adam, params}, plain{rate, adam, p};
  for (int t = 0; t < 3; ++t) {
    opt.step(params, grads);
    plain.step(p, g);
  }
  CHECK(std::equal(p.begin(), p.end(), params.data()));
}

}  // namespace

TEST_CASE("Matrices, vectors and arrays of Eigen are parameters and gradients", "[adapt]") {
  compare<Eigen::MatrixXf>(Eigen::MatrixXf::Random(5, 7), Eigen::MatrixXf::Random(5, 7));
  compare<RowMajor>(RowMajor::Random(5, 7), RowMajor::Random(5, 7));
  compare<Eigen::VectorXf>(Eigen::VectorXf::Random(9), Eigen::VectorXf::Random(9));
  compare<Eigen::RowVectorXf>(Eigen::RowVectorXf::Random(9), Eigen::RowVectorXf::Random(9));
  compare<Eigen::ArrayXXf>(Eigen::ArrayXXf::Random(3, 3), Eigen::ArrayXXf::Random(3, 3));
  compare<Eigen::Matrix3f>(Eigen::Matrix3f::Random(), Eigen::Matrix3f::Random());
  compare<Eigen::MatrixXf>(Eigen::MatrixXf(0, 4), Eigen::MatrixXf(0, 4));
}

TEST_CASE("Maps and columns of Eigen may be temporaries", "[adapt]") {
  std::vector<float> memory(12, 1);
  Eigen::MatrixXf grads = Eigen::MatrixXf::Ones(3, 4);
  gradus::Optimizer opt{rate, gradus::SGD{}, 12};
  opt.step(Eigen::Map<Eigen::MatrixXf>(memory.data(), 3, 4), grads);
  CHECK(memory == std::vector<float>(12, 0.9F));

  Eigen::MatrixXf params = Eigen::MatrixXf::Ones(3, 4);
  gradus::Optimizer of_column{rate, gradus::SGD{}, 3};
  of_column.step(params.col(1), grads.col(0));
  CHECK(params(2, 1) == 0.9F);
  CHECK(params(0, 2) == 1);
  gradus::Optimizer of_columns{rate, gradus::SGD{}, 6};
  of_columns.step(params.rightCols(2), grads.leftCols(2));
  CHECK(params(0, 3) == 0.9F);
  of_columns.step(params.block(0, 0, 3, 2), grads.block(0, 1, 3, 2));
  CHECK(params(2, 0) == 0.9F);
}

TEST_CASE("Objects of Eigen stand in lists, in groups, around an optimizer and in update",
          "[adapt]") {
  Eigen::MatrixXf W = Eigen::MatrixXf::Ones(3, 4), gW = Eigen::MatrixXf::Ones(3, 4);
  Eigen::VectorXf b = Eigen::VectorXf::Ones(3), gb = Eigen::VectorXf::Ones(3);
  std::vector<float> other(2, 1), its_grad(2, 1);
  gradus::Optimizer opt{rate, gradus::SGD{}, spans(W, b, other)};
  opt.step(spans(W, b, other), spans(gW, gb, its_grad));
  CHECK((W(2, 3) == 0.9F && b(0) == 0.9F && other[1] == 0.9F));
  static_assert(std::is_same_v<decltype(spans(W, std::as_const(b))),
                               std::array<gradus::Shaped<const float>, 2>>);

  std::array<Eigen::VectorXf, 2> list{b, b}, its_grads{gb, gb};
  gradus::Optimizer of_list{rate, gradus::SGD{}, list};
  of_list.step(list, its_grads);
  CHECK(list[1](2) == Approx(0.8F));

  gradus::Groups groups{gradus::Optimizer{rate, gradus::SGD{}, W},
                        gradus::Optimizer{rate, adam, b}};
  CHECK(groups.step(std::tie(W, b), std::tie(gW, gb)).applied);

  gradus::Accumulator sum{W};
  sum.add(gW);
  CHECK(gradus::gradient_norm(gW) == Approx(std::sqrt(12.0)));
  Eigen::MatrixXf m = Eigen::MatrixXf::Ones(3, 4), v = m;
  gradus::start(adam, W, m, v);
  CHECK(m(0, 0) == 0);
  const float before = W(0, 0);
  gradus::update(adam, {.rate = 0.1}, W, gW, m, v);
  CHECK(W(0, 0) == Approx(before - 0.1F));

  const support::Folder folder;
  const std::string path = folder / "eigen.safetensors";
  gradus::io::save(path, gradus::io::named("weights", spans(W, b)));
  const Eigen::MatrixXf saved = W;
  W.setZero();
  gradus::io::load(path, gradus::io::named("weights", spans(W, b)));
  CHECK(W == saved);
  gradus::io::save(path, gradus::io::named("W", std::as_const(W)),
                   gradus::io::named("columns", W.leftCols(2)));
  W.setZero();
  gradus::io::load(path, gradus::io::named("W", W), gradus::io::named("columns", W.leftCols(2)));
  CHECK(W == saved);
}

TEST_CASE("A block of Eigen with gaps is refused", "[adapt]") {
  Eigen::MatrixXf params = Eigen::MatrixXf::Ones(3, 4), grads = params;
  gradus::Optimizer of_row{rate, gradus::SGD{}, 4};
  CHECK(error_of([&] { of_row.step(params.row(0), grads.row(0)); }) ==
        "gradus::eigen.strides must be 1 and 4, without gaps between elements (got 3 and 1)");
  gradus::Optimizer of_rows{rate, gradus::SGD{}, 8};
  CHECK(error_of([&] { of_rows.step(params.topRows(2), grads.topRows(2)); }) ==
        "gradus::eigen.strides must be 1 and 2, without gaps between elements (got 1 and 3)");
  CHECK(params == Eigen::MatrixXf::Ones(3, 4));
  CHECK(of_rows.steps() == 0);
  gradus::Optimizer of_each{rate, adam, 6};
  of_each.step(params.leftCols(2), grads.leftCols(2));
  const Eigen::MatrixXf before = params;
  const std::vector<float> m(of_each.slot("m").begin(), of_each.slot("m").end());
  const Strided each_second(params.data(), 6, Eigen::InnerStride<>(2));
  const auto refused = [&](const auto& call) {
    const std::string r = error_of(call);
    CHECK(params == before);
    CHECK(std::ranges::equal(of_each.slot("m"), m));
    CHECK(of_each.steps() == 1);
    return r;
  };
  CHECK(refused([&] { of_each.step(params.leftCols(2), each_second); }) ==
        "gradus::eigen.strides must be 1 and 6, without gaps between elements (got 2 and 12)");
  CHECK(refused([&] { of_each.step(params.topRows(2).leftCols(3), grads.leftCols(2)); }) ==
        "gradus::eigen.strides must be 1 and 2, without gaps between elements (got 1 and 3)");
  CHECK(refused([&] { of_each.step(spans(params.col(0), params.row(1)), spans(m)); }) ==
        "gradus::eigen.strides must be 1 and 4, without gaps between elements (got 3 and 1)");
  CHECK(refused([&] { gradus::Optimizer{rate, adam, params.topRows(1)}; }) ==
        "gradus::eigen.strides must be 1 and 1, without gaps between elements (got 1 and 3)");

  CHECK(error_of([&] { gradus::io::named("rows", params.topRows(2)); }) ==
        "gradus::eigen.strides must be 1 and 2, without gaps between elements (got 1 and 3)");

  const RowMajor by_rows = RowMajor::Ones(3, 4);  // whose rows have no gaps
  Eigen::Vector4f four = Eigen::Vector4f::Ones();
  of_row.step(four, by_rows.row(1));
  CHECK(four(0) == 0.9F);
}
