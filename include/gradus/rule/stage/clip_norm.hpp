#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/rule/part/scaled.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stage: scales all gradients down together if their global norm exceeds a limit.
///
///   |g| = sqrt(sum of g^2 over all parameters of all spans)
///   g <- g * min(1, max_norm / (|g| + eps))
///
/// Domain: max_norm > 0, eps >= 0; the norm is over the spans of one optimizer. A norm that is not
///   finite (a NaN or an infinity somewhere) clips nothing.
/// Units: max_norm and eps are in units of the gradient.
/// State: none.
/// Traffic: 4 bytes a parameter in float (one more read of g). To see the norm, too, call
///   `gradient_norm` and give the step `factor(norm)` as its scale: the same bits and reads.
/// Init: nothing.
/// Cost: one multiplication a parameter; the sum is taken in double over a fixed tree, the same
///   bits whatever the threads.
/// Errors: max_norm zero, negative, NaN or infinite; eps negative, NaN or infinite.
/// Source: R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural
///   networks, 2013.
/// Differs: exact, as optax and Keras' global_clipnorm; PyTorch and MLX have an eps of 1e-6, and
///   PyTorch sums in float. For the norm of each tensor by itself: `ClipSpanNorm`.
struct ClipNorm {
  static constexpr const char* name = "ClipNorm";
  static constexpr const char* fields = "max_norm eps";
  double max_norm = 1;
  double eps = 0;

  template <Real T, class M>
  constexpr detail::ScaledGradient<T> prepare(const Context&, const M& measure) const {
    const double norm = detail::norms<T>(measure, detail::OfGradients{})[0];
    return {static_cast<T>(factor(norm))};
  }
  /// What gradients of that norm are multiplied by.
  constexpr double factor(double norm) const {
    refuse_if(check());
    return detail::clip_factor(norm, max_norm, eps);
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_divisor<double>(name, "max_norm", max_norm),
                               detail::check_weight<double>(name, "eps", eps));
  }
  constexpr bool operator==(const ClipNorm&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
