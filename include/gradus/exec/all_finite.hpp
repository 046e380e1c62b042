// The extra look at the gradients that the policies `skip` and `raise` need.
#pragma once

#include <cstddef>
#include <limits>
#include <span>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>
#include <gradus/exec/measure.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Whether every element x is finite, that is, whether |x / 2| is below the largest number.
/// `select_less` compares by instructions of its own, which -Ofast cannot fold; it would fold x - x
/// and a test for NaN.
template <class T, class G>
struct AllFinite {
  const G* x;
  std::size_t n;
  T scale;
  bool& result;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    const V zero(T{0}), one(T{1});
    const V high(std::numeric_limits<T>::max()), low(-std::numeric_limits<T>::max());
    V bad = zero;
    const V s(scale);
    const auto look = [&](const V& v) GRADUS_LAMBDA {
      const V half = T{0.5} * (s * v);
      bad = bad + select_less(half, high, select_less(low, half, zero, one), one);
    };
    std::size_t i = 0;
    for (; i + V::size <= n; i += V::size) look(V::load(x + i));
    if (i < n) look(V::load_part(x + i, n - i));
    T lane[V::size];
    bad.store(lane);
    result = true;
    for (const T& l : lane) result = result && !(l > 0);
  }
};

template <Element G>
inline bool all_finite(std::span<const G> x, simd::Isa isa, arithmetic_t<G> scale = 1) noexcept {
  bool result = true;
  using Test = AllFinite<arithmetic_t<G>, G>;
  if (!x.empty()) simd::dispatch(isa, Test{x.data(), x.size(), scale, result});
  return result;
}

/// The index of the first span with a gradient that is not finite; their number if all are.
template <class Streams>
inline std::size_t first_non_finite(const Streams& streams) noexcept {
  using G = typename Streams::G;
  const auto finite = [&](const View& v) {
    return all_finite(std::span<const G>(streams.g(v), v.n), streams.isa,
                      static_cast<arithmetic_t<G>>(streams.scale));
  };
  std::size_t j = 0;
  while (j < streams.views.size() && finite(streams.views[j])) ++j;
  return j;
}

}}}  // namespace gradus::GRADUS_ABI::exec
