#include <gradus/exec/measure.hpp>
#include <gradus/math/ieee.hpp>

#include <bit>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

using gradus::Product;
using gradus::exec::View;
using gradus::math::ieee;

namespace {

// g * g; p * slot, of which the slot tells whether it is the right one.
struct Terms {
  static constexpr std::size_t count = 2;
  template <class V>
  GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V& p, const V& g,
                                                     const std::array<V, 1>& s) const {
    return {Product<V>{g, g}, Product<V>{p, s[0]}};
  }
};

double leaf_tree(const std::vector<double>& leaves, std::size_t begin, std::size_t n) {
  if (n == 1) return leaves[begin];
  const std::size_t left = std::bit_floor(n - 1);
  return static_cast<double>(ieee(leaf_tree(leaves, begin, left)) +
                             leaf_tree(leaves, begin + left, n - left));
}

// The tree that measure.hpp describes, element by element.
template <class T>
double tree(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<double> leaves;
  for (std::size_t i = 0; i < a.size(); i += 1024) {
    std::array<ieee, 16> lane{};
    for (std::size_t j = i; j < std::min(a.size(), i + 1024); ++j)
      lane[j % 16] = lane[j % 16] + ieee(static_cast<double>(a[j])) * static_cast<double>(b[j]);
    for (std::size_t apart : {8U, 4U, 2U, 1U})
      for (std::size_t j = 0; j < apart; ++j) lane[j] = lane[j] + lane[j + apart];
    leaves.push_back(static_cast<double>(lane[0]));
  }
  return leaves.empty() ? 0 : leaf_tree(leaves, 0, leaves.size());
}

// Gradients are scaled by 2.
template <class T, class E>
auto measure(std::span<const View> views, T* slot, support::Isa isa, const E& run) {
  const auto streams = gradus::exec::streams<T, T>(views, std::tuple{slot}, T{2}, isa);
  return gradus::exec::Measure<std::remove_const_t<decltype(streams)>, E>{streams, run};
}

template <class T>
struct Data {
  std::vector<T> p, g, slot;

  explicit Data(std::size_t n)
      : p(support::numbers<T>(n, 1)),
        g(support::numbers<T>(n, 2)),
        slot(support::numbers<T>(n, 3)) {}

  // The sums over spans of these lengths, with gradients scaled by 2.
  std::array<double, 2> sums(const std::vector<std::size_t>& lengths, support::Isa isa) {
    std::vector<View> views;
    std::size_t at = 0;
    for (const std::size_t n : lengths) {
      views.push_back({p.data() + at, g.data() + at, n, at});
      at += n;
    }
    REQUIRE(at == p.size());
    return measure<T>(views, slot.data(), isa, gradus::seq)(Terms{});
  }
  std::array<double, 2> expected() const {
    std::vector<T> twice = g;
    for (T& x : twice) x *= 2;
    return {tree(twice, twice), tree(p, slot)};
  }
};

template <class T>
bool right(Data<T>& data, const std::array<double, 2>& expected,
           const std::vector<std::size_t>& lengths) {
  bool r = true;
  for (const support::Isa isa : support::paths()) {
    const std::array<double, 2> got = data.sums(lengths, isa);
    r = r && support::same_bits<double>(got, expected);
  }
  return r;
}

}  // namespace

TEMPLATE_TEST_CASE("A measure adds by the documented tree, on every path", "[exec]", float,
                   double) {
  support::default_environment();
  std::vector<std::size_t> sizes{1023, 1024, 1025, 2048, 3000, 5 * 1024, 7 * 1024 + 5, 40'001};
  for (std::size_t n = 0; n <= 40; ++n) sizes.push_back(n);
  for (const std::size_t n : sizes) {
    Data<TestType> data(n);
    CAPTURE(n);
    CHECK(right(data, data.expected(), {n}));
  }
}

TEMPLATE_TEST_CASE("A measure does not see the borders of spans", "[exec]", float, double) {
  support::default_environment();
  Data<TestType> data(3000);
  const std::array<double, 2> expected = data.expected();
  for (std::size_t cut = 0; cut <= 40; ++cut) {  // inside a group, inside a leaf, of 0 and of 1
    CAPTURE(cut);
    CHECK(right(data, expected, {cut, 3000 - cut}));
    CHECK(right(data, expected, {1000 + cut, 0, 1, 1999 - cut}));
    CHECK(right(data, expected, {3000 - cut, 0, cut, 0}));
  }
  CHECK(right(data, expected, std::vector<std::size_t>(3000, 1)));
  support::Random random;
  for (int i = 0; i < 50; ++i) {
    std::vector<std::size_t> lengths;
    for (std::size_t left = 3000; left > 0; left -= lengths.back())
      lengths.push_back(std::min(left, random.below(1 + random.below(100))));
    CHECK(right(data, expected, lengths));
  }
}

TEST_CASE("An executor's blocks are branches of the tree", "[exec]") {
  const auto backwards = [](std::size_t n, const auto& f) {
    for (std::size_t i = n; i-- > 0;) f(i);
  };
  constexpr std::size_t piece = gradus::exec::piece;
  for (const std::size_t n : {2 * piece - 1, 2 * piece, 3 * piece + 1025, 7 * piece + 5,
                              64 * piece + 1, 130 * piece + 77}) {
    Data<float> data(n);
    for (const std::size_t cut : {std::size_t{0}, piece + 3, n - 7}) {
      const View views[] = {{data.p.data(), data.g.data(), cut, 0},
                            {data.p.data() + cut, data.g.data() + cut, n - cut, cut}};
      const support::Isa isa = gradus::simd::best();
      const auto alone = measure<float>(views, data.slot.data(), isa, gradus::seq);
      const auto shared = measure<float>(views, data.slot.data(), isa, backwards);
      CAPTURE(n, cut);
      CHECK(support::same_bits<double>(shared(Terms{}), alone(Terms{})));
    }
  }
}

TEMPLATE_TEST_CASE("A sum of squares is within 1e-15", "[exec]", float, double) {
  if (std::numeric_limits<long double>::digits < 64) return;
  Data<TestType> data(100'000);
  long double exact = 0;
  for (const TestType& g : data.g) {
    const long double twice = 2 * static_cast<long double>(g);
    exact += twice * twice;
  }
  const auto got = static_cast<long double>(data.sums({100'000}, gradus::simd::best())[0]);
  CHECK(std::fabs(static_cast<double>((got - exact) / exact)) <= 1e-15);
}

TEMPLATE_TEST_CASE("A measure does not look beside its spans", "[exec]", float, double) {
  using T = TestType;
  for (const support::Side side : {support::Side::begins_after, support::Side::ends_before})
    for (std::size_t n = 1; n <= 70; ++n) {
      const Data<T> data(n);
      support::Guarded<T> p(n, side), g(n, side), slot(n, side);
      REQUIRE(slot.data() != nullptr);
      p.fill(data.p), g.fill(data.g), slot.fill(data.slot);
      for (const support::Isa isa : support::paths()) {
        const View view{p.data(), g.data(), n};
        const std::array<double, 2> got =
            measure<T>({&view, 1}, slot.data(), isa, gradus::seq)(Terms{});
        CHECK(support::same_bits<double>(got, data.expected()));
      }
    }
}

TEST_CASE("A measure without elements is zero", "[exec]") {
  for (const support::Isa isa : support::paths()) {
    const auto got = measure<float>({}, nullptr, isa, gradus::seq)(Terms{});
    CHECK((got[0] == 0 && got[1] == 0));
  }
}
