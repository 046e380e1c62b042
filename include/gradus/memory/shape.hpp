// Shapes: which matrix, or which matrices, the elements of a span are.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>

#include <gradus/config/version.hpp>
#include <gradus/error/sentence.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Which side of a weight matrix belongs to the inputs of its layer. PyTorch stores W[out, in], so
/// that its inputs are the columns; Keras, Flax and burn store W[in, out].
enum class FanIn { columns, rows };

/// `count` matrices of `rows` rows and `columns` columns, one after another, each with its rows one
/// after another. Without rows it is no shape.
struct Shape {
  std::size_t rows = 0, columns = 0, count = 1;
  FanIn fan_in = FanIn::columns;

  constexpr bool is_given() const noexcept { return rows != 0; }
  /// Of all matrices together; the largest number if there are more.
  constexpr std::size_t elements() const noexcept {
    constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    if (rows == 0 || columns == 0 || count == 0) return 0;
    if (columns > most / rows || count > most / (rows * columns)) return most;
    return rows * columns * count;
  }
  constexpr std::size_t inputs() const noexcept { return fan_in == FanIn::rows ? rows : columns; }
  constexpr std::size_t outputs() const noexcept { return fan_in == FanIn::rows ? columns : rows; }
  constexpr std::size_t longer() const noexcept { return rows < columns ? columns : rows; }
  constexpr std::size_t shorter() const noexcept { return rows < columns ? rows : columns; }
  constexpr bool operator==(const Shape&) const noexcept = default;

  /// "3 x 4"; "2 of 3 x 4" for two of them; "3 x 4, inputs in rows".
  friend detail::Sentence& operator<<(detail::Sentence& s, const Shape& shape) noexcept {
    if (shape.count != 1) s << shape.count << " of ";
    s << shape.rows << " x " << shape.columns;
    return shape.fan_in == FanIn::rows ? s << ", inputs in rows" : s;
  }
};

template <class T>
struct Shaped;
namespace detail {
template <class X>
inline constexpr bool is_shaped = false;
template <class T>
inline constexpr bool is_shaped<Shaped<T>> = true;
}  // namespace detail

/// A span that knows its shape. It is a span, so that whatever takes spans takes it, and what has
/// no use for shapes does not see this one. `matrix` and `matrices` make it.
template <class T>
struct Shaped : std::span<T> {
  Shape shape{};

  constexpr Shaped() noexcept = default;
  constexpr Shaped(std::span<T> s, const Shape& of) noexcept : std::span<T>(s), shape(of) {}
  /// One that is read.
  template <class U>
    requires std::same_as<const U, T>
  constexpr Shaped(const Shaped<U>& o) noexcept  // NOLINT: implicit
      : std::span<T>(o), shape(o.shape) {}
  /// Without a shape, for an item in braces.
  template <class X>
    requires(!detail::is_shaped<std::remove_cvref_t<X>> && std::convertible_to<X, std::span<T>>)
  constexpr Shaped(X&& x) noexcept : std::span<T>(x) {}  // NOLINT: implicit
};

namespace detail {
/// What an optimizer keeps for a rule that sees matrices: matrix/matrices.hpp defines it. For all
/// other rules it is nothing.
template <class T, bool ForMatrices>
struct Matrices {};
template <class T>
struct Matrices<T, true>;

/// Refuses a shape that is not that of so many elements.
constexpr void check_shape(const char* who, const Shape& shape, std::size_t elements) {
  const auto positive = [&](const char* field, std::size_t number) {
    if (number == 0)
      refuse(Sentence() << "gradus::" << who << "." << field << " must be > 0 (got 0)");
  };
  positive("rows", shape.rows);
  positive("columns", shape.columns);
  positive("count", shape.count);
  if (shape.fan_in != FanIn::columns && shape.fan_in != FanIn::rows)
    refuse(Sentence() << "gradus::" << who << ".fan_in must be columns or rows (got "
                      << static_cast<double>(shape.fan_in) << ")");
  if (shape.elements() != elements)
    refuse(Sentence() << "gradus::" << who << ".span must have the elements of " << shape
                      << " (got " << elements << ")");
}
}  // namespace detail
}}  // namespace gradus::GRADUS_ABI

template <class T>
inline constexpr bool std::ranges::enable_borrowed_range<gradus::Shaped<T>> = true;
template <class T>
inline constexpr bool std::ranges::enable_view<gradus::Shaped<T>> = true;
