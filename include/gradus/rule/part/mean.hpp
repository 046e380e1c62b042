// Running means of the gradients and of their squares, which Adam and its kin are made of.
#pragma once

#include <limits>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/real.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The beta of a running mean, and 1 - beta, each rounded once to the parameters' type.
template <Real T, class Keep = T>
struct Beta {
  Keep keep;
  T rest;
  constexpr Beta(const double& beta) noexcept  // NOLINT: implicit, from a field of the rule
      : keep(static_cast<T>(beta)), rest(static_cast<T>(1.0 - beta)) {}
};
/// The same for a mean that may be infinite, because the squares of the gradients may overflow.
template <Real T>
using WideBeta = Beta<T, Factor<T>>;

/// beta * m + (1 - beta) * g
template <Real T, class Keep, class V>
GRADUS_KERNEL V mean(const Beta<T, Keep>& beta, const V& m, const V& g) {
  return beta.keep * m + beta.rest * g;
}
/// beta * v + (1 - beta) * g^2
template <Real T, class Keep, class V>
GRADUS_KERNEL V mean_of_squares(const Beta<T, Keep>& beta, const V& v, const V& g) {
  return beta.keep * v + (beta.rest * g) * g;
}

/// v - m^2: the variance, if v is the mean of the squares and m the mean of the numbers. Rounding
/// could make it negative, so it is limited to 0.
template <class V>
GRADUS_KERNEL V variance(const V& v, const V& m) {
  return max(V(typename V::value_type{0}), v - limited(m * m));
}

/// Whether `mean` of any finite numbers is finite: rounding can make the two factors' sum exceed 1.
template <Real T>
constexpr bool is_mean(const Beta<T>& beta) noexcept {
  using math::ieee;
  constexpr double most = static_cast<double>(std::numeric_limits<T>::max() / 4);
  const T kept = static_cast<T>(static_cast<double>(static_cast<double>(beta.keep) * ieee(most)));
  const T added = static_cast<T>(static_cast<double>(static_cast<double>(beta.rest) * ieee(most)));
  const ieee sum = ieee(static_cast<double>(kept)) + static_cast<double>(added);
  return static_cast<double>(static_cast<T>(static_cast<double>(sum))) <= most;
}

/// 1 - beta^n: the sum of the weights in a running mean of n numbers. Because the mean starts at 0,
/// it is divided by that; by 1 if it is not `corrected`.
constexpr double bias_correction(const double& beta, const Context& c,
                                 bool corrected = true) noexcept {
  return corrected ? c.one_minus_power_n(beta) : 1.0;
}
/// Adam's corrections of m and v as one factor of the rate: sqrt(1 - beta2^n) / (1 - beta1^n).
constexpr double bias_correction_of_rate(const double& beta1, const double& beta2,
                                         const Context& c) noexcept {
  const math::ieee root = math::sqrt(bias_correction(beta2, c));
  return static_cast<double>(root / bias_correction(beta1, c));
}

}}}  // namespace gradus::GRADUS_ABI::detail
