// optional header
// helper header
#pragma once

#include <utility>

#include <gradus/matrix/matrix_task.hpp>
#include <gradus/rule/combine/around.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
/// A kernel whose matrices are multiplied by P.
template <class K, class P>
struct ThroughKernel : KernelAround<ThroughKernel<K, P>, K> {
  GRADUS_KERNEL constexpr ThroughKernel with(const K& kernel) const { return {{kernel}}; }
  template <class Task>
  ThroughKernel for_matrix(const Task& task) const {
    return with(this->inner.for_matrix(task.with(P{})));
  }
};
}  // namespace detail

/// A rule for matrices whose products are computed by P instead of `OwnProducts`. Made by
/// `through`.
template <class P, class R>
struct Through : detail::Around<Through<P, R>, R> {
  static_assert(MatrixRule<R, float>, "gradus::through takes a rule for matrices");
  using products_type = P;
  using detail::Around<Through, R>::Around;

  template <class R2>
  constexpr Through<P, R2> with(R2 other) const {
    return Through<P, R2>(std::move(other));
  }
  template <class K>
  constexpr auto around(const K& kernel, const Context&) const {
    return detail::ThroughKernel<K, P>{{kernel}};
  }
  constexpr bool operator==(const Through&) const = default;
};

/// The rule with its matrices multiplied by P: `through<EigenProducts>(Muon{})`, with
/// <gradus/adapt/eigen_products.hpp>. It stands directly around the rule, inside of chains and
/// wrappers. The bits are those of the library that multiplies.
template <class P, class R>
constexpr auto through(R rule) {
  return Through<P, R>(std::move(rule));
}

}}  // namespace gradus::GRADUS_ABI
