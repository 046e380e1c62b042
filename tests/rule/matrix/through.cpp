#include <gradus/optimizer.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/rule/matrix/through.hpp>
#include <gradus/rule/stage/clip_value.hpp>
#include <gradus/schedule/constant.hpp>

#include <cstddef>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"

using gradus::Chain, gradus::ClipValue, gradus::matrix, gradus::Muon, gradus::Optimizer,
    gradus::OwnProducts, gradus::through;
using support::error_of, support::numbers, support::same_bits;

namespace {

const gradus::Constant<> rate{0.05};

// Products that write to the end of a large workspace.
struct Large : OwnProducts {
  template <class T>
  static constexpr std::size_t scratch(std::size_t n, std::size_t m) noexcept {
    return OwnProducts::scratch<T>(n, m) + 100'000;
  }
  template <class T, gradus::Executor E>
  void gram(const gradus::Rows<T>& x, T alpha, T beta, const T* c, T* out, T* work,
            const E& run) const {
    work[scratch<T>(x.rows, x.columns) - 1] = 1;
    OwnProducts::gram(x, alpha, beta, c, out, work, run);
  }
};
template <class R>
using products_of = typename gradus::detail::ProductsOf<R>::type;

}  // namespace

TEST_CASE("The innermost products count, wherever they stand", "[rule]") {
  const auto large = through<Large>(Muon{});
  const Chain chain{ClipValue{1}, large};
  const auto twice = through<OwnProducts>(large);
  STATIC_REQUIRE(std::is_same_v<products_of<Muon>, OwnProducts>);
  STATIC_REQUIRE(std::is_same_v<products_of<std::remove_const_t<decltype(chain)>>, Large>);
  STATIC_REQUIRE(std::is_same_v<products_of<std::remove_const_t<decltype(twice)>>, Large>);
  const std::vector<float> g = numbers<float>(12, 3);
  const auto run = [&](const auto& rule) {
    std::vector<float> w = numbers<float>(12, 1);
    Optimizer opt{rate, rule, matrix(w, 3, 4)};
    opt.step(w, g);
    return w;
  };
  const std::vector<float> expected = run(Chain{ClipValue{1}, Muon{}});
  CHECK(same_bits(run(chain), expected));
  CHECK(same_bits(run(Chain{ClipValue{1}, twice}), expected));
  CHECK(same_bits(run(twice), run(Muon{})));
}

TEST_CASE("A rule whose products need a larger workspace replaces no other one", "[rule]") {
  std::vector<float> w(12, 1), g(12, 1);
  const Optimizer opt{rate, Muon{}, matrix(w, 3, 4)};
  CHECK(error_of([&] { static_cast<void>(opt.with_rule(through<Large>(Muon{}))); }) ==
        "gradus::Optimizer.with_rule must need no larger workspace than the rule it replaces: its "
        "products do");
  auto smaller = Optimizer{rate, through<Large>(Muon{}), matrix(w, 3, 4)}.with_rule(Muon{});
  CHECK(smaller.step(w, g).applied);
}
