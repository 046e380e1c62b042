// The extra look at the gradients that the policies `skip` and `raise` need.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <gradus/exec/measure.hpp>

namespace gradus::inline GRADUS_ABI::exec {

/// Whether every element is finite. x - x is 0 for a finite x and NaN for every other, and NaN
/// stays.
template <class T>
struct AllFinite {
  const T* x;
  std::size_t n;
  bool& result;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    V sum(T{0});
    std::size_t i = 0;
    for (; i + V::size <= n; i += V::size) {
      const V v = V::load(x + i);
      sum = sum + (v - v);
    }
    if (i < n) {
      const V v = V::load_part(x + i, n - i);
      sum = sum + (v - v);
    }
    T lane[V::size];
    sum.store(lane);
    result = true;
    for (const T& l : lane) result = result && is_zero(l);
  }

 private:
  static bool is_zero(
      T x) noexcept {  // by bits: under -Ofast a comparison may assume that there is no NaN
    using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
    return (std::bit_cast<Bits>(x) << 1) == 0;
  }
};

template <class T>
inline bool all_finite(std::span<const T> x, simd::Isa isa) noexcept {
  bool result = true;
  if (!x.empty()) simd::dispatch(isa, AllFinite<T>{x.data(), x.size(), result});
  return result;
}

/// The index of the first span with a gradient that is not finite; their number if all are.
template <class T>
inline std::size_t first_non_finite(std::span<const View<T>> views, simd::Isa isa) noexcept {
  std::size_t j = 0;
  while (j < views.size() && all_finite(std::span<const T>(views[j].g, views[j].n), isa)) ++j;
  return j;
}

}  // namespace gradus::inline GRADUS_ABI::exec
