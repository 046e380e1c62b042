#pragma once

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A constant rate, then a cosine to the end: a `Sequence`, written shortly.
///
///   rate(t) = rate                                                   for t < flat
///   rate(t) = end + (rate - end) * (1 + cos(pi (t - flat) / steps)) / 2   up to flat + steps
///
/// Domain: rate, end >= 0; flat, steps >= 0, not both 0; all t. A part of 0 steps is skipped;
///   without a cosine the rate stays.
/// Units: rate and end are rates; flat and steps numbers of steps, flat + steps in all.
/// Cost: a comparison, and one cosine in the second part.
/// Errors: those of `Constant`, `For` and `Cosine`, as a `Sequence` has them.
/// Source: fastai's fit_flat_cos.
/// Differs: fastai says its lengths as a fraction, 0.75 of the steps by default, and divides the
///   rate by 1e5 for its end.
constexpr auto flat_then_cosine(double rate, Length flat, Length steps, double end = 0) {
  return Sequence{For{flat, Constant<>{rate}}, Cosine<>{rate, end, steps}};
}

}}  // namespace gradus::GRADUS_ABI
