#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/quotient.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The rate of the first transformers: a straight line up, then 1 / sqrt(n).
///
///   rate(t) = factor / sqrt(size) * min(1 / sqrt(n), n / warmup^1.5),  n = t + 1
///
/// Domain: size > 0, warmup >= 0, factor >= 0; all t. Within [0, factor / sqrt(size * max(warmup,
///   1))], which is the rate of update warmup, t = warmup - 1. Without a warmup it is 1 / sqrt(n)
///   from the first step on.
/// Units: size is the model's width (d_model), warmup a number of steps (512 and 4000 where they
///   are not given), factor a rate.
/// Cost: two divisions and one square root; one more division in the warmup.
/// Errors: size = 0 or negative; warmup negative; factor negative, NaN or infinite.
/// Source: A. Vaswani et al., Attention is all you need, 2017.
/// Differs: as burn's Noam. With a rate of its own instead of the size: `Warmup` and `InverseSqrt`.
template <Real T = double>
struct Noam {
  static constexpr const char* name = "Noam";
  static constexpr const char* fields = "size warmup factor=";
  Length size = 512;
  Length warmup = 4000;
  real<T> factor = 1;

  constexpr T operator()(step_t t) const noexcept {
    const step_t peak = warmup.steps();
    const math::dd a = detail::pieces(size.steps()),
                   before = detail::pieces(t < peak ? peak - 1 : t);
    const math::dd n{before.hi, before.lo + 1.0};
    const math::ieee square = (a.hi + a.lo) * (n.hi + n.lo);
    const math::ieee root = math::sqrt(static_cast<double>(square));
    const math::ieee share = t < peak ? detail::fraction(t + 1, peak) : 1.0;
    const math::ieee rate = static_cast<double>(factor) / root * share;
    // What the roundings of the square and the root have taken away: (a n - root^2) / (2 square) of
    // the rate.
    const math::ieee more = (a.hi * n.hi - square) + (a.hi * n.lo + a.lo * n.hi + a.lo * n.lo);
    const math::ieee hi = math::head(root), lo = root - hi;
    const math::ieee lost = (((square - hi * hi) - 2.0 * (hi * lo)) - lo * lo) + more;
    return static_cast<T>(static_cast<double>(rate - rate * (0.5 * (lost / square))));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(
        detail::check_length(name, "size", size), detail::check_length_or_0(name, "warmup", warmup),
        detail::check_not_negative<T>(name, "factor", static_cast<double>(factor)));
  }
  constexpr bool operator==(const Noam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
