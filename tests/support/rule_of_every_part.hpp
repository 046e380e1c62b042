// A rule that has every optional part, for the nestings of wrappers.
#pragma once

#include <gradus/concept/rule.hpp>

#include <array>
#include <cstdint>
#include <span>

#include "support/nestings.hpp"

namespace support {

struct Full {
  double gain = 0.75;
  constexpr std::array<gradus::Slot, 2> slots() const {
    return {{{"a"}, {"b", 0, gradus::Slot::From::params}}};
  }
  constexpr std::array<gradus::Scalar, 1> scalars() const { return {{{"all", 1}}}; }
  constexpr std::array<gradus::Scalar, 1> span_scalars() const { return {{{"span", 2}}}; }

  template <gradus::Real T>
  struct Kernel {
    T rate, gain, all, span = 0, place = 0;
    template <class V>
    GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, 2>& s) const {
      s[0] = gain * s[0] + g * span;
      s[1] = s[1] - all * p;
      p = p - rate * s[1];
      return rate * (s[0] + place);
    }
    struct Terms {
      static constexpr std::size_t count = 2;
      T place = 0;
      template <class V, std::size_t N>
      GRADUS_KERNEL std::array<gradus::Product<V>, 2> operator()(const V& p, const V& g,
                                                                 const std::array<V, N>& s) const {
        return {gradus::Product<V>{p, g + place}, gradus::Product<V>{s[1], s[1]}};
      }
      GRADUS_KERNEL constexpr Terms at_element(std::uint64_t i) const {
        return {static_cast<T>(i) / 8};
      }
    };
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M& measure) const {
      const auto [a, b] = measure(Terms{});
      scalars[0] = scalars[0] / 2 + a / 64 + static_cast<double>(measure.span);
      Kernel r = *this;
      r.span = static_cast<T>(scalars[0] + b / 64);
      return r;
    }
    GRADUS_KERNEL constexpr Kernel at_element(std::uint64_t i) const {
      Kernel r = *this;
      r.place = static_cast<T>(i) / 16;
      return r;
    }
  };
  template <gradus::Real T, class M>
  constexpr Kernel<T> prepare(const gradus::Context& c, std::span<double, 1> scalars,
                              const M& measure) const {
    const auto [a, b] = measure(typename Kernel<T>::Terms{});
    scalars[0] = scalars[0] / 2 + (a + b) / 128;
    return {static_cast<T>(c.rate), static_cast<T>(gain), static_cast<T>(scalars[0])};
  }
  constexpr bool operator==(const Full&) const = default;
};
static_assert(gradus::Rule<Full>);

}  // namespace support

template <>
inline constexpr auto support::nesting::field<support::Full> = &support::Full::gain;
