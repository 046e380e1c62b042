#pragma once

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A constant rate, then a cosine to the end. Short for a `Sequence`.
///
///   rate(t) = rate                                                   for t < flat
///   rate(t) = end + (rate - end) * (1 + cos(pi (t - flat) / steps)) / 2   up to flat + steps
///
/// Domain: rate, end >= 0; flat, steps >= 0, not both 0; all t. A piece of 0 steps is skipped; if
///   the cosine is skipped, the rate stays constant.
/// Units: rate and end are rates; flat and steps are numbers of steps, flat + steps in all.
/// Cost: a comparison, and one cosine in the second piece.
/// Errors: those of `Constant`, `For` and `Cosine` in a `Sequence`.
/// Source: fastai's fit_flat_cos.
/// Differs: fastai gives the flat piece as a fraction of all steps, by default 0.75, and its end is
///   the rate divided by 1e5.
/// Example: flat_then_cosine(0.1, 600, 400)
template <Real T = double>
constexpr auto flat_then_cosine(real<T> rate, Length flat, Length steps, real<T> end = 0) {
  return Sequence{For{flat, Constant<T>{rate}}, Cosine<T>{rate, end, steps}};
}

}}  // namespace gradus::GRADUS_ABI
