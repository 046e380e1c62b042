#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/schedule/shape/interpolate.hpp>
#include <gradus/schedule/shape/quotient.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The schedule of the first transformers: a linear warmup, then 1 / sqrt(n).
///
///   rate(t) = factor / sqrt(size) * min(1 / sqrt(n), n / warmup^1.5),  n = t + 1
///
/// Domain: size > 0, warmup >= 0, factor >= 0; all t. Within [0, factor / sqrt(size * max(warmup,
///   1))]; that peak is reached at t = warmup - 1. With warmup = 0 the rate falls with 1 / sqrt(n)
///   from the first step on.
/// Units: size is the model's width (d_model), by default 512; warmup is a number of steps, by
///   default 4000; factor is a rate.
/// Cost: two divisions and one square root; one more division in the warmup.
/// Errors: size = 0 or negative; warmup negative; factor negative, NaN or infinite.
/// Source: A. Vaswani et al., Attention is all you need, 2017.
/// Differs: the same as burn's Noam. To give a rate instead of the size, use `Warmup` and
///   `InverseSqrt`.
/// Example: Noam{.size = 512, .warmup = 200}
template <Real T = double>
struct Noam {
  static constexpr const char* name = "Noam";
  static constexpr const char* fields = "size warmup factor=";
  Length size = 512;
  Length warmup = 4000;
  real<T> factor = 1;

  constexpr T operator()(step_t t) const noexcept {
    const step_t peak = warmup.steps();
    const math::dd a = detail::split(size.steps()), before = detail::split(t < peak ? peak - 1 : t);
    const math::dd n{before.hi, before.lo + 1.0};
    const math::ieee square = (a.hi + a.lo) * (n.hi + n.lo);
    const math::ieee root = math::sqrt(static_cast<double>(square));
    const math::ieee share = t < peak ? detail::fraction(t + 1, peak) : 1.0;
    const math::ieee rate = static_cast<double>(factor) / root * share;
    // The relative error by the roundings of the square and the root: (a n - root^2) / (2 square).
    const math::ieee more = (a.hi * n.hi - square) + (a.hi * n.lo + a.lo * n.hi + a.lo * n.lo);
    const math::ieee hi = math::head(root), lo = root - hi;
    const math::ieee lost = (((square - hi * hi) - 2.0 * (hi * lo)) - lo * lo) + more;
    return static_cast<T>(static_cast<double>(rate - rate * (0.5 * (lost / square))));
  }
  constexpr Fault check() const noexcept {
    return detail::first_fault(detail::check_length(name, "size", size),
                               detail::check_length_or_0(name, "warmup", warmup),
                               detail::check_rate(name, "factor", factor));
  }
  constexpr bool operator==(const Noam&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
