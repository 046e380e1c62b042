#pragma once

#include <gradus/math/sqrt.hpp>
#include <gradus/step/length.hpp>
#include <gradus/training/linear_scaling.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The rate for another batch size, for Adam and its like: k times the batch, sqrt(k) times the
/// rate.
///
///   sqrt_scaling(rate, batch, reference) = rate * sqrt(batch / reference)
///
/// A step of Adam is as long whatever the gradient's size, and the noise in its direction falls by
/// sqrt(k). For moderate k this is all; to follow the same path for a large one, the averages must
/// forget as many samples, not steps: with k = batch / reference also
///   beta <- 1 - k (1 - beta), both of them;   eps <- eps / sqrt(k)
///
/// Domain: rate >= 0; batch, reference > 0.
/// Units: batches in samples, or both in tokens.
/// Cost: a division, a square root, a multiplication.
/// Errors: a rate that is negative or not finite, a batch that is not positive.
/// Source: S. Malladi et al., On the SDEs and scaling rules for adaptive gradient algorithms, 2022;
///   for SGD, where it keeps the variance of a step: A. Krizhevsky, One weird trick for
///   parallelizing convolutional neural networks, 2014.
/// Differs: -
constexpr double sqrt_scaling(double rate, Length batch, Length reference) {
  const math::ieee ratio = detail::batch_ratio("sqrt_scaling", rate, batch, reference);
  return static_cast<double>(rate * math::ieee(math::sqrt(static_cast<double>(ratio))));
}

}}  // namespace gradus::GRADUS_ABI
