// optional header
#pragma once

#include <array>
#include <cstddef>

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/matrix/matrices.hpp>
#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/rule/matrix/muon.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// Divides each row by the root of a running mean of its squares, and keeps the norm of all.
template <Real T>
struct NormaliseRows {
  double beta2, eps;

  template <class Task>
  void operator()(T* x, std::size_t i, const Task& task) const noexcept {
    const std::size_t rows = task.shape.outputs(), columns = task.shape.inputs();
    T* const v = task.slots[0] + i * rows;
    if (task.shape.fan_in == FanIn::columns) return each_row(x, rows, columns, v, task.run);
    transpose(x, columns, rows, task.work);  // the outputs become rows
    each_row(task.work, rows, columns, v, task.run);
    transpose(task.work, rows, columns, x);
  }

 private:
  math::ieee divisor(const T& v) const noexcept {
    return math::ieee(math::sqrt(static_cast<double>(v))) + eps;
  }
  template <class E>
  void each_row(T* x, std::size_t rows, std::size_t columns, T* v, const E& run) const noexcept {
    using math::ieee;
    ieee before = 0.0, after = 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      const ieee norm = norm_of(x + r * columns, columns, run), square = norm * norm;
      const ieee mean = square / static_cast<double>(columns);
      v[r] = static_cast<T>(static_cast<double>(ieee(beta2) * static_cast<double>(v[r]) +
                                                (1.0 - ieee(beta2)) * mean));
      const ieee now = norm / divisor(v[r]);
      before = before + square;
      after = after + now * now;
    }
    const double ratio = static_cast<double>(before / after);
    const ieee kept = static_cast<double>(after) > 0 ? math::sqrt(ratio) : 0.0;
    for (std::size_t r = 0; r < rows; ++r) {
      T factor = static_cast<T>(static_cast<double>(kept / divisor(v[r])));
      // A row of zeros stays beside rows with a large v.
      if (!math::is_finite(factor) && !math::is_nan(factor)) factor = 0;
      scale_twice(x + r * columns, columns, factor, T{1});
    }
  }
};

}  // namespace detail

/// NorMuon: Muon whose orthogonal matrices have rows of similar size, one row for each output.
/// Not in gradus.hpp: `#include <gradus/rule/matrix/normuon.hpp>`.
///
///   o as in Muon
///   v <- beta2 * v + (1 - beta2) * (mean of o^2 over each output)
///   n = o / (sqrt(v) + eps), times |o| / |n|
///   p <- p * (1 - rate * weight_decay) - rate * scale(rows, columns) * n
///
/// Domain: as Muon; beta2 in [0, 1), eps as Muon's. An output whose o is 0 does not move.
/// Units: as Muon.
/// State: Muon's b, and v with one number for each output.
/// Traffic: as Muon, and two passes over o.
/// Init: b = v = 0.
/// Cost: as Muon, and a norm for each output.
/// Errors: as Muon; beta2 or eps outside its domain.
/// Source: Z. Li et al., NorMuon: making Muon more efficient and scalable, 2025.
/// Differs: as dion, whose defaults are Nesterov off, `sum`, `polar_express` and `rms_to_rms`, and
///   which divides u by safety * |u| + 1e-6, not by the larger of safety * |u| and 1e-7.
///   modded-nanogpt and nanochat normalise along the longer side, which is the same where there are
///   at least as many outputs as inputs, and have no eps but a floor of v.
struct NorMuon {
  static constexpr const char* name = "NorMuon";
  static constexpr const char* fields =
      "momentum nesterov momentum_as coefficients safety scale weight_decay beta2 eps";
  double momentum = 0.95;
  bool nesterov = true;
  MomentumAs momentum_as = MomentumAs::mean;
  NewtonSchulz coefficients = NewtonSchulz::keller_jordan();
  double safety = 1;
  MuonScale scale = MuonScale::original;
  double weight_decay = 0.1;
  double beta2 = 0.95;
  double eps = 1e-8;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }
  constexpr std::array<ShapedSlot, 1> shaped_slots() const {
    return {{{"v", [](const Shape& shape) { return shape.count * shape.outputs(); }}}};
  }
  template <Real T, class P>
  static constexpr std::size_t work(const Shape& shape) noexcept {
    return Muon::work<T, P>(shape);
  }
  template <Real T>
  using Kernel = detail::MuonKernel<T, detail::NormaliseRows<T>>;

  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return muon().template prepare_with<T>(c, detail::NormaliseRows<T>{beta2, eps});
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(muon().template check_as<T>(name),
                               detail::check_beta<double>(name, "beta2", beta2),
                               detail::check_eps<T>(name, "eps", eps));
  }
  constexpr bool operator==(const NorMuon&) const = default;

 private:
  constexpr Muon muon() const { return detail::muon_of(*this, scale); }
};

}}  // namespace gradus::GRADUS_ABI
