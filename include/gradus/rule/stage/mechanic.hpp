#pragma once

#include <array>
#include <cstddef>
#include <span>

#include <gradus/concept/stage.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Step stage, Mechanic: finds one factor for the sum of all steps of the rule.
///
///   h = sum((g + weight_decay * S * |g| / (|p| + eps) * p) * delta);  S the sum of the s below
///   r <- b * r + s * clip(h, -m, m);  m <- max(b * m, |h| + eps);  v <- b^2 * v + h^2
///   s <- (s_init / 6 * m + max(r, 0)) / (sqrt(v) + eps), for b = 0.9, 0.99, ..., 0.999999
///   delta <- delta + step;  p <- start - S * delta
///
/// Domain: s_init > 0, eps > 0, weight_decay >= 0. Sums are over all spans; an h that is not finite
///   leaves the s alone. g is the gradient as it came from the caller.
/// Units: the rule's rate is a plain number: `Constant{1.0}`, or a schedule that falls from 1.
///   s_init and the s are what a rate would be in.
/// State: two slots, start and delta; 24 scalars, for each b its m, v, r and s.
/// Traffic: what the rule reads, again, and 24 bytes a parameter in float (a pass that reads delta;
///   reads and writes start and delta).
/// Init: start = p at construction, delta = m = v = r = 0, each s = s_init.
/// Cost: one multiplication and three additions a parameter; four sums over all parameters.
/// Errors: s_init or eps not positive and finite; weight_decay negative, NaN or infinite; an
///   optimizer constructed with a number of parameters instead of the parameters.
/// Source: A. Cutkosky, A. Defazio, H. Mehta, Mechanic: a learning rate tuner, 2023.
/// Differs: as optax, with the clip that the authors added later, except for delta, which optax
///   computes anew, (start - p) / (S + eps), and so forgets a little. Weight decay that moves the
///   parameters themselves (AdamW, `WeightDecay`) has no effect here: take `L2`, or this one's
///   `weight_decay`.
struct Mechanic {
  static constexpr const char* name = "Mechanic";
  static constexpr const char* fields = "s_init weight_decay eps";
  static constexpr RuleTraits traits{.sets_params = true};
  double s_init = 1e-6;
  double weight_decay = 1e-2;
  double eps = 1e-8;

  static constexpr std::array<double, 6> betas{0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999};

  constexpr std::array<Slot, 2> slots() const {
    return {{{"start", 0, Slot::From::params}, {"delta"}}};
  }
  constexpr std::array<Scalar, 4 * betas.size()> scalars() const {
    std::array<Scalar, 4 * betas.size()> r{};
    for (std::size_t i = 0; i < betas.size(); ++i)
      for (std::size_t j = 0; j < 4; ++j)
        r[4 * i + j] = {Name().append({&"mvrs"[j], 1}).append({&"123456"[i], 1}),
                        j == 3 ? s_init : 0.0};
    return r;
  }

  template <Real T>
  struct Kernel {
    T size;
    template <class V>
    GRADUS_KERNEL V step(const V& p, const V&, const V& step, std::array<V, 2>& s) const {
      auto& [start, delta] = s;
      delta = limited(delta + step);
      return limited(p - start) + size * delta;
    }
  };
  struct Sums {
    static constexpr std::size_t count = 4;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 4> operator()(const V& p, const V& g, const V&,
                                                       const std::array<V, 2>& s) const {
      return {Product<V>{g, s[1]}, Product<V>{p, s[1]}, Product<V>{g, g}, Product<V>{p, p}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context&, std::span<double, 4 * betas.size()> scalars,
                              const M& measure) const {
    using math::ieee;
    const auto [gd, pd, gg, pp] = measure(Sums{});
    const ieee ratio = ieee(math::sqrt(gg)) / (ieee(math::sqrt(pp)) + eps);
    const ieee h = gd + weight_decay * sum_of_sizes(scalars.data()) * ratio * pd;
    if (math::is_finite(static_cast<double>(h)))
      for (std::size_t i = 0; i < betas.size(); ++i)
        tune(betas[i], static_cast<double>(h), &scalars[4 * i]);
    return {detail::round_to<T>(sum_of_sizes(scalars.data()))};
  }
  constexpr Fault check() const {
    return detail::first_fault(detail::check_divisor<double>(name, "s_init", s_init),
                               detail::check_weight<double>(name, "weight_decay", weight_decay),
                               detail::check_divisor<double>(name, "eps", eps));
  }
  constexpr bool operator==(const Mechanic&) const = default;

 private:
  constexpr void tune(double beta, const double& h, double* scalars) const {
    using math::ieee;
    double &m = scalars[0], &v = scalars[1], &r = scalars[2], &s = scalars[3];
    const double clipped = h < -m ? -m : h > m ? m : h;
    r = detail::round_to<double>(ieee(beta) * r + ieee(clipped) * s);
    const double kept = static_cast<double>(ieee(beta) * m);
    const double now = static_cast<double>(ieee(h < 0 ? -h : h) + eps);
    m = kept > now ? kept : now;
    v = detail::round_to<double>(ieee(beta) * beta * v + ieee(h) * h);
    const ieee wealth = ieee(s_init) / static_cast<double>(betas.size()) * m + (r > 0 ? r : 0.0);
    s = detail::round_to<double>(wealth / (ieee(math::sqrt(v)) + eps));
  }
  static constexpr math::ieee sum_of_sizes(const double* scalars) {
    math::ieee r = 0.0;
    for (std::size_t i = 0; i < betas.size(); ++i) r = r + scalars[4 * i + 3];
    return r;
  }
};

}}  // namespace gradus::GRADUS_ABI
