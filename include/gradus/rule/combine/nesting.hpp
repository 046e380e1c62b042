// helper header
// What may stand inside of what. How something is stored stands outside of how it is computed:
//
//   Stochastic{Master or Compensated{stored of a Chain, a vary or a rule}}
//
// The sweep rounds and stores, and it knows only the outermost kernel. What says how to store and
// stands further inside would be ignored, so that every wrapper asserts what it may be around.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <gradus/concept/stage.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
// What takes steps is a rule and no stage, whatever other parts its kernel has.
template <class P>
inline constexpr bool is_rule = Rule<P, float>;
template <class P>
inline constexpr bool is_matrix_rule = MatrixRule<P, float>;
template <class P>
inline constexpr bool is_gradient_stage = GradientStage<P, float> && !is_rule<P>;
template <class P>
inline constexpr bool is_step_stage = StepStage<P, float> && !is_rule<P>;

/// A rule of several parts.
template <class P>
concept IsChain = requires(const P& part) { part.parts; };

/// Whether no gradient stage stands behind the rule, and no step stage before it.
template <class... Parts>
constexpr bool stages_in_place() {
  bool behind = false, good = true;
  const auto look = [&](bool rule, bool gradient_stage, bool step_stage) {
    good = good && !(behind ? gradient_stage : step_stage);
    behind = behind || rule;
  };
  (look(is_rule<Parts>, is_gradient_stage<Parts>, is_step_stage<Parts>), ...);
  return good;
}

}  // namespace detail

/// A gradient stage or a step stage, and not a rule.
template <class R>
concept Stage = detail::is_gradient_stage<R> || detail::is_step_stage<R>;

/// What a chain is made of: one rule, and stages where they act.
template <class... Parts>
concept OnlyRulesAndStages = ((detail::is_rule<Parts> || Stage<Parts>) && ...);
template <class... Parts>
concept ExactlyOneRule = (static_cast<int>(detail::is_rule<Parts>) + ...) == 1;
template <class... Parts>
concept StagesInPlace = detail::stages_in_place<Parts...>();

/// What may stand in `Stochastic`: its kernel has no keys of its own.
template <class R>
concept RoundsNoParams = !HasPrepare<R, float> || !HasKeys<kernel_t<R, float>>;
/// What says only how to compute: it may stand in a chain, and in every wrapper.
template <class... R>
concept StoreNoParams = ((!traits<R>.stores_params && RoundsNoParams<R>) && ...);
/// What `stored` may be around.
template <class R>
concept StoresNoSlots = !traits<R>.stores_slots;

namespace detail {
template <class R, auto Field>
concept FieldOf = requires(R& r) { r.*Field = double{}; };

/// Arrays one after another.
template <std::size_t... N>
constexpr std::array<bool, (N + ...)> joined(const std::array<bool, N>&... parts) {
  std::array<bool, (N + ...)> r{};
  std::size_t at = 0;
  const auto add = [&](const auto& part) {
    for (const bool item : part) r[at++] = item;
  };
  (add(parts), ...);
  return r;
}

/// Whether every step stage behind a part that sets the parameters only reads.
template <class... Parts>
constexpr bool step_stages_act() {
  bool set = false, good = true;
  const auto look = [&](bool sets, bool stage, bool reads) {
    good = good && !(set && stage && !reads);
    set = set || sets;
  };
  (look(traits<Parts>.sets_params, Stage<Parts>, traits<Parts>.only_reads), ...);
  return good;
}
/// Whether every slot that is stored without a sign never is negative.
template <class R, class... S>
constexpr bool signs_kept() {
  const std::array<bool, sizeof...(S)> without{std::is_same_v<S, Positive8>...};
  bool good = true;
  for (std::size_t j = 0; j < sizeof...(S); ++j) good = good && (!without[j] || not_negative<R>[j]);
  return good;
}
}  // namespace detail

/// What `vary` may be around: these are fields of R itself.
template <class R, auto... Fields>
concept HasFields = (detail::FieldOf<R, Fields> && ...);
/// What a chain may be made of: it has no step stage whose effect the part before it undoes.
template <class... Parts>
concept StepStagesAct = detail::step_stages_act<Parts...>();
/// What slots may be stored as: every slot that can be negative keeps its sign.
template <class R, class... S>
concept SignsKept = detail::signs_kept<R, S...>();

}}  // namespace gradus::GRADUS_ABI
