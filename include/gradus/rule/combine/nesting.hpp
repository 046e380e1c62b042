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

/// Members of `Stochastic`, `Master` and `Compensated` (`stores_params`), of `Stochastic`
/// (`rounds_params`) and of what `stored` makes (`stores_slots`), handed on by what is around them.
template <class R>
inline constexpr bool stores_params = false;
template <class R>
  requires requires { R::stores_params; }
inline constexpr bool stores_params<R> = R::stores_params;
template <class R>
inline constexpr bool rounds_params = false;
template <class R>
  requires requires { R::rounds_params; }
inline constexpr bool rounds_params<R> = R::rounds_params;
template <class R>
inline constexpr bool stores_slots = false;
template <class R>
  requires requires { R::stores_slots; }
inline constexpr bool stores_slots<R> = R::stores_slots;

namespace detail {
// A chain's kernel has a gradient, too: as a part of another chain it is a rule and no stage.
template <class P>
inline constexpr bool is_rule = Rule<P, float>;
template <class P>
inline constexpr bool is_gradient_stage = GradientStage<P, float> && !is_rule<P>;
template <class P>
inline constexpr bool is_step_stage = StepStage<P, float> && !is_rule<P>;

/// Gradient stages stand before the rule and step stages after it.
template <class... Parts>
constexpr bool in_order() {
  bool after = false, good = true;
  const auto look = [&](bool rule, bool gradient_stage, bool step_stage) {
    good = good && (rule || (step_stage == after && gradient_stage != after));
    after = after || rule;
  };
  (look(is_rule<Parts>, is_gradient_stage<Parts>, is_step_stage<Parts>), ...);
  return good;
}

}  // namespace detail

/// A gradient stage or a step stage, and not a rule.
template <class R>
concept Stage = detail::is_gradient_stage<R> || detail::is_step_stage<R>;

template <class... Parts>
concept ExactlyOneRule = (static_cast<int>(detail::is_rule<Parts>) + ...) == 1;
template <class... Parts>
concept OnlyStagesBesideIt =
    ((detail::is_rule<Parts> || detail::is_gradient_stage<Parts> || detail::is_step_stage<Parts>) &&
     ...);
template <class... Parts>
concept GradientStagesThenRuleThenStepStages = detail::in_order<Parts...>();

/// What says only how to compute: it may stand in a chain, and in every wrapper.
template <class... R>
concept StoreNoParams = (!stores_params<R> && ...);
/// What may stand in `Stochastic`.
template <class R>
concept RoundsNoParams = !rounds_params<R>;
/// What `stored` may be around.
template <class R>
concept StoresNoSlots = !stores_slots<R>;

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

template <class... Parts>
constexpr bool step_stages_act() {
  bool set = false, good = true;
  const auto look = [&](bool sets, bool stage, bool reads) {
    good = good && !(set && stage && !reads);
    set = set || sets;
  };
  (look(sets_params<Parts>, Stage<Parts>, only_reads<Parts>), ...);
  return good;
}
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
/// What a chain may be made of: no step stage whose effect a rule before it undoes.
template <class... Parts>
concept StepStagesAct = detail::step_stages_act<Parts...>();
/// What slots may be stored as: those that can be negative not without a sign.
template <class R, class... S>
concept SignsKept = detail::signs_kept<R, S...>();

}}  // namespace gradus::GRADUS_ABI
