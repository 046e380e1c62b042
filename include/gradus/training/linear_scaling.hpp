#pragma once

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// batch / reference, or a refusal by `who`.
constexpr math::ieee batch_ratio(const char* who, const double& rate, Length batch,
                                 Length reference) {
  refuse_if(first_fault(check_not_negative<double>(who, "rate", rate),
                        check_length(who, "batch", batch),
                        check_length(who, "reference", reference)));
  return math::ieee(static_cast<double>(batch.value)) / static_cast<double>(reference.value);
}
}  // namespace detail

/// The rate for another batch size, for SGD with or without momentum: k times the batch, k times
/// the rate.
///
///   linear_scaling(rate, batch, reference) = rate * batch / reference
///
/// `rate` is one that works with batches of `reference` samples, `batch` the number of samples
/// whose gradients are averaged for one update, micro-batches and machines included. k steps with
/// a k-th of the batch then go about as far as one. It ends where the gradient's noise no longer
/// dominates: do not trust it above some thousand samples, and warm up.
///
/// Domain: rate >= 0; batch, reference > 0.
/// Units: batches in samples, or both in tokens.
/// Cost: a division, a multiplication.
/// Errors: a rate that is negative or not finite, a batch that is not positive.
/// Source: P. Goyal et al., Accurate, large minibatch SGD, 2017; A. Krizhevsky, One weird trick for
///   parallelizing convolutional neural networks, 2014.
/// Differs: where gradients are summed over the batch, not averaged, the rate stays as it is.
constexpr double linear_scaling(double rate, Length batch, Length reference) {
  return static_cast<double>(rate * detail::batch_ratio("linear_scaling", rate, batch, reference));
}

}}  // namespace gradus::GRADUS_ABI
