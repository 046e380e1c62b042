// The extra look at the gradients that the policies `skip` and `raise` need.
#pragma once

#include <bit>
#include <cstddef>
#include <span>

#include <gradus/config/compiler.hpp>
#include <gradus/config/pin.hpp>
#include <gradus/config/version.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/math/bits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Whether every element x is finite: then the sum of all 0 x is 0, and otherwise it is NaN. The
/// compiler does not know that `zero` is 0, because -Ofast would fold the products, as it folds
/// x - x and tests for NaN.
template <class T, class G>
struct AllFinite {
  const G* x;
  std::size_t n;
  T scale, zero;
  bool& result;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    const V s(scale), z(zero);
    V sum = z;
    std::size_t i = 0;
    for (; i + V::size <= n; i += V::size) sum = sum + z * (s * V::load(x + i));
    if (i < n) sum = sum + z * (s * V::load_part(x + i, n - i));
    T lane[V::size];
    sum.store(lane);
    math::bits_t<T> bits = 0;  // of zeros, or of at least one NaN
    for (const T& l : lane) bits |= std::bit_cast<math::bits_t<T>>(l);
    result = (bits & math::infinity_bits<T>) == 0;
  }
};

template <Element G>
inline bool all_finite(std::span<const G> x, simd::Isa isa, arithmetic_t<G> scale = 1) noexcept {
  bool result = true;
  using T = arithmetic_t<G>;
  T zero = 0;
  GRADUS_PIN_SCALAR(zero);
  if (!x.empty()) simd::dispatch(isa, AllFinite<T, G>{x.data(), x.size(), scale, zero, result});
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
