#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/kernel.hpp>
#include <gradus/concept/slot.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/part/round_to.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/step/options.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How far and in which measure `SAM` climbs.
struct Sharpness {
  double rho = 0.05;      ///< the length of the climb
  bool adaptive = false;  ///< ASAM: the measure follows the size of each parameter ...
  double eta = 0.01;      ///< ... plus this
  constexpr bool operator==(const Sharpness&) const = default;
};

namespace detail {

/// The climb as a rule that runs uphill, at a rate of 1; its slot is the way back.
template <Element P>
struct Climb {
  static constexpr const char* name = "SAM";
  template <class>
  using slot_types = std::tuple<P>;
  Sharpness how;

  constexpr std::array<Slot, 1> slots() const { return {{{"before"}}}; }

  template <Real T>
  struct Kernel {
    T slope, offset, lift, factor;  // m = slope |p| + offset
    template <class V>
    GRADUS_KERNEL V operator()(const V& p, const V& g, std::array<V, 1>& s) const {
      s[0] = p;
      const V m = slope * abs(p) + offset;
      return T{0} - factor * (m * (m * (lift * g)));  // no -0, which would turn a p of -0 into 0
    }
  };
  template <Real T>
  struct Square {
    static constexpr std::size_t count = 1;
    T slope, offset;
    template <class V>
    GRADUS_KERNEL std::array<Product<V>, 1> operator()(const V& p, const V& g,
                                                       const std::array<V, 1>&) const {
      const V measured = (slope * abs(p) + offset) * g;
      return {Product<V>{measured, measured}};
    }
  };
  template <Real T, class M>
  constexpr Kernel<T> prepare(const Context& c, const M& measure) const {
    const T slope = how.adaptive ? T{1} : T{0}, offset = static_cast<T>(how.adaptive ? how.eta : 1);
    const double norm = norms<T>(measure, Square<T>{slope, offset})[0];
    const math::ieee length = math::ieee(c.rate) * how.rho;
    if (!(norm > 0)) return {slope, offset, T{1}, T{0}};
    if (math::is_finite(static_cast<T>(static_cast<double>(length / norm))))
      return {slope, offset, T{1}, round_to<T>(length / norm)};
    // Gradients so small that their norm has no reciprocal.
    constexpr double lift = sizeof(T) == 4 ? 0x1p100 : 0x1p600;
    return {slope, offset, static_cast<T>(lift), round_to<T>(length / (norm * math::ieee(lift)))};
  }
  template <Real T = double>
  constexpr Fault check() const {
    return first_fault(check_not_negative<T>(name, "rho", how.rho),
                       check_not_negative<T>(name, "eta", how.eta));
  }
  constexpr bool operator==(const Climb&) const = default;
};

}  // namespace detail

/// Sharpness-aware minimisation: takes the gradient where the loss is higher, so that flat minima
/// are preferred. Two gradients and two calls for one update.
///
///   climb:  p' = p + rho m^2 g / |m g|        m = 1, or |p| + eta if adaptive
///   step:   p, by the optimizer, with the gradients at p'
///
///   sam.climb(params, grads);      // gradients at params; moves them
///   ...                            // gradients where they are now, of the same batch
///   sam.step(opt, params, grads);  // puts them back, bit for bit, and updates them
///
/// Any optimizer will do, and only its updates count. `factor` in the options of a climb multiplies
/// rho, `scale` its gradients, which a climb needs only for `NonFinite`. A gradient of zero does
/// not climb, but is a climb: the step then takes its second gradient at the same place. With
/// `NonFinite::skip` gradients that are not finite do not climb either: `climb` is then false, and
/// `step` is the optimizer's alone. Its result is the optimizer's in every case. `restore` is the
/// way back without an update.
///
/// Domain: rho, eta >= 0. The norm is over all spans, in the fixed tree. Halves: a climb that is
///   below a parameter's last digit is none; take float.
/// Units: rho is in units of the parameter, if adaptive a factor of it.
/// State: the parameters as they were before the climb; one allocation, when it is made.
/// Traffic: 20 bytes a parameter in float for the climb (reads g, twice, and p, writes p and the
///   copy; 24 if adaptive), 8 for the way back.
/// Init: -
/// Cost: a second gradient; a norm, five multiplications and two additions a parameter.
/// Errors: rho or eta negative, NaN or infinite; spans that an optimizer refuses; a climb after a
///   climb, a step without one. Spans that `step` refuses for their sizes leave everything as it
///   was; whatever the optimizer then refuses has undone the climb, and no more.
/// Source: P. Foret et al., Sharpness-aware minimization, 2021; J. Kwon et al., ASAM, 2021.
/// Differs: the usual PyTorch code divides by the norm + 1e-12.
template <Element P = float>
class SAM {
 public:
  /// For these parameters. What is no parameters, here and below, the optimizer explains.
  template <class Params>
    requires(!std::same_as<std::remove_cvref_t<Params>, SAM> &&
             !std::convertible_to<Params, std::size_t>)
  explicit SAM(Params&& params, const Sharpness& how = {}, NonFinite policy = NonFinite::propagate)
      : up_(Constant<>{1}, detail::Climb<P>{how}, std::forward<Params>(params), known(policy)) {}

  /// Moves the parameters uphill; false if the climb was skipped for its gradients.
  template <class Params, class Grads, Executor E = Seq>
  bool climb(Params&& params, const Grads& grads, const StepOptions& options = {},
             const E& run = {}) {
    if (at_ != At::start) refuse_call("climb", "must be followed by a step");
    at_ = up_.step(std::forward<Params>(params), grads, options, run).applied ? At::top : At::foot;
    return at_ == At::top;
  }
  bool climb(std::initializer_list<std::span<P>> params,
             std::initializer_list<std::span<const P>> grads, const StepOptions& options = {}) {
    return climb<decltype(params)&>(params, grads, options);
  }
  template <class Call = void>
  bool climb(detail::ParamsInBraces<P>, detail::GradsInBraces<P>, const StepOptions& = {}) {
    return detail::explain_braces<bool, Call>();
  }

  /// Puts the parameters back and updates them by `optimizer`.
  template <class O, class Params, class Grads, Executor E = Seq>
  auto step(O& optimizer, Params&& params, const Grads& grads, const StepOptions& options = {},
            const E& run = {}) {
    restore(std::forward<Params>(params));
    return optimizer.step(std::forward<Params>(params), grads, options, run);
  }
  template <class O>
  auto step(O& optimizer, std::initializer_list<std::span<P>> params,
            std::initializer_list<std::span<const P>> grads, const StepOptions& options = {}) {
    return step<O, decltype(params)&>(optimizer, params, grads, options);
  }
  template <class O, class Call = void>
  StepResult step(O&, detail::ParamsInBraces<P>, detail::GradsInBraces<P>,
                  const StepOptions& = {}) {
    return detail::explain_braces<StepResult, Call>();
  }

  /// Puts the parameters back.
  template <SpanArgument<P> Params>
  void restore(Params&& params) {
    if (at_ == At::start) refuse_call("step", "must come after a climb");
    detail::check_spans<P>(name, "params", params, up_.core().state.views());
    if (std::exchange(at_, At::start) == At::foot) return;
    const P* from = up_.template slot<P>(0).data();
    detail::for_each_span<P>(params, [&](std::span<P> s) {
      if (!s.empty()) std::memcpy(s.data(), from, s.size_bytes());
      from += s.size();
    });
  }

  template <class Params>
    requires(!SpanArgument<Params, P>)
  void restore(Params&&) {
    detail::explain<void, detail::AsParams<P, Params>>();
  }

  const Sharpness& sharpness() const noexcept { return up_.rule().how; }

 private:
  static constexpr const char* name = "SAM";

  static NonFinite known(NonFinite policy) {
    refuse_if(detail::check_choice(name, "non_finite", policy));
    return policy;
  }
  enum class At { start, top, foot };  // foot: called to climb, and stayed

  [[noreturn]] GRADUS_COLD static void refuse_call(const char* call, const char* rule) {
    refuse(detail::Sentence() << "gradus::" << name << "." << call << " " << rule);
  }

  Optimizer<Constant<>, detail::Climb<P>, P> up_;
  At at_ = At::start;
};
template <class P>
SAM(P&&, const Sharpness& = {}, NonFinite = {}) -> SAM<detail::number_t<P>>;

}}  // namespace gradus::GRADUS_ABI
