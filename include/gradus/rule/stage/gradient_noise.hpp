#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/simd/normal.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: adds normally distributed random numbers, whose variance falls with the steps.
///
///   g <- g + N(0, eta / n^gamma),  n = t + 1
///
/// Domain: eta >= 0, gamma >= 0; any seed. A number depends on seed, step and the element's place
///   among all elements alone: the same for any cut, executor and instruction set.
/// Units: eta is in units of the gradient squared, gamma a plain number.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: some 150 integer operations and 14 others a parameter; one power a step.
/// Errors: eta or gamma negative, NaN or infinite; eta above 2^200 for float, because its root
///   multiplies numbers.
/// Source: A. Neelakantan et al., Adding gradient noise improves learning for very deep networks,
///   2015.
/// Differs: as optax' add_noise, by other random numbers. eta = 0.01 as in the paper, which also
///   has 0.3 and 1. Within 8.7 deviations.
struct GradientNoise {
  static constexpr const char* name = "GradientNoise";
  static constexpr const char* fields = "eta gamma seed";
  double eta = 0.01;
  double gamma = 0.55;
  std::uint64_t seed = 0;

  template <Real T>
  struct Kernel {
    T deviation;
    simd::NormalKeys keys;
    std::uint64_t element = 0;

    template <class V, std::size_t N>
    GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
      V normal;
      simd::draw_normal(normal, keys, element);
      return limited(g + deviation * normal);
    }
    GRADUS_KERNEL constexpr Kernel at_element(std::uint64_t i) const {
      return {deviation, keys, i};
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const math::ieee variance = math::ieee(eta) * math::pow(c.n(), -gamma);
    const double deviation = math::sqrt(static_cast<double>(variance));
    Kernel<T> k{detail::round_to<T>(deviation), {}};
    std::uint64_t stream = std::uint64_t{1} << 32;  // others than those of `Stochastic`
    for (RandomKey& key : k.keys) key = RandomKey(seed, c.t, stream++);
    return k;
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_weight<double>(name, "eta", eta),
                               sizeof(T) == 4 && eta > 0x1p200
                                   ? Fault{name, "eta", "must be at most 2^200 for float", eta}
                                   : Fault{},
                               detail::check_weight<double>(name, "gamma", gamma));
  }
  constexpr bool operator==(const GradientNoise&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
