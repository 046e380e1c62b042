// Norms from measured sums of squares.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <gradus/concept/rule.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Terms with both factors multiplied by a power of two, so that their product fits.
template <class K>
struct Scaled {
  static constexpr std::size_t count = K::count;
  K terms;
  double by;
  template <class V, std::size_t N>
  GRADUS_KERNEL auto operator()(const V& p, const V& g, const std::array<V, N>& s) const {
    auto r = terms(p, g, s);
    const auto factor = static_cast<typename V::value_type>(by);
    for (auto& product : r) product.a = factor * product.a, product.b = factor * product.b;
    return r;
  }
  GRADUS_KERNEL constexpr Scaled at_element(std::uint64_t i) const
    requires HasAtElement<K>
  {
    return {terms.at_element(i), by};
  }
};

/// The square roots of the sums of squares that `terms` gives. A sum of squares that overflows or
/// underflows though its root does not is measured again, scaled by 2^-600 or 2^600 (squares of
/// floats always fit).
template <Real T, class M, class K>
constexpr std::array<double, K::count> true_norms(const M& measure, const K& terms) {
  const std::array<double, K::count> sums = measure(terms);
  std::array<double, K::count> r{};
  bool large = false, small = false;
  for (std::size_t m = 0; m < K::count; ++m) {
    large = large || !math::is_finite(sums[m]);
    small = small || (math::is_finite(sums[m]) && sums[m] < 0x1p-900);
    r[m] = math::sqrt(sums[m]);
  }
  const auto again = [&](double by, bool of_large) {
    const std::array<double, K::count> scaled = measure(Scaled<K>{terms, by});
    for (std::size_t m = 0; m < K::count; ++m)
      if (math::is_finite(sums[m]) != of_large && (of_large || sums[m] < 0x1p-900))
        r[m] = math::sqrt(scaled[m]) / by;
  };
  if (std::same_as<T, double> && large) again(0x1p-600, true);
  if (std::same_as<T, double> && small) again(0x1p600, false);
  return r;
}

/// The same, but a norm that is not finite is 0, "nothing to be divided by".
template <Real T, class M, class K>
constexpr std::array<double, K::count> norms(const M& measure, const K& terms) {
  std::array<double, K::count> r = true_norms<T>(measure, terms);
  for (double& norm : r) norm = math::is_finite(norm) ? norm : 0.0;
  return r;
}

/// For the norm of the gradients.
struct OfGradients {
  static constexpr std::size_t count = 1;
  template <class V, std::size_t N>
  GRADUS_KERNEL std::array<Product<V>, 1> operator()(const V&, const V& g,
                                                     const std::array<V, N>&) const {
    return {Product<V>{g, g}};
  }
};
/// For the norms of parameters and gradients.
struct OfBoth {
  static constexpr std::size_t count = 2;
  template <class V, std::size_t N>
  GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V& p, const V& g,
                                                     const std::array<V, N>&) const {
    return {Product<V>{p, p}, Product<V>{g, g}};
  }
};

/// For the norms of how far the parameters are from slot 0, where they began, and of gradients.
struct OfTravel {
  static constexpr std::size_t count = 2;
  template <class V, std::size_t N>
  GRADUS_KERNEL std::array<Product<V>, 2> operator()(const V& p, const V& g,
                                                     const std::array<V, N>& s) const {
    const V travel = p - s[0];
    return {Product<V>{travel, travel}, Product<V>{g, g}};
  }
};

/// The factor that scales a vector of this norm down to `limit`; 1 if the norm is 0 or not finite.
constexpr double clip_factor(double norm, double limit, double eps = 0) noexcept {
  const math::ieee divisor = math::ieee(norm) + eps;
  return norm > 0 && math::is_finite(norm) && static_cast<double>(divisor) > limit
             ? static_cast<double>(limit / divisor)
             : 1.0;
}

}}}  // namespace gradus::GRADUS_ABI::detail
