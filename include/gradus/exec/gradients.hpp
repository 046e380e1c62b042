// Gradients without a rule: to be added up, or measured.
#pragma once

#include <tuple>

#include <gradus/exec/measure.hpp>
#include <gradus/exec/norm.hpp>
#include <gradus/exec/streams.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace exec {

/// Parameters and gradients alone.
template <Element P, Element G>
inline auto gradients(Views views, const double& scale) noexcept {
  return streams<P, G>(views, std::tuple<>{}, static_cast<arithmetic_t<P>>(scale), simd::current());
}

/// The norm of all gradients together: the one norm that is clipped by, reported and recorded.
template <class Streams, Executor E>
inline double norm_of_gradients(const Streams& streams, const E& run) noexcept {
  using gradus::detail::OfGradients;
  return gradus::detail::true_norms<typename Streams::T>(Measure<Streams, E>{streams, run},
                                                         OfGradients{})[0];
}

}}}  // namespace gradus::GRADUS_ABI::exec
