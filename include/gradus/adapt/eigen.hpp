// optional header: needs <Eigen/Core>
// Matrices, arrays, vectors and maps of Eigen as spans.
#pragma once

#include <Eigen/Core>

#include <concepts>
#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/error/sentence.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

template <class X>
concept EigenDense = std::derived_from<X, Eigen::DenseBase<X>>;
/// With elements in memory, which an expression such as `a + b` does not have.
template <class X>
concept EigenInMemory = EigenDense<X> && requires(X& x) { x.data(); };
/// The elements of an object, const if they are read-only.
template <class X>
struct EigenElement : std::type_identity<const typename X::Scalar> {};
template <EigenInMemory X>
struct EigenElement<X> : std::remove_pointer<decltype(std::declval<X&>().data())> {};

/// Holds the value of an expression, if it is made of one.
template <class X>
inline constexpr bool may_own = false;
template <class X, int Options, class Stride>
inline constexpr bool may_own<Eigen::Ref<const X, Options, Stride>> = true;

/// A view of a matrix whose storage order is not that of the matrix.
template <class X>
inline constexpr bool is_transposed = false;
template <class X>
inline constexpr bool is_transposed<Eigen::Transpose<X>> = !X::IsVectorAtCompileTime;

/// False if the type says that there are gaps between elements. Eigen stores inner vectors, which
/// are columns, or rows if the storage is row-major. The inner stride is the distance between two
/// elements of one, and the outer stride the distance between two inner vectors.
template <class X>
constexpr bool may_be_contiguous() {
  const auto differ = [](int a, int b) { return a != -1 && b != -1 && a != b; };  // -1: not known
  static_assert(Eigen::Dynamic == -1);
  return !differ(X::InnerStrideAtCompileTime, 1) &&
         (X::IsVectorAtCompileTime ||
          !differ(X::OuterStrideAtCompileTime, X::InnerSizeAtCompileTime));
}

}  // namespace detail

/// Makes a span of a dense matrix, array, vector, map or block of Eigen without gaps between its
/// elements. So such an object can be passed wherever gradus takes a span:
///
///   Eigen::MatrixXf W(3, 4), gW(3, 4);
///   gradus::Optimizer opt{gradus::Constant{0.1}, gradus::Adam{}, W};
///   opt.step(W, gW);
///
/// A matrix also brings its shape, for rules such as `Muon`.
/// The elements are in the order of memory, so parameters and gradients must have the same storage
/// order.
/// Errors: at compile time an expression, a transposed matrix, and a block whose type has a fixed
///   stride with gaps; at run time any other block with gaps, such as some rows of a column-major
///   matrix.
template <detail::EigenDense X>
struct SpanFrom<X> {
  static std::span<typename detail::EigenElement<X>::type> of(X& x) { return whole(x); }
  static std::span<const typename X::Scalar> of(const X& x) { return whole(x); }
  /// A matrix W of `W * x` has the inputs in its columns. Where these lie one after another, as
  /// Eigen stores them by default, they are the rows of the shape.
  static Shape shape(const X& x)
    requires(!X::IsVectorAtCompileTime)
  {
    return {static_cast<std::size_t>(x.outerSize()), static_cast<std::size_t>(x.innerSize()), 1,
            X::IsRowMajor ? FanIn::columns : FanIn::rows};
  }

 private:
  template <class Y>
  static auto whole(Y& x) {
    static_assert(detail::EigenInMemory<X>,
                  "gradus: an expression of Eigen has no elements in memory: evaluate it first, as "
                  "in (a + b).eval()");
    static_assert(!detail::EigenInMemory<X> || detail::may_be_contiguous<X>(),
                  "gradus: a block of Eigen with gaps between its elements is no span: copy it, or "
                  "pass the whole matrix, or its columns if it is column-major");
    static_assert(!detail::is_transposed<X>,
                  "gradus: a transposed matrix of Eigen has its elements in the other order in "
                  "memory: copy it first, as in Eigen::MatrixXf x = y.transpose()");
    if constexpr (detail::EigenInMemory<X>) {
      if ((x.innerSize() > 1 && x.innerStride() != 1) ||
          (x.outerSize() > 1 && x.outerStride() != x.innerSize()))
        refuse(detail::Sentence() << "gradus::eigen.strides must be 1 and "
                                  << static_cast<double>(x.innerSize())
                                  << ", without gaps between elements (got "
                                  << static_cast<double>(x.innerStride()) << " and "
                                  << static_cast<double>(x.outerStride()) << ")");
      return std::span(x.data(), static_cast<std::size_t>(x.size()));
    } else {
      return std::span<const typename X::Scalar>();
    }
  }
};

}}  // namespace gradus::GRADUS_ABI

/// Maps and blocks refer to elements of another object: they may be temporaries, as `W.col(0)` is.
template <gradus::detail::EigenInMemory X>
  requires(!std::derived_from<X, Eigen::PlainObjectBase<X>> && !gradus::detail::may_own<X>)
inline constexpr bool std::ranges::enable_borrowed_range<X> = true;
