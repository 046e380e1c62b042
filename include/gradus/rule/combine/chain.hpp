#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include <gradus/concept/rule.hpp>
#include <gradus/rule/combine/chain_kernel.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Gradient stages, exactly one rule, step stages: in this order, in one fused sweep.
///
///   g <- stage(p, g) for each gradient stage;  step <- rule(p, g)
///   step <- stage(p, step) for each step stage;  p <- p - step
///
/// Domain: each part's.
/// Units: each part's.
/// State: the parts' slots, one after another, named "Part.slot" ("Adam.m", "Ema.average"; a
///   second Ema is "Ema2.average").
/// Traffic: the sum of what the parts' slots and measuring passes move, and p and g once.
/// Init: each part's.
/// Cost: the sum of the parts'; one sweep.
/// Errors: the first part's fault; at compile time, no rule, two rules, stages in the wrong place,
///   a part that says how parameters are stored (`Stochastic`, `Master` and `Compensated` stand
///   outside of the chain), or a step stage behind a part that sets the parameters itself (`FTRL`,
///   `COCOB`, `ScheduleFreeSGD`, `ScheduleFreeAdamW`, `Mechanic`), but for `Ema` and `SWA`, which
///   only read.
/// Source: optax' chain has the idea; there each stage sweeps memory and counts steps by itself.
/// Differs: step stages see the gradient as it came from the caller; in a chain that is a part of
///   another, as it came from that one's gradient stages.
template <class... Parts>
struct Chain {
  static_assert(OnlyRulesAndStages<Parts...>,
                "gradus::Chain: each part must be a rule, a gradient stage or a step stage");
  static_assert(
      !OnlyRulesAndStages<Parts...> || ExactlyOneRule<Parts...>,
      "gradus::Chain must have exactly one rule: Chain{ClipNorm{}, Adam{}, WeightDecay{}}");
  static_assert(!ExactlyOneRule<Parts...> || StagesInPlace<Parts...>,
                "gradus::Chain: a stage that changes the gradient (ClipNorm) must stand before the "
                "rule, and one that changes the step (WeightDecay) behind it");
  static_assert(StoreNoParams<Parts...>,
                "gradus::Chain: Stochastic, Master and Compensated say how parameters are stored "
                "and stand outside of a chain: Master{Chain{rule, stage}}");
  static_assert(((!detail::is_matrix_rule<Parts> || !detail::IsChain<Parts>) && ...),
                "gradus::Chain: a chain with a rule for matrices cannot be a part of another one: "
                "put all stages into one chain");
  static_assert(
      StepStagesAct<Parts...>,
      "gradus::Chain: a part sets the parameters itself at each step, which undoes what a step "
      "stage behind it does; only Ema and SWA, which change nothing, may stand there");
  static constexpr const char* name = "Chain";
  static constexpr RuleTraits traits = (gradus::traits<Parts> | ...);
  static constexpr auto not_negative = detail::joined(gradus::not_negative<Parts>...);
  template <class T>
  static constexpr bool measures = (gradus::measures<Parts, T> || ...);
  template <class T>
  using slot_types = decltype(std::tuple_cat(std::declval<slot_types_t<Parts, T>>()...));
  std::tuple<Parts...> parts;

  constexpr explicit Chain(Parts... p) : parts(std::move(p)...) {}

  constexpr auto slots() const
    requires(HasSlots<Parts> || ...)
  {
    return gather<Slot, (slot_count<Parts> + ...)>([](const auto& p) { return slots_of(p); });
  }
  constexpr auto scalars() const
    requires(HasScalars<Parts> || ...)
  {
    return gather<Scalar, (scalar_count<Parts> + ...)>([](const auto& p) { return scalars_of(p); });
  }
  constexpr auto span_scalars() const
    requires(HasSpanScalars<Parts> || ...)
  {
    constexpr std::size_t count = (span_scalar_count<Parts> + ...);
    return gather<Scalar, count>([](const auto& p) { return span_scalars_of(p); });
  }

  /// The parts as they are at update t.
  constexpr auto at(step_t t) const
    requires(HasAt<Parts> || ...)
  {
    return std::apply([&](const Parts&... p) { return gradus::Chain(rule_at(p, t)...); }, parts);
  }
  template <Real T = double>
  constexpr Fault check() const {
    Fault fault;
    std::apply([&](const Parts&... p) { ((fault = fault ? fault : fault_of<T>(p)), ...); }, parts);
    return fault;
  }

  template <Real T, class M>
  constexpr auto prepare(const Context& c, std::span<double, (scalar_count<Parts> + ...)> scalars,
                         const M& measure) const
    requires(HasScalars<Parts> || ...)
  {
    return prepare_parts<T>(c, scalars.data(), measure);
  }
  template <Real T, class M>
  constexpr auto prepare(const Context& c, const M& measure) const
    requires(!HasScalars<Parts> && ...)
  {
    return prepare_parts<T>(c, nullptr, measure);
  }
  constexpr bool operator==(const Chain& o) const  // not defaulted: see Vary
    requires(std::equality_comparable<Parts> && ...)
  {
    return parts == o.parts;
  }

 private:
  using Tuple = std::tuple<Parts...>;

  // The parts' items, named after their part; the second part of a name is numbered 2, and so on.
  template <class Item, std::size_t N, class F>
  constexpr std::array<Item, N> gather(const F& items_of) const {
    std::array<Item, N> r{};
    std::array<Name, sizeof...(Parts)> seen{};
    std::size_t at = 0, part = 0;
    const auto add = [&](const Name& own, const auto& items) {
      std::size_t nth = 1;
      for (std::size_t i = 0; i < part; ++i) nth += seen[i] == own ? 1U : 0U;
      seen[part++] = own;
      Name prefix = own;
      if (nth > 9) prefix.append({&"0123456789"[nth / 10 % 10], 1});
      if (nth > 1) prefix.append({&"0123456789"[nth % 10], 1});
      prefix.append(".");
      for (Item item : items) {
        item.name = Name(prefix).append(item.name.view());
        r[at++] = item;
      }
    };
    std::apply([&](const Parts&... p) { (add(name_of<Parts>(), items_of(p)), ...); }, parts);
    return r;
  }

  // Each part is prepared with a measure that sees the gradients as the parts before it leave them.
  template <Real T, class M>
  constexpr auto prepare_parts(const Context& c, double* scalars, const M& measure) const {
    const auto make = [&]<class Before>(auto i, const auto& behind, const Before&) {
      using Part = std::tuple_element_t<i, Tuple>;
      static_assert(!gradus::measures<Part, T> || !HasForSpan<Before>,
                    "gradus: a norm over all spans must come before what differs by span");
      constexpr std::size_t first = detail::Offsets<Tuple>::template scalars<i>;
      return gradus::prepare<T>(std::get<i>(parts), c, scalars + first, behind);
    };
    return detail::chain_kernel(measure, make, detail::ChainKernel<Tuple>{});
  }
};

}}  // namespace gradus::GRADUS_ABI
