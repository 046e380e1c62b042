// Parameter groups: optimizers, each with its own schedule, rule and parameters, stepped as one.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/parts.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/optimizer/together.hpp>
#include <gradus/step/result.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
template <class O>
inline constexpr bool is_optimizer = false;
template <class S, class R, class P>
inline constexpr bool is_optimizer<Optimizer<S, R, P>> = true;
}  // namespace detail

/// Several optimizers, of any types, in one step: all are stepped or none is. What is refused or
/// skipped in one group leaves every group as it was.
///
/// `Groups{a, b}` owns optimizers `a` and `b`; `Groups{ClipNorm{1}, a, b}` also clips all their
/// gradients by one norm over all of them. `step(params, grads)` takes one item for each group, in
/// order: `{p, q}` where each is one span, or any tuple of spans and lists of spans. Groups of one
/// type of parameters also take one list of all their spans, in the groups' order. The bits are
/// those of the optimizers stepped one by one; with a ClipNorm, and where all are of one type of
/// parameters, those of one norm over all spans in one list.
/// Each optimizer counts its own steps: a group that was frozen meanwhile goes on where it stopped.
/// For one clock, say `StepOptions::position`. A copy is an independent continuation.
/// Errors: as `Optimizer`; spans of different groups that overlap, counted over all groups.
/// Cost: some allocations at construction, none in `step`; with a ClipNorm one more read of the
/// gradients.
template <class... O>
  requires(sizeof...(O) > 0 && (detail::is_optimizer<O> && ...))
class Groups : public detail::Together<O...> {
  using Base = detail::Together<O...>;
  using First = typename std::tuple_element_t<0, std::tuple<O...>>::value_type;
  template <class X>
  static constexpr bool one_for_each = detail::tuple_items<std::remove_cvref_t<X>> == sizeof...(O);
  template <class Params, class Grads>
  static constexpr bool one_list =
      (std::same_as<typename O::value_type, First> && ...) && SpanList<Params, First> &&
      SpanList<const Grads, const detail::number_t<const Grads>>;

 public:
  using Base::size;
  explicit Groups(O... optimizers) : Groups(std::nullopt, std::move(optimizers)...) {}
  explicit Groups(const ClipNorm& clip, O... optimizers)
      : Groups(std::optional(clip), std::move(optimizers)...) {}

  /// Makes one update of every group that is not frozen.
  template <class Params, class Grads, Executor E = Seq>
    requires(one_for_each<Params> && one_for_each<Grads>)
  GroupsResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                    const E& run = {}) {
    return go(params, grads, options, run, std::index_sequence_for<O...>{});
  }
  GroupsResult step(std::tuple<std::span<typename O::value_type>...> params,
                    std::tuple<std::span<const typename O::value_type>...> grads,
                    const StepOptions& options = {}) {
    return go(params, grads, options, seq, std::index_sequence_for<O...>{});
  }

  /// The same with the spans of all groups in one list.
  template <class Params, class Grads, Executor E = Seq>
    requires(!(one_for_each<Params> && one_for_each<Grads>) && one_list<Params, Grads>)
  GroupsResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                    const E& run = {}) {
    if constexpr (!detail::fit<First, Params, Grads>) {
      return detail::explain<GroupsResult, detail::AsBoth<First, Params, Grads>>();
    } else {
      using G = detail::value_t<const Grads>;
      check_alive();
      const auto each = [&](const auto& f) { for_each(f, std::index_sequence_for<O...>{}); };
      return this->template step_parts<detail::Alike<First, G>>(
          each, this->template in_parts<First>("params", params, each),
          this->template in_parts<const G>("grads", grads, each), options, run);
    }
  }
  template <class Params, class Grads, class E = Seq>
    requires(!(one_for_each<Params> && one_for_each<Grads>) && !one_list<Params, Grads>)
  GroupsResult step(Params&&, const Grads&, const StepOptions& = {}, const E& = {}) {
    return detail::explain<GroupsResult, detail::AsGroups<Params, Grads>>();
  }
  template <class Call = void>
  GroupsResult step(detail::GroupsInBraces<detail::AsParams, typename O::value_type...>,
                    detail::GroupsInBraces<detail::AsGradsOf, typename O::value_type...>,
                    const StepOptions& = {}) {
    return detail::explain_braces<GroupsResult, Call>();
  }

  /// Group K's optimizer.
  template <std::size_t K>
  auto& get() noexcept {
    return std::get<K>(optimizers_);
  }
  template <std::size_t K>
  const auto& get() const noexcept {
    return std::get<K>(optimizers_);
  }
  /// The rate of each group's next update, whether it is frozen or not.
  std::array<double, sizeof...(O)> rates(Length position = {}) const {
    return std::apply([&](const O&... o) { return std::array{o.rate(position)...}; }, optimizers_);
  }

 private:
  Groups(const std::optional<ClipNorm>& clip, O... optimizers)
      : Base("Groups", clip), optimizers_(std::move(optimizers)...) {
    std::apply([&](const O&... o) { this->reserve(sizeof...(O), (o.spans() + ...)); }, optimizers_);
    for (std::size_t k = 0; k < sizeof...(O); ++k) this->add_group();
  }
  void check_alive() const {
    if (size() == 0)
      refuse(detail::Sentence()
             << "gradus::Groups.step must not be called on groups that were moved from");
  }
  template <class F, std::size_t... K>
  void for_each(const F& f, std::index_sequence<K...>) {
    (f(K, std::get<K>(optimizers_)), ...);
  }
  template <class Params, class Grads, class E, std::size_t... K>
  GroupsResult go(Params& params, const Grads& grads, const StepOptions& options, const E& run,
                  std::index_sequence<K...>) {
    if constexpr (!(detail::fit<typename O::value_type, decltype(std::get<K>(params)),
                                decltype(std::get<K>(grads))> &&
                    ...)) {
      return detail::explain<
          GroupsResult, detail::AsBoth<typename O::value_type, decltype(std::get<K>(params)),
                                       std::remove_cvref_t<decltype(std::get<K>(grads))>>...>();
    } else {
      using G = detail::value_t<decltype(std::get<0>(grads))>;
      constexpr bool alike =
          (std::same_as<typename O::value_type, First> && ...) &&
          (std::same_as<detail::value_t<decltype(std::get<K>(grads))>, G> && ...);
      using Types = std::conditional_t<alike, detail::Alike<First, G>, std::false_type>;
      check_alive();
      return this->template step_all<Types>(
          [&](const auto& f) {
            (f(K, std::get<K>(optimizers_), std::get<K>(params), std::get<K>(grads)), ...);
          },
          options, run);
    }
  }

  std::tuple<O...> optimizers_;
};

template <class... O>
Groups(O...) -> Groups<O...>;
template <class... O>
Groups(ClipNorm, O...) -> Groups<O...>;

}}  // namespace gradus::GRADUS_ABI
