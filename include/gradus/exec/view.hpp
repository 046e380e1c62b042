// The spans that a step works on.
#pragma once

#include <cstddef>
#include <span>

#include <gradus/version.hpp>

namespace gradus::inline GRADUS_ABI::exec {

/// One span of a step's arguments, and the place of its first element among those of all spans:
/// there its slots begin.
template <class P, class G = P>
struct View {
  P* p = nullptr;
  const G* g = nullptr;
  std::size_t n = 0;
  std::size_t begin = 0;
};

/// The number of elements of all spans.
template <class P, class G>
constexpr std::size_t total(std::span<const View<P, G>> views) noexcept {
  return views.empty() ? 0 : views.back().begin + views.back().n;
}

/// The first span that ends behind element i.
template <class P, class G>
constexpr std::size_t view_of(std::span<const View<P, G>> views, std::size_t i) noexcept {
  std::size_t low = 0, high = i == 0 ? 0 : views.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (views[middle].begin + views[middle].n <= i) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

}  // namespace gradus::inline GRADUS_ABI::exec
