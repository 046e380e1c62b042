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
#include <gradus/rule/part/mean.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// v <- beta2 * v + (1 - beta2) * o^2 and o <- o / (sqrt(v) + eps), for each element.
template <Real T>
struct DivideByRoot {
  T *o, *v;
  std::size_t n;
  Beta<T> beta2;
  T eps;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = simd::pack<I, T>;
    for (std::size_t i = 0; i < n; i += V::size) {
      const std::size_t some = n - i;
      const V x = exec::get<V>(o, i, some);
      const V mean = mean_of_squares(beta2, exec::get<V>(v, i, some), x);
      const V y = x / (sqrt(mean) + eps);
      some < V::size ? mean.store_part(v + i, some) : mean.store(v + i);
      some < V::size ? y.store_part(o + i, some) : y.store(o + i);
    }
  }
};

/// Divides each element so, and gives the whole a root mean square of `rms`.
template <Real T>
struct NormaliseElements {
  Beta<T> beta2;
  T eps;
  double rms;

  template <class Task>
  void operator()(T* x, std::size_t i, const Task& task) const noexcept {
    const std::size_t n = task.shape.rows * task.shape.columns;
    simd::dispatch(simd::current(), DivideByRoot<T>{x, task.slots[0] + i * n, n, beta2, eps});
    const double norm = norm_of(x, n, task.run);
    const math::ieee wanted = math::ieee(rms) * math::sqrt(static_cast<double>(n));
    const double factor = norm > 0 ? static_cast<double>(wanted / norm) : 0.0;
    const bool large = factor > 0x1p100;  // too large for one number of type T
    scale_twice(x, n,
                static_cast<T>(!math::is_finite(norm) ? norm
                               : large                ? factor * 0x1p-100
                                                      : factor),
                large ? T(0x1p100) : T{1});
  }
};

}  // namespace detail

/// AdaMuon: Muon whose orthogonal matrices are divided, element by element, by the root of a
/// running mean of their squares. Every step has the same root mean square.
/// Not in gradus.hpp: `#include <gradus/rule/matrix/adamuon.hpp>`.
///
///   o as in Muon
///   v <- beta2 * v + (1 - beta2) * o^2;  n = o / (sqrt(v) + eps)
///   p <- p * (1 - rate * weight_decay) - rate * rms * sqrt(elements) * n / |n|
///
/// Domain: as Muon; beta2 in [0, 1), eps as Muon's, rms > 0.
/// Units: rms is that of a step at a rate of 1; 0.2 is about that of AdamW, so that its rates
///   serve.
/// State: Muon's b, and v of the same size.
/// Traffic: as Muon, and a pass that reads and writes o and v.
/// Init: b = v = 0.
/// Cost: as Muon, and a root and a division a parameter.
/// Errors: as Muon; beta2, eps or rms outside its domain.
/// Source: C. Si et al., AdaMuon: adaptive Muon optimizer, 2025.
/// Differs: as timm and Emerging-Optimizers: no bias correction of v, and momentum as it is; the
///   paper orthogonalises the momentum's signs.
struct AdaMuon {
  static constexpr const char* name = "AdaMuon";
  static constexpr const char* fields =
      "momentum nesterov momentum_as coefficients safety rms weight_decay beta2 eps";
  double momentum = 0.95;
  bool nesterov = true;
  MomentumAs momentum_as = MomentumAs::mean;
  NewtonSchulz coefficients = NewtonSchulz::keller_jordan();
  double safety = 1;
  double rms = 0.2;
  double weight_decay = 0.1;
  double beta2 = 0.95;
  double eps = 1e-8;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }
  constexpr std::array<ShapedSlot, 1> shaped_slots() const {
    return {{{"v", [](const Shape& shape) { return shape.elements(); }}}};
  }
  template <Real T, class P>
  static constexpr std::size_t work(const Shape& shape) noexcept {
    return Muon::work<T, P>(shape);
  }
  template <Real T>
  using Kernel = detail::MuonKernel<T, detail::NormaliseElements<T>>;

  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return muon().template prepare_with<T>(
        c, detail::NormaliseElements<T>{beta2, static_cast<T>(eps), rms});
  }
  template <Real T = double>
  constexpr Fault check() const {
    return detail::first_fault(
        muon().template check_as<T>(name), detail::check_beta<T>(name, "beta2", beta2),
        detail::check_eps<T>(name, "eps", eps), detail::check_divisor<T>(name, "rms", rms));
  }
  constexpr bool operator==(const AdaMuon&) const = default;

 private:
  constexpr Muon muon() const { return detail::muon_of(*this, MuonScale::none); }
};

}}  // namespace gradus::GRADUS_ABI
