#pragma once

#include <array>
#include <cstddef>

#include <gradus/error/fault.hpp>
#include <gradus/feedback/factor.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The answer of a `SpikeGuard`: make the update, skip it, or go back to a snapshot.
enum class Verdict { go, skip, rollback };

/// Detects spikes of the loss, or of the gradients' norm, by its z-score over the last `Window`
/// losses, which include the new one.
///
///   z = (loss - mean) / sqrt(mean of (loss_i - mean)^2)
///   go:        z <= limit, or fewer than Window losses so far
///   skip:      otherwise, and if the loss is NaN, infinite or larger than 1e150
///   rollback:  at the patience-th loss in a row that is not `go`;
///              value <- max(value * factor, floor)
///
/// Domain: 0 < limit < sqrt(Window - 1), the largest z there can be (11.2 for 128), or infinite for
///   no limit; patience >= 0, where 0 means no rollback; factor in (0, 1]; floor in [0, 1]; Window
///   > 1; any loss. A loss that jumps and stays high counts as a spike while fewer than Window /
///   (limit^2 + 1) losses of the window are high, by default for two losses: to roll such a jump
///   back, the patience must be at most that.
/// Units: limit in standard deviations, patience in losses.
/// State: `state`, Window + 4 doubles. A copy of it, or of the whole, continues as the original.
/// Init: an empty window, value 1.
/// Cost: two passes over the window.
/// Errors: a field outside its domain, at each call, also of `value` and `z`.
/// Source: llm.c's outlier detector; the rollback is dlib's trainer's.
/// Differs: a loss that is NaN, infinite or larger than 1e150 does not enter the window; in llm.c
///   every later z is then NaN. llm.c updates its sums, here they are computed anew. A rollback
///   reduces `value()`, a factor for the step, so that the training does not meet the same spike
///   for ever.
template <std::size_t Window = 128>
  requires(Window > 1)
struct SpikeGuard {
  static constexpr const char* name = "SpikeGuard";
  double limit = 7;
  Length patience = 2;
  double factor = 0.5;
  double floor = 0;

  struct State {
    std::array<double, Window> losses{};
    double at = 0;    ///< the place of the next one
    double seen = 0;  ///< losses that entered, up to Window
    double bad = 0;   ///< losses in a row that were not `go`
    double value = 1;
  } state{};

  /// A factor for the step: 1 until the first rollback.
  constexpr double value() const {
    refuse_if(check());
    return state.value;
  }
  /// The z-score of the newest loss in the window; 0 if the window is not full or all are equal.
  constexpr double z() const {
    refuse_if(check());
    if (state.seen < Window) return 0;
    const std::size_t newest = (next() + Window - 1) % Window;
    math::ieee sum = 0.0, squares = 0.0;
    for (const double& x : state.losses) sum = sum + x;
    const math::ieee mean = sum / static_cast<double>(Window);
    for (const double& x : state.losses) squares = squares + (x - mean) * (x - mean);
    const double variance = static_cast<double>(squares / static_cast<double>(Window));
    if (!(variance > 0) || !math::is_finite(variance)) return 0;
    return static_cast<double>((state.losses[newest] - mean) / math::sqrt(variance));
  }
  /// Takes a loss, and answers what to do with the update that it belongs to.
  constexpr Verdict operator()(const double& loss) {
    refuse_if(check());
    const bool counts = detail::fits_in_window(loss);
    if (counts) enter(loss);
    state.bad = counts && !(z() > limit) ? 0 : state.bad + 1;
    if (state.bad == 0) return Verdict::go;
    if (state.bad != static_cast<double>(patience.value)) return Verdict::skip;
    state.value = detail::shrunk(state.value, factor, floor);
    state.bad = 0;
    return Verdict::rollback;
  }
  constexpr Fault check() const noexcept {
    if (!(state.at >= 0 && state.at < Window))
      return {name, "state.at", "must be in [0, Window)", state.at};
    if (math::is_finite(limit) && limit > 0 && limit * limit >= static_cast<double>(Window - 1))
      return {name, "limit", "must be < sqrt(Window - 1), or infinite", limit};
    return detail::first_fault(detail::check_limit(name, "limit", limit),
                               detail::check_length_or_0(name, "patience", patience),
                               detail::check_factor(name, "factor", factor),
                               detail::check_floor<double>(name, floor, 1.0));
  }

 private:
  constexpr std::size_t next() const noexcept { return static_cast<std::size_t>(state.at); }
  constexpr void enter(const double& loss) noexcept {
    state.losses[next()] = loss;
    state.at = next() + 1 < Window ? state.at + 1 : 0;
    if (state.seen < Window) state.seen += 1;
  }
};

}}  // namespace gradus::GRADUS_ABI
