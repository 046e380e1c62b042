#pragma once

#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/update.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// The norm of `scale` times all numbers of a span or a list of spans, or a refusal by `who` of
/// `what`. The one norm there is: the sum by `exec::Measure`, the root by `true_norms`.
template <class X, class E = Seq>
double norm_of(const char* who, const char* what, const X& x, const double& scale = 1,
               const E& run = {}) {
  using G = value_t<const X>;
  using T = arithmetic_t<G>;
  refuse_if(check_scale<T>(who, scale));
  std::vector<exec::View> views;
  std::size_t begin = 0;
  for_each_span<const G>(x, [&](std::span<const G> s) {
    check_span<const G>(who, what, views.size(), s, s.size());
    // A measure reads parameters, too: here the same numbers, whose cache lines are there anyway.
    views.push_back({const_cast<G*>(s.data()), s.data(), s.size(), begin});
    begin += s.size();
  });
  const auto streams =
      exec::streams<G, G>(views, std::tuple<>{}, static_cast<T>(scale), simd::current());
  return true_norms<T>(exec::Measure<std::remove_const_t<decltype(streams)>, E>{streams, run},
                       OfGradients{})[0];
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
