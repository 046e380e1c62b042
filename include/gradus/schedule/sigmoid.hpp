#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/exp.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/schedule/shape/rate.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A sigmoid around one step: about start long before it, half of start at it, about 0 long after.
///
///   rate(t) = start / (1 + e^(slope * (t - middle)))
///
/// Domain: start >= 0, slope finite, middle >= 0; all t. Within [0, start].
/// Units: start is a rate, slope is 1 / step, middle is a step. The rate falls if slope > 0 and
///   rises if slope < 0.
/// Cost: one exponential and one division.
/// Errors: start negative or not finite; slope not finite; middle not given or negative.
/// Source: Y. Jia et al., Caffe: convolutional architecture for fast feature embedding, 2014.
/// Differs: slope is darknet's gamma, and Caffe's gamma with the opposite sign: in Caffe's
///   `sigmoid` the rate falls if gamma < 0. middle is Caffe's stepsize and darknet's step.
/// Example: Sigmoid{.start = 0.1, .slope = 0.02, .middle = 500}
template <Real T = double>
struct Sigmoid {
  static constexpr const char* name = "Sigmoid";
  static constexpr const char* fields = "start slope middle";
  real<T> start = 0;
  double slope = 0;
  Length middle = {};

  constexpr T operator()(step_t t) const noexcept {
    const step_t m = middle.steps();
    const math::ieee away = t < m ? -static_cast<double>(m - t) : static_cast<double>(t - m);
    const math::ieee power = math::exp(static_cast<double>(slope * away));
    return static_cast<T>(static_cast<double>(static_cast<double>(start) / (1.0 + power)));
  }
  constexpr Fault check() const noexcept {
    if (const Fault fault = detail::check_rate(name, "start", start)) return fault;
    if (!math::is_finite(slope)) return {name, "slope", "must be finite", slope};
    return detail::check_length_or_0(name, "middle", middle);
  }
  constexpr bool operator==(const Sigmoid&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
