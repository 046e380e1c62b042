// What a stage of a chain is: it changes the gradient before the rule, or the step behind it.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

#include <gradus/concept/rule.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// `V g2 = kernel.gradient(p, g, slots)`: changes the gradient before the rule sees it.
template <class K, class T, std::size_t N>
concept GradientKernel =
    std::copyable<K> && requires(const K& k, const probe_pack<T>& p, const probe_pack<T>& g,
                                 std::array<probe_pack<T>, N>& s) {
      { k.gradient(p, g, s) } -> std::same_as<probe_pack<T>>;
    };
/// `V step2 = kernel.step(p, g, step, slots)`: changes the step that the rule wants to take; g is
/// the raw gradient.
template <class K, class T, std::size_t N>
concept StepKernel =
    std::copyable<K> && requires(const K& k, probe_pack<T>& p, const probe_pack<T>& g,
                                 const probe_pack<T>& step, std::array<probe_pack<T>, N>& s) {
      { k.step(p, g, step, s) } -> std::same_as<probe_pack<T>>;
    };
template <class R, class T = float>
concept GradientStage = HasPrepare<R, T> && GradientKernel<kernel_t<R, T>, T, slot_count<R>>;
template <class R, class T = float>
concept StepStage = HasPrepare<R, T> && StepKernel<kernel_t<R, T>, T, slot_count<R>>;

}}  // namespace gradus::GRADUS_ABI
