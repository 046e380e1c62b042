// optional header
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <gradus/concept/rule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/matrix/matrices.hpp>
#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/rule/part/mean.hpp>
#include <gradus/rule/part/overflow.hpp>
#include <gradus/rule/part/round_to.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What the step of a matrix of R rows and C columns is multiplied by. A rate means nothing without
/// it: for 1024 x 1024 they are 1, 6.4, 32, 1 and 1.
///
///   original         sqrt(max(1, outputs / inputs))    Jordan, PyTorch, optax
///   match_rms_adamw  0.2 sqrt(max(R, C))               Moonlight, Keras: rates as for AdamW
///   spectral         sqrt(max(R, C))                   Megatron
///   rms_to_rms       sqrt(outputs / inputs)            dion's spectral_norm, Scion
///   none             1
enum class MuonScale { original, match_rms_adamw, spectral, rms_to_rms, none };

/// How momentum adds up gradients: `mean` is b <- momentum * b + (1 - momentum) * g, and `sum` is
/// b <- momentum * b + g. The step's direction is the same for a constant momentum.
enum class MomentumAs { mean, sum };

constexpr std::array<std::string_view, 5> names_of_choices(MuonScale) noexcept {
  return {"original", "match_rms_adamw", "spectral", "rms_to_rms", "none"};
}
constexpr std::array<std::string_view, 2> names_of_choices(MomentumAs) noexcept {
  return {"mean", "sum"};
}

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, MuonScale scale) noexcept {
  return check_one_of(type, field, scale, MuonScale::none,
                      "must be original, match_rms_adamw, spectral, rms_to_rms or none");
}
constexpr Fault check_choice(const char* type, const char* field, MomentumAs how) noexcept {
  return check_one_of(type, field, how, MomentumAs::sum, "must be mean or sum");
}

constexpr double muon_scale(MuonScale scale, const Shape& shape) noexcept {
  const double outputs = static_cast<double>(shape.outputs());
  const double ratio =
      static_cast<double>(math::ieee(outputs) / static_cast<double>(shape.inputs()));
  const double longer = math::sqrt(static_cast<double>(shape.longer()));
  switch (scale) {
    case MuonScale::original: return ratio > 1 ? math::sqrt(ratio) : 1.0;
    case MuonScale::match_rms_adamw: return static_cast<double>(math::ieee(0.2) * longer);
    case MuonScale::spectral: return longer;
    case MuonScale::rms_to_rms: return math::sqrt(ratio);
    default: return 1.0;
  }
}

/// The momentum of Muon and its kin, and the direction that is orthogonalised:
/// b <- keep * b + add * g and u = from_g * g + from_b * b.
template <Real T>
struct MuonMomentum {
  T keep, add, from_g, from_b;

  constexpr MuonMomentum(const double& momentum, bool nesterov, MomentumAs how,
                         const double& correct_g = 1, const double& correct_b = 1) noexcept
      : keep(static_cast<T>(momentum)),
        add(how == MomentumAs::mean ? static_cast<T>(1.0 - momentum) : T{1}),
        from_g(nesterov ? round_to<T>(math::ieee(how == MomentumAs::mean ? 1.0 - momentum : 1.0) /
                                      correct_g)
                        : T{0}),
        from_b(round_to<T>(math::ieee(nesterov ? momentum : 1.0) / correct_b)) {}
  template <class V>
  GRADUS_KERNEL V operator()(V& b, const V& g) const {
    b = limited(keep * b + add * g);
    return limited(from_g * g + from_b * b);
  }
};

/// The kernel that Muon and its kin share. `After` is what they do to an orthogonal matrix.
template <Real T, class After>
struct MuonKernel {
  MuonMomentum<T> momentum;
  Factor<T> keep;
  double rate;
  NormGuard guard;
  NewtonSchulz coefficients;
  MuonScale scale;
  After after;
  Factor<T> size = T{0};

  template <class V>
  GRADUS_KERNEL V direction(const V&, const V& g, std::array<V, 1>& s) const {
    return momentum(s[0], g);
  }
  template <class V>
  GRADUS_KERNEL V apply(V& p, const V&, const V& o, std::array<V, 1>&) const {
    p = keep * p;
    return size * o;
  }
  template <class Task>
  MuonKernel for_matrix(const Task& task) const {
    task.each([&](T* x, std::size_t i) {
      orthogonalize(x, task.shape, coefficients, guard, task.work, task.products, task.run);
      after(x, i, task);
    });
    MuonKernel r = *this;
    r.size = round_to<T>(math::ieee(rate) * muon_scale(scale, task.shape));
    return r;
  }
};

struct NothingAfter {
  template <class T, class Task>
  void operator()(T*, std::size_t, const Task&) const noexcept {}
};

}  // namespace detail

/// Muon: momentum whose matrices are made orthogonal before they are applied. It needs the shapes
/// of the parameters, `matrix(span, rows, columns)`, and is meant for the weights of hidden layers;
/// `muon_for` leaves the rest to AdamW.
/// Not in gradus.hpp: `#include <gradus/rule/matrix/muon.hpp>`.
///
///   b <- momentum * b + (1 - momentum) * g       (`sum`: b <- momentum * b + g)
///   u = (1 - momentum) * g + momentum * b        (`sum`: g + momentum * b; not `nesterov`: b)
///   o = U f(S) V^T, where U S V^T = u / max(safety * |u|, eps) and f are the polynomials
///     `coefficients`; `eps_added`: u / (safety * |u| + eps)
///   p <- p * (1 - rate * weight_decay) - rate * scale(rows, columns) * o
///   `bias_correction`: u = (1 - momentum) * g / (1 - momentum^n) + momentum * b / (1 -
///     momentum^(n+1))
///
/// Domain: momentum in [0, 1), safety in [1, 2], weight_decay >= 0; one to ten polynomials that
///   each keep [0, 1] below 1000; eps at least 2^-100 in float, 2^-1000 in double;
///   bias_correction only where momentum_as is mean. A matrix of zeros does not move.
/// Units: rate and scale are in units of the parameter, whatever those of the gradient.
/// State: one slot, b. A workspace for the largest span: its elements, and twice those of one
///   of its matrices and two squares.
/// Traffic: 28 bytes a parameter in float for the two sweeps (reads p and g twice, and b; writes b
///   and p), beside the products.
/// Init: b = 0.
/// Cost: with R <= C, 10 R C (2 R) + 10 R^3 operations for five polynomials.
/// Errors: a field outside its domain; parameters without a shape.
/// Source: K. Jordan et al., Muon: an optimizer for hidden layers in neural networks, 2024.
/// Differs: the defaults are PyTorch's. Jordan has weight_decay 0; Moonlight and Keras `sum` and
///   `match_rms_adamw` (Keras with weight_decay 0.004); Megatron and timm no nesterov and
///   `quintic`; optax `bias_correction`; dion, nanochat and modded-nanogpt `polar_express`. All of
///   them compute the products in bfloat16 (optax and Keras in the type of the gradients); gradus
///   in the parameters' arithmetic, float or double.
struct Muon {
  static constexpr const char* name = "Muon";
  static constexpr const char* fields =
      "momentum nesterov momentum_as bias_correction coefficients safety eps eps_added scale "
      "weight_decay";
  double momentum = 0.95;
  bool nesterov = true;
  MomentumAs momentum_as = MomentumAs::mean;
  bool bias_correction = false;
  NewtonSchulz coefficients = NewtonSchulz::keller_jordan();
  double safety = 1;
  double eps = 1e-7;
  bool eps_added = false;
  MuonScale scale = MuonScale::original;
  double weight_decay = 0.1;

  constexpr std::array<Slot, 1> slots() const { return {{{"b"}}}; }
  /// The numbers of type T that a matrix of this shape needs while it is transformed.
  template <Real T, class P>
  static constexpr std::size_t work(const Shape& shape) noexcept {
    return detail::orthogonalize_work<T, P>(shape);
  }
  template <Real T>
  using Kernel = detail::MuonKernel<T, detail::NothingAfter>;

  template <Real T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return prepare_with<T>(c, detail::NothingAfter{});
  }
  template <Real T = double>
  constexpr Fault check() const {
    return check_as<T>(name);
  }
  /// The same for a rule that is built on this one: it does `after` to an orthogonal matrix, and
  /// has a name of its own.
  template <Real T, class After>
  constexpr auto prepare_with(const Context& c, const After& after) const {
    const double g = detail::bias_correction(momentum, c, bias_correction);
    const double b = bias_correction ? 1.0 - math::pow(momentum, c.n() + (nesterov ? 1 : 0)) : 1.0;
    const math::ieee keep = 1.0 - math::ieee(c.rate) * weight_decay;
    return detail::MuonKernel<T, After>{{momentum, nesterov, momentum_as, g, b},
                                        detail::round_to<T>(keep),
                                        c.rate,
                                        {safety, eps, eps_added},
                                        coefficients,
                                        scale,
                                        after};
  }
  template <Real T>
  constexpr Fault check_as(const char* type) const {
    if (bias_correction && momentum_as == MomentumAs::sum)
      return {type, "bias_correction", "must be false where momentum_as is sum", 0, false};
    return detail::first_fault(detail::check_beta<T>(type, "momentum", momentum),
                               detail::check_choice(type, "momentum_as", momentum_as),
                               detail::check_coefficients<T>(type, "coefficients", coefficients),
                               detail::check_safety(type, "safety", safety),
                               detail::check_eps<T>(type, "eps", eps),
                               detail::check_choice(type, "scale", scale),
                               detail::check_weight<T>(type, "weight_decay", weight_decay));
  }
  constexpr bool operator==(const Muon&) const = default;
};

namespace detail {
/// The Muon that a rule with these fields is built on.
template <class R>
constexpr Muon muon_of(const R& rule, MuonScale scale) {
  Muon r{.momentum = rule.momentum, .nesterov = rule.nesterov, .momentum_as = rule.momentum_as};
  r.coefficients = rule.coefficients;
  r.safety = rule.safety;
  r.scale = scale;
  r.weight_decay = rule.weight_decay;
  return r;
}
}  // namespace detail

}}  // namespace gradus::GRADUS_ABI
