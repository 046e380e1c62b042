#pragma once

#include <array>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/rule/part/overflow.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage: keeps slow parameters. At every sync_period-th step, they move a part of the way to
/// the parameters, which then continue from there.
///
///   where (t + 1) mod sync_period = 0:
///     slow <- slow - slow_step_size * (slow - (p - step));  p <- slow
///   elsewhere:  p <- p - step
///
/// Step stages behind it see a step of 0 where it has moved p.
///
/// Domain: sync_period > 0, slow_step_size in (0, 1].
/// Units: sync_period is in steps, slow_step_size a plain number.
/// State: one slot, slow.
/// Traffic: 8 bytes a parameter in float (reads and writes slow).
/// Init: slow = p at construction.
/// Cost: one multiplication, three subtractions and two selections a parameter.
/// Errors: sync_period 0 or negative; slow_step_size NaN or outside (0, 1]; an optimizer
///   constructed with a number of parameters instead of the parameters.
/// Source: M. Zhang et al., Lookahead optimizer: k steps forward, 1 step back, 2019.
/// Differs: the paper's k is `sync_period`, its alpha `slow_step_size`; 5 and 0.5 as there, timm
///   has 6 steps. The rule's own state is kept where the parameters jump, as in timm and optax.
struct Lookahead {
  static constexpr const char* name = "Lookahead";
  static constexpr const char* fields = "sync_period slow_step_size";
  Length sync_period = 5;
  double slow_step_size = 0.5;

  constexpr std::array<Slot, 1> slots() const { return {{{"slow", 0, Slot::From::params}}}; }

  template <Real T>
  struct Kernel {
    T slow_step_size;  // 0 where it is not yet time
    template <class V>
    GRADUS_KERNEL V step(V& p, const V&, const V& step, std::array<V, 1>& s) const {
      auto& [slow] = s;
      const V zero(T{0}), now(slow_step_size);
      slow = slow - now * limited(slow - (p - step));
      p = select_less(zero, now, slow, p);
      return select_less(zero, now, zero, step);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    const step_t period = sync_period.steps();
    return {period != 0 && (c.t + 1) % period == 0 ? static_cast<T>(slow_step_size) : T{0}};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(detail::check_length(name, "sync_period", sync_period),
                               detail::check_factor(name, "slow_step_size", slow_step_size),
                               detail::check_divisor<T>(name, "slow_step_size", slow_step_size));
  }
  constexpr bool operator==(const Lookahead&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
