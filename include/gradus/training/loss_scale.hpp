#pragma once

#include <cstdint>

#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Dynamic loss scaling: keeps the gradients of half-precision training out of float16's depths.
///
///   the loss is multiplied by value, the gradients in the step by 1 / value
///   skipped step:                        value <- max(floor, value * backoff);   good <- 0
///   interval applied steps one by one:   value <- min(ceiling, value * growth);  good <- 0
///   every group frozen:                  nothing, for the gradients were not looked at
///
/// A plain value, saved and restored as its fields. In the loop, with an optimizer made with
/// `NonFinite::skip` (another one never says that gradients overflowed):
///
///   const gradus::StepResult r = opt.step(params, grads, scale.options());
///   scale.update(r);
///
/// Domain: 0 < floor <= value <= ceiling; growth >= 1; backoff in (0, 1]; interval > 0. A static
///   scale is `LossScale::fixed(1024)`. Powers of two change no digit of a gradient.
/// Units: value has none; interval and good count applied updates.
/// State: value and good.
/// Cost: nothing a parameter: the division is the step's own multiplication.
/// Errors: a field outside its domain, at `options` and `update`.
/// Source: P. Micikevicius et al., Mixed precision training, 2018; the defaults are those of
///   torch.amp.GradScaler.
/// Differs: GradScaler has no floor, and can end at 0; its ceiling is float's largest number, ours
///   2^24, as Apex's.
struct LossScale {
  static constexpr const char* name = "LossScale";
  double value = 0x1p16;  ///< what the loss is to be multiplied by now
  double growth = 2;
  double backoff = 0.5;
  Length interval = 2000;
  double floor = 1;
  double ceiling = 0x1p24;
  std::uint64_t good = 0;  ///< applied updates since value last changed, or was to

  /// One that stays as it is.
  static constexpr LossScale fixed(double value) noexcept {
    return {.value = value, .growth = 1, .backoff = 1, .floor = value, .ceiling = value};
  }

  constexpr double scale() const {
    refuse_if(check());
    return value;
  }
  /// What a step is told: the given options, and gradients divided by the scale.
  constexpr StepOptions options(StepOptions given = {}) const {
    refuse_if(check());
    given.scale = static_cast<double>(math::ieee(given.scale) / value);
    return given;
  }
  /// Learns what became of a step, of one optimizer or of groups; true if the value has changed.
  template <class Result = StepResult>
    requires requires(const Result& r) { bool{r.applied}; }
  constexpr bool update(const Result& result) {
    refuse_if(check());
    if constexpr (requires { bool{result.frozen}; })
      if (result.frozen) return false;
    const double before = value;
    good = result.applied ? good + 1 : 0;
    if (!result.applied) {
      const double lower = static_cast<double>(math::ieee(value) * backoff);
      value = lower < floor ? floor : lower;
    } else if (good >= interval.steps()) {
      const double higher = static_cast<double>(math::ieee(value) * growth);
      value = higher < ceiling ? higher : ceiling;
      good = 0;
    }
    return value != before;
  }

  constexpr Fault check() const {
    const Fault fault = detail::first_fault(detail::check_positive<float>(name, "floor", floor),
                                            detail::check_positive<float>(name, "ceiling", ceiling),
                                            detail::check_positive<float>(name, "value", value),
                                            detail::check_positive<float>(name, "growth", growth),
                                            detail::check_factor(name, "backoff", backoff),
                                            detail::check_length(name, "interval", interval));
    if (fault) return fault;
    if (growth < 1) return {name, "growth", "must be >= 1", growth};
    if (ceiling > 0x1p126)
      return {name, "ceiling", "must be <= 2^126: its inverse is a float", ceiling};
    if (value < floor) return {name, "value", "must be >= floor", value};
    if (value > ceiling) return {name, "value", "must be <= ceiling", value};
    return {};
  }
  constexpr bool operator==(const LossScale&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
