#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <tuple>

#include <gradus/concept/executor.hpp>
#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/exec/apply.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/finite.hpp>
#include <gradus/memory/state.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What several micro-batches become: their weighted mean, or their weighted sum.
enum class Reduction { mean, sum };

namespace detail {
struct PutGradient {
  template <class V>
  GRADUS_KERNEL V operator()(V& sum, const V& g, std::array<V, 0>&) const {
    sum = g;
    return V(typename V::value_type{0});
  }
};
struct AddGradient {
  template <class V>
  GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 0>&) const {
    return -g;  // the sweep subtracts
  }
};
}  // namespace detail

/// Gradients of several backward passes, summed in T (float also for halves), for one update.
///
///   add:   sum <- sum + weight * g
///   step:  the optimizer's, with sum as gradients and scale / (sum of the weights), or scale
///
/// Made for the parameters, or whatever has their sizes. How many micro-batches make an update is
/// the loop's to say, and may change: `if (acc.count() == n(opt.steps())) acc.step(opt, params);`.
/// Clipping and norms see the accumulated gradient. A copy is independent. After a step, also one
/// that was skipped, the sum starts anew; after one that was refused it is what it was.
///
/// Domain: weights > 0: the tokens or samples of the micro-batch, where they differ and each
///   gradient is a mean over its own. `NonFinite`: `propagate` adds whatever comes, and the
///   optimizer's own policy judges the sum; `skip` leaves out a micro-batch that holds NaN or
///   infinity, also in the divisor; `raise` refuses it.
/// Units: of the gradients, and the weight's.
/// State: one number of type T for each parameter, in one allocation, when it is made.
/// Traffic: 12 bytes a parameter in float for each add; `skip` and `raise` 4 more.
/// Init: the first gradient is written, not added.
/// Cost: a multiplication and an addition a parameter, in a sweep of its own.
/// Errors: a weight that is not finite and > 0; the spans that an optimizer refuses; a step before
///   anything was added.
/// Source: -
/// Differs: PyTorch adds to the gradients in their own type, halves too, and divides nothing. Its
///   users divide each loss by the number of micro-batches, which weighs the tokens of short ones
///   too much.
template <Real T = float>
class Accumulator {
 public:
  /// How far the sum is: with `values()`, all that is to be saved.
  struct Progress {
    std::uint64_t count = 0;    ///< micro-batches in the sum
    std::uint64_t dropped = 0;  ///< left out since it began
    double weight = 0;          ///< of those in the sum, together

    constexpr bool operator==(const Progress&) const noexcept = default;
  };

  template <GradientsFor<T> Params>
  explicit Accumulator(const Params& params, Reduction reduction = Reduction::mean,
                       NonFinite policy = NonFinite::propagate)
      : state_(make_state<detail::value_t<const Params>>(params)),
        reduction_(reduction),
        policy_(policy) {
    refuse_if(detail::first_fault(
        detail::check_one_of(name, "reduction", reduction, Reduction::sum, "must be mean or sum"),
        detail::check_choice(name, "non_finite", policy)));
  }

  template <class Params>
    requires(!GradientsFor<Params, T> && !std::same_as<Params, Accumulator>)
  explicit Accumulator(const Params&, Reduction = {}, NonFinite = {}) {
    detail::explain<void, detail::AsGrads<T, Params>>();
  }

  /// Adds a micro-batch; false if it was left out.
  template <GradientsFor<T> Grads, Executor E = Seq>
  bool add(const Grads& grads, double weight = 1, const E& run = {}) {
    using G = detail::value_t<const Grads>;
    alive("add");
    take<G>(grads);
    refuse_if(detail::check_positive<T>(name, "weight", weight));
    refuse_if(detail::check_positive<double>(name, "weight", progress_.weight + weight));
    const T factor = static_cast<T>(weight);
    const auto streams = exec::gradients<T, G>(state_.views(), static_cast<double>(factor));
    if (!detail::usable(name, streams, policy_)) return ++progress_.dropped, false;
    if (progress_.count++ == 0) {
      exec::sweep_pieces(streams, 0, size(), detail::PutGradient{}, run);
    } else {
      exec::sweep_pieces(streams, 0, size(), detail::AddGradient{}, run);
    }
    progress_.weight += static_cast<double>(factor);
    return true;
  }
  template <class Grads, class E = Seq>
    requires(!GradientsFor<Grads, T>)
  bool add(const Grads&, double = 1, const E& = {}) {
    return detail::explain<bool, detail::AsGrads<T, Grads>>();
  }
  bool add(std::initializer_list<std::span<const T>> grads, double weight = 1) {
    return add<std::initializer_list<std::span<const T>>>(grads, weight);
  }
  template <class Call = void>
  bool add(detail::GradsInBraces<T>, double = 1) {
    return detail::explain_braces<bool, Call>();
  }

  /// One update by `optimizer`, also by `Groups`, after which the sum starts anew. Where every
  /// micro-batch was left out it is skipped; the result is the optimizer's in every case.
  template <class O, class Params, Executor E = Seq>
  auto step(O& optimizer, Params&& params, StepOptions options = {}, const E& run = {}) {
    alive("step");
    if (progress_.count + progress_.dropped == 0)
      refuse(detail::Sentence() << "gradus::Accumulator.step must come after an add");
    options.scale = static_cast<double>(math::ieee(options.scale) / divisor());
    options.skip = options.skip || progress_.count == 0;
    const auto result = optimizer.step(params, grads(), options, run);
    clear();
    return result;
  }
  template <class O>
  auto step(O& optimizer, std::initializer_list<std::span<typename O::value_type>> params,
            const StepOptions& options = {}) {
    return step<O, decltype(params)&>(optimizer, params, options);
  }
  template <class O, class Call = void>
  StepResult step(O&, detail::ParamsInBraces<typename O::value_type>, const StepOptions& = {}) {
    return detail::explain_braces<StepResult, Call>();
  }

  /// Micro-batches in the sum.
  std::uint64_t count() const noexcept { return progress_.count; }
  /// What a step divides the sum by.
  double divisor() const noexcept {
    return reduction_ == Reduction::mean && progress_.count != 0 ? progress_.weight : 1;
  }
  /// Starts anew.
  void clear() noexcept { progress_ = {}; }

  const Progress& progress() const noexcept { return progress_; }
  /// Continues from there, once `values()` have been put back.
  void seek(const Progress& progress) {
    if (progress.count != 0)
      refuse_if(detail::check_positive<double>(name, "weight", progress.weight));
    progress_ = progress;
  }
  /// The sum, undivided, one span after another; until the first `add` after a step, the last one.
  std::span<T> values() noexcept { return {data(), size()}; }
  std::span<const T> values() const noexcept { return {data(), size()}; }
  std::size_t size() const noexcept { return state_.size(); }
  /// The same as a list of spans: gradients for any optimizer, whose scale is to be 1 / divisor().
  detail::CutAsViews<const T> grads() const {
    alive("grads");
    return {state_.views(), data()};
  }

 private:
  static constexpr const char* name = "Accumulator";
  using State = detail::State<T, std::tuple<T>, 0, 0>;  // the sum is its slot

  template <class E, class Params>
  static State make_state(const Params& params) {
    detail::Extent all = detail::extent_of<const E>(params);
    // Where the sum lies in a lane is where the parameters do, which may be of another size; where
    // it lies in a page is far from them and from the slots of an optimizer.
    constexpr std::size_t away = 2240;
    all.begin = all.begin / sizeof(E) * sizeof(T) + away;
    State state(name, all);
    detail::lay_out<const E>(params, state.views());
    detail::check_spans<const E>(name, "params", params, state.views());
    return state;
  }
  /// Makes the sum the parameters, and `grads` the gradients, of a sweep.
  template <class G, class Grads>
  void take(const Grads& grads) {
    std::size_t j = 0;
    detail::match<const G>(
        name, "grads", grads, state_.views(), [&](exec::View& view, std::span<const G> s) {
          std::array both{detail::Region::of("grads", j++, s), state_.region("sum")};
          detail::check_overlap(name, both);
          view.p = data() + view.begin;
          view.g = s.data();
        });
  }
  T* data() const noexcept { return state_.alive() ? state_.template slot<T>(0) : nullptr; }
  void alive(const char* call) const {
    if (!state_.alive())
      refuse(detail::Sentence() << "gradus::Accumulator." << call
                                << " must not be called on an accumulator that was moved from");
  }

  State state_;
  Reduction reduction_ = Reduction::mean;
  NonFinite policy_ = NonFinite::propagate;
  Progress progress_;
};
template <class P>
Accumulator(const P&, Reduction = {}, NonFinite = {})
    -> Accumulator<arithmetic_t<detail::number_t<const P>>>;

}}  // namespace gradus::GRADUS_ABI
