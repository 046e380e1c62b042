#include <gradus/memory/shape.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/schedule/constant.hpp>

#include <array>
#include <limits>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"

using gradus::FanIn, gradus::Shape, gradus::Shaped;
using support::error_of;

TEST_CASE("A shape knows its sides", "[memory]") {
  constexpr Shape torch{3, 5}, keras{5, 3, 2, FanIn::rows};
  static_assert(torch.elements() == 15 && keras.elements() == 30 && !Shape{}.is_given());
  static_assert(torch.inputs() == 5 && torch.outputs() == 3);
  static_assert(keras.inputs() == 5 && keras.outputs() == 3);
  static_assert(torch.longer() == 5 && torch.shorter() == 3 && keras.longer() == 5);
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  static_assert(Shape{most / 2, 3}.elements() == most && Shape{2, 2, most}.elements() == most);
}

TEST_CASE("spans keeps the shapes of its arguments", "[memory]") {
  std::vector<float> w(12), b(4);
  const std::vector<float> g(12);
  const auto all = gradus::spans(gradus::matrix(w, 4, 3), b, gradus::matrices(g, 2, 2, 3));
  static_assert(std::is_same_v<decltype(all), const std::array<Shaped<const float>, 3>>);
  CHECK(all[0].data() == w.data());
  CHECK(all[0].shape == Shape{4, 3});
  CHECK(!all[1].shape.is_given());
  CHECK(all[1].size() == 4);
  CHECK(all[2].shape == Shape{2, 3, 2});
  static_assert(std::is_same_v<decltype(gradus::spans(w, b)), std::array<std::span<float>, 2>>);
  CHECK(gradus::matrix(w, 3, 4, FanIn::rows).shape == Shape{3, 4, 1, FanIn::rows});
  static_assert(std::is_same_v<decltype(gradus::unshaped(all[0])), std::span<const float>>);
}

TEST_CASE("A rule without a use for shapes does not see them", "[memory]") {
  std::vector<float> w(12, 1), b(4, 1), g(12, 1), gb(4, 2), w2 = w, b2 = b;
  const auto params = gradus::spans(gradus::matrix(w, 4, 3), b);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Adam{}, params};
  gradus::Optimizer plain{gradus::Constant<>{0.1}, gradus::Adam{}, gradus::spans(w2, b2)};
  static_assert(sizeof opt == sizeof plain);
  opt.step(params, gradus::spans(g, gb));
  opt.step({w, b}, {g, gb});
  opt.step(gradus::spans(gradus::matrix(w, 3, 4), b), gradus::spans(g, gb));
  for (int t = 0; t < 3; ++t) plain.step({w2, b2}, {g, gb});
  CHECK(w == w2);
  CHECK(b == b2);
}

TEST_CASE("A shape that a span does not have is refused", "[memory]") {
  std::vector<float> w(12);
  CHECK(error_of([&] { (void)gradus::matrix(w, 4, 4); }) ==
        "gradus::matrix.span must have the elements of 4 x 4 (got 12)");
  CHECK(error_of([&] { (void)gradus::matrix(w, 0, 4); }) ==
        "gradus::matrix.rows must be > 0 (got 0)");
  CHECK(error_of([&] { (void)gradus::matrix(w, 12, 0); }) ==
        "gradus::matrix.columns must be > 0 (got 0)");
  CHECK(error_of([&] { (void)gradus::matrices(w, 0, 3, 4); }) ==
        "gradus::matrices.count must be > 0 (got 0)");
  CHECK(error_of([&] { (void)gradus::matrices(w, 2, 3, 4, FanIn::rows); }) ==
        "gradus::matrices.span must have the elements of 2 of 3 x 4, inputs in rows (got 12)");
  CHECK(error_of([&] { (void)gradus::matrix(w, 3, 4, FanIn{7}); }) ==
        "gradus::matrix.fan_in must be columns or rows (got 7)");
  CHECK(!error_of([&] {
           (void)gradus::matrix(w, std::numeric_limits<std::size_t>::max() / 2, 4);
         }).empty());
}
