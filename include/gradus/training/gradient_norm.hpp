#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/exec/gradients.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/optimizer/context.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// The norm of `scale` times all numbers of a span or a list of spans. Errors: spans that are null
/// or misaligned, named as `who` and `what`.
template <class X, class E = Seq>
double norm_of(const char* who, const char* what, const X& x, const double& scale = 1,
               const E& run = {}) {
  using G = value_t<const X>;
  refuse_if(check_scale<arithmetic_t<G>>(who, scale));
  std::vector<exec::View> views(extent_of<const G>(x).spans);
  lay_out<const G>(x, views);
  match<const G>(who, what, x, views, [](exec::View& view, std::span<const G> s) {
    // A measure reads parameters, too: here the same numbers, whose cache lines are there anyway.
    view.p = const_cast<G*>(s.data());
    view.g = s.data();
  });
  return exec::norm_of_gradients(exec::gradients<G, G>(views, scale), run);
}
}  // namespace detail

/// The norm of all gradients together, as `ClipNorm` measures it: to watch, or to clip by.
///
///   |g| = sqrt(sum of (scale * g)^2 over all spans)
///
///   const double norm = gradus::gradient_norm(grads);
///   opt.step(params, grads, {.scale = clip.factor(norm)});  // the bits of Chain{clip, ...}
///
/// Domain: any gradients, one span or a list of spans; scale as in `StepOptions`. NaN or infinite
///   where a gradient is.
/// Units: of the gradient.
/// State: none.
/// Traffic: 4 bytes a parameter in float: what `ClipNorm` reads, which need not read it again.
/// Cost: as `ClipNorm`; one allocation, of four numbers for each span.
/// Errors: a null or misaligned span; a scale that the gradients' type cannot represent.
/// Source: what torch.nn.utils.clip_grad_norm_ returns.
/// Differs: PyTorch sums in the gradients' type; here in double over a fixed tree, so that cuts,
///   executors and instruction sets change no bit.
template <class Grads, Executor E = Seq>
  requires detail::Watched<Grads>
double gradient_norm(const Grads& grads, const double& scale = 1, const E& run = {}) {
  return detail::norm_of("gradient_norm", "grads", grads, scale, run);
}
template <class Grads, class E = Seq>
  requires(!detail::Watched<Grads>)
double gradient_norm(const Grads&, const double& = 1, const E& = {}) {
  return detail::explain<double, detail::AsGrads<void, Grads>>();
}

}}  // namespace gradus::GRADUS_ABI
