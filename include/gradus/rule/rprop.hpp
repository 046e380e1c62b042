#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Rprop: uses only the sign of each gradient. The step size of a parameter grows while the sign
/// stays the same, and shrinks when it changes.
///
///   size <- size * eta_plus   where g * prev > 0
///   size <- size * eta_minus where g * prev < 0, and g is taken for 0
///   size <- min(max(size, min_step_size), max_step_size);  prev <- g
///   p <- p - rate * sign(g) * size
///
/// Domain: initial_step_size, min_step_size > 0, max_step_size >= min_step_size, eta_minus in (0,
///   1), eta_plus >= 1.
/// Units: the sizes are in units of the parameter; the rate is a factor, to be 1.
/// State: two slots, prev and size.
/// Traffic: 28 bytes a parameter in float (reads p, g, prev, size; writes p, prev, size).
/// Init: prev = 0, size = initial_step_size.
/// Cost: a dozen comparisons and multiplications a parameter. For whole batches: a noisy sign
///   makes no progress.
/// Errors: a field outside its domain, NaN or infinite.
/// Source: M. Riedmiller, H. Braun, A direct adaptive method for faster backpropagation learning:
///   the RPROP algorithm, 1993; this form: C. Igel, M. Huesken, 2000 (iRprop-).
/// Differs: as PyTorch at a rate of 1, bit for bit, where PyTorch's lr is initial_step_size; there
///   a product g * prev that underflows counts as no turn.
struct Rprop {
  static constexpr const char* name = "Rprop";
  static constexpr const char* fields =
      "initial_step_size eta_minus eta_plus min_step_size max_step_size";
  double initial_step_size = 0.01;
  double eta_minus = 0.5;
  double eta_plus = 1.2;
  double min_step_size = 1e-6;
  double max_step_size = 50;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"prev"}, {"size", initial_step_size}}}; }

  template <Real T>
  struct Kernel {
    T rate, eta_minus, eta_plus, min_step_size, max_step_size;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [prev, size] = s;
      const V zero(T{0}), turned = sign(g) * sign(prev);
      const V factor = select_less(zero, turned, V(eta_plus), V(T{1}));
      size = size * select_less(turned, zero, V(eta_minus), factor);
      size = min(max(size, V(min_step_size)), V(max_step_size));
      prev = select_less(turned, zero, zero, g);
      const V up = select_less(zero, prev, size, prev + zero);  // NaN stays
      return rate * select_less(prev, zero, -size, up);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), static_cast<T>(eta_minus), static_cast<T>(eta_plus),
            static_cast<T>(min_step_size), static_cast<T>(max_step_size)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    if (const Fault fault = detail::first_fault(
            detail::check_divisor<T>(name, "initial_step_size", initial_step_size),
            detail::check_divisor<T>(name, "eta_minus", eta_minus),
            detail::check_divisor<T>(name, "eta_plus", eta_plus),
            detail::check_divisor<T>(name, "min_step_size", min_step_size),
            detail::check_divisor<T>(name, "max_step_size", max_step_size)))
      return fault;
    if (eta_minus >= 1) return {name, "eta_minus", "must be below 1", eta_minus};
    if (eta_plus < 1) return {name, "eta_plus", "must be >= 1", eta_plus};
    if (max_step_size < min_step_size)
      return {name, "max_step_size", "must be >= min_step_size", max_step_size};
    return {};
  }
  constexpr bool operator==(const Rprop&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
