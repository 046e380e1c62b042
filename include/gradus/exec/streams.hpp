// What an update works on, wherever it lies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <tuple>

#include <gradus/concept/rule.hpp>
#include <gradus/exec/list_of.hpp>
#include <gradus/simd/isa.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// One span of a step's arguments, and the place of its first element among those of all spans:
/// there its slots begin. What it points to is of the types that `Streams` names.
struct View {
  void* p = nullptr;
  const void* g = nullptr;
  std::size_t n = 0;
  std::size_t begin = 0;

  bool operator==(const View&) const noexcept = default;
};

/// The views of a step, to be read.
using Views = ListOf<const View>;

/// The number of elements of all spans.
constexpr std::size_t total(Views views) noexcept {
  return views.empty() ? 0 : views[views.size() - 1].begin + views[views.size() - 1].n;
}

/// The first span that ends after element i; for i = 0 the first span, even if it is empty.
constexpr std::size_t view_of(Views views, std::size_t i) noexcept {
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

/// Parameters stored as P, gradients as G and slots as S..., the arithmetic in T. A slot is one
/// stretch, the spans one after another.
template <Real T_, Element P_, Element G_, Storage... S>
struct Streams {
  using T = T_;
  using P = P_;
  using G = G_;
  static constexpr std::size_t slot_count = sizeof...(S);
  /// Whether elements are to be taken in whole blocks.
  static constexpr bool blocked = (Blocked<S> || ...);
  static_assert(!blocked || std::same_as<T, float>, "gradus: blocks of 8 bits hold floats");

  Views views{};
  std::tuple<S*...> slots{};
  T scale = 1;
  simd::Isa isa = simd::Isa::scalar;
  step_t t = 0;  ///< what is dithered depends on it
  /// The index that element 0 has where these are a part of more elements, which other processes
  /// have: what is drawn or computed for an element depends on `first` plus its index here.
  std::uint64_t first = 0;

  P* p(const View& v) const noexcept { return static_cast<P*>(v.p); }
  const G* g(const View& v) const noexcept { return static_cast<const G*>(v.g); }
  /// The same streams, of the span `v` alone.
  Streams alone(const View& v) const noexcept {
    Streams r = *this;
    r.views = {&v, 1};
    return r;
  }
};

template <Element P, Element G, Storage... S>
constexpr Streams<arithmetic_t<P>, P, G, S...> streams(Views views, const std::tuple<S*...>& slots,
                                                       arithmetic_t<P> scale, simd::Isa isa,
                                                       step_t t = 0) noexcept {
  return {views, slots, scale, isa, t, 0};
}

}}}  // namespace gradus::GRADUS_ABI::exec
