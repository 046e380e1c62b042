#pragma once

#include <array>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Rprop: only the gradient's sign counts; a step grows while it stays and shrinks where it turns.
///
///   size <- size * grow   where g * prev > 0
///   size <- size * shrink where g * prev < 0, and g is taken for 0
///   size <- min(max(size, smallest), largest);  prev <- g
///   p <- p - rate * sign(g) * size
///
/// Domain: start, smallest > 0, largest >= smallest, shrink in (0, 1), grow >= 1.
/// Units: the sizes are in units of the parameter; the rate is a factor, to be 1.
/// State: two slots, prev and size.
/// Traffic: 28 bytes a parameter in float (reads p, g, prev, size; writes p, prev, size).
/// Init: prev = 0, size = start.
/// Cost: a dozen comparisons and multiplications a parameter. For whole batches: a noisy sign
///   makes no progress.
/// Errors: a field outside its domain, NaN or infinite.
/// Source: M. Riedmiller, H. Braun, A direct adaptive method for faster backpropagation learning:
///   the RPROP algorithm, 1993; this form: C. Igel, M. Huesken, 2000 (iRprop-).
/// Differs: as PyTorch at a rate of 1, bit for bit, where PyTorch's lr is start; there a product g
///   * prev that underflows counts as no turn.
struct Rprop {
  static constexpr const char* name = "Rprop";
  double start = 0.01;
  double shrink = 0.5;
  double grow = 1.2;
  double smallest = 1e-6;
  double largest = 50;

  static constexpr std::array<bool, 2> not_negative{false, true};
  constexpr std::array<Slot, 2> slots() const { return {{{"prev"}, {"size", start}}}; }

  template <Real T>
  struct Kernel {
    T rate, shrink, grow, smallest, largest;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 2>& s) const {
      auto& [prev, size] = s;
      const V zero(T{0}), turned = sign(g) * sign(prev);
      const V factor = select_less(zero, turned, V(grow), V(T{1}));
      size = size * select_less(turned, zero, V(shrink), factor);
      size = min(max(size, V(smallest)), V(largest));
      prev = select_less(turned, zero, zero, g);
      const V up = select_less(zero, prev, size, prev + zero);  // NaN stays
      return rate * select_less(prev, zero, -size, up);
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate), static_cast<T>(shrink), static_cast<T>(grow),
            static_cast<T>(smallest), static_cast<T>(largest)};
  }
  template <Real T = double>
  constexpr Fault check() const {
    if (const Fault fault =
            detail::first_fault(detail::check_divisor<T>(name, "start", start),
                                detail::check_divisor<T>(name, "shrink", shrink),
                                detail::check_divisor<T>(name, "grow", grow),
                                detail::check_divisor<T>(name, "smallest", smallest),
                                detail::check_divisor<T>(name, "largest", largest)))
      return fault;
    if (shrink >= 1) return {name, "shrink", "must be below 1", shrink};
    if (grow < 1) return {name, "grow", "must be >= 1", grow};
    if (largest < smallest) return {name, "largest", "must be >= smallest", largest};
    return {};
  }
  constexpr bool operator==(const Rprop&) const = default;
};

}}  // namespace gradus::GRADUS_ABI
