#pragma once

#include <array>

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: decoupled weight decay that falls with the square of the rate, which keeps the
/// ratio of gradients to weights steady under a schedule.
///
///   p <- p * (1 - rate * (rate / peak) * weight_decay), then the rule's step
///
/// Domain: weight_decay >= 0; peak > 0, the largest rate of the schedule: it must be given.
/// Units: weight_decay is 1 / rate, peak a rate.
/// State: none.
/// Traffic: none of its own.
/// Init: nothing.
/// Cost: one multiplication a parameter.
/// Errors: weight_decay negative, NaN or infinite; peak zero, negative, NaN or infinite.
/// Source: A. Defazio, Why gradients rapidly increase near the end of training, 2025 (AdamC is
///   `Chain{Adam{}, CorrectedWeightDecay{...}}`), for layers in front of a normalisation.
/// Differs: as timm's corrected_weight_decay and kozistr's AdamC, where peak is the rate at
///   construction.
struct CorrectedWeightDecay {
  static constexpr const char* name = "CorrectedWeightDecay";
  static constexpr const char* fields = "weight_decay peak";
  double weight_decay = 0.01;
  double peak = 0;

  template <Real T>
  constexpr WeightDecay::Kernel<T> prepare(const Context& c) const {
    const math::ieee rate = c.rate;
    return {detail::round_to<T>(1.0 - rate * (rate / peak) * weight_decay)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_weight<T>(name, "weight_decay", weight_decay),
                               detail::check_divisor<double>(name, "peak", peak));
  }
  constexpr bool operator==(const CorrectedWeightDecay&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
