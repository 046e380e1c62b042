// A rule as the sweep runs it, at width 1 and without the sweep: cheap to compile for every rule.
#pragma once

#include <gradus/concept/kernel.hpp>
#include <gradus/simd/scalar.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

namespace support {

/// Parameters, gradients and state in arithmetic of type T; what the sweep does, at width 1.
template <class R, class T, std::size_t n = 4>
struct ScalarRun {
  static constexpr std::size_t N = gradus::slot_count<R>;
  using V = gradus::simd::pack<gradus::simd::scalar, T>;
  std::array<T, n> p{}, g{};
  std::array<std::array<T, n>, N> slots{};
  std::array<double, gradus::scalar_count<R>> scalars{};
  std::array<double, gradus::span_scalar_count<R>> span_scalars{};

  void start(const R& rule) {
    for (std::size_t j = 0; j < N; ++j) {
      const gradus::Slot slot = gradus::slots_of(rule)[j];
      for (std::size_t i = 0; i < n; ++i)
        slots[j][i] = slot.from == gradus::Slot::From::params ? p[i] : static_cast<T>(slot.value);
    }
    for (std::size_t j = 0; j < scalars.size(); ++j) scalars[j] = gradus::scalars_of(rule)[j].value;
    for (std::size_t j = 0; j < span_scalars.size(); ++j)
      span_scalars[j] = gradus::span_scalars_of(rule)[j].value;
  }
  std::array<V, N> at(std::size_t i) const {
    std::array<V, N> r;
    for (std::size_t j = 0; j < N; ++j) r[j] = V(slots[j][i]);
    return r;
  }

  struct Measure {
    const ScalarRun& run;
    std::size_t span = 0;
    template <class Terms>
    std::array<double, Terms::count> operator()(const Terms& terms) const {
      std::array<double, Terms::count> r{};
      for (std::size_t i = 0; i < n; ++i) {
        const auto products = gradus::at_element(terms, i)(V(run.p[i]), V(run.g[i]), run.at(i));
        for (std::size_t m = 0; m < Terms::count; ++m)
          r[m] += static_cast<double>(products[m].a.v) * static_cast<double>(products[m].b.v);
      }
      return r;
    }
  };
  /// P is what parameters are stored as. Slots in blocks of 8 bits are kept in T.
  template <class P>
  void step(const R& rule, const gradus::Context& c) {
    const Measure measure{*this};
    const auto kernel = gradus::prepare<T>(gradus::rule_at(rule, c.t), c, scalars.data(), measure);
    if constexpr (gradus::HasForSpan<gradus::kernel_t<R, T>>) {
      sweep<P>(kernel.for_span(span_scalars, measure));
    } else {
      sweep<P>(kernel);
    }
  }
  template <class P, class K>
  void sweep(const K& kernel) {
    for (std::size_t i = 0; i < n; ++i) {
      V x(p[i]);
      std::array<V, N> s = at(i);
      const V moved = gradus::at_element(kernel, i)(x, V(g[i]), s);
      p[i] = rounded<P>(x - moved);
      [&]<std::size_t... J>(std::index_sequence<J...>) {
        ((slots[J][i] = rounded<std::tuple_element_t<J, gradus::slot_types_t<R, T>>>(s[J])), ...);
      }(std::make_index_sequence<N>{});
    }
  }
  template <class S>
  static T rounded(const V& x) {
    if constexpr (sizeof(S) == 2 && sizeof(T) == 4) return x.template rounded<S>().v;
    return x.v;
  }
};

}  // namespace support
