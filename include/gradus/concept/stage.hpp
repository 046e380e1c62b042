// What a stage of a chain is: it changes the gradient before the rule, or the step behind it.
#pragma once

#include <gradus/concept/rule.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Changes the gradient before the rule: its kernel has `gradient`.
template <class R, class T = float>
concept GradientStage = HasPrepare<R, T> && GradientKernel<kernel_t<R, T>, T, slot_count<R>>;
/// Changes the step behind the rule: its kernel has `step`.
template <class R, class T = float>
concept StepStage = HasPrepare<R, T> && StepKernel<kernel_t<R, T>, T, slot_count<R>>;

}}  // namespace gradus::GRADUS_ABI
