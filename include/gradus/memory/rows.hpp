// Rows: elements that belong together, as the three coordinates of a point, and which of them
// stay.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/sentence.hpp>
#include <gradus/exec/list_of.hpp>
#include <gradus/memory/recode.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/memory/views.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Numbers of rows (`fresh`: a new row), or their widths, however they are written: `{3, 1}`, a
/// vector, an array, a span.
class Indices {
 public:
  Indices(std::initializer_list<std::size_t> list) noexcept  // NOLINT: implicit
      : all_(list.begin(), list.size()) {}
  template <class X>
    requires(!std::same_as<X, Indices> && SpanOf<X, const std::size_t>)
  Indices(const X& list) {  // NOLINT: implicit
    const std::span<const std::size_t> span = detail::span_of_type<const std::size_t>(list);
    all_ = {span.data(), span.size()};
  }

  std::size_t size() const noexcept { return all_.size(); }
  std::size_t operator[](std::size_t i) const noexcept { return all_[i]; }
  auto begin() const noexcept { return all_.begin(); }
  auto end() const noexcept { return all_.end(); }

 private:
  exec::ListOf<const std::size_t> all_;
};

namespace detail {

/// Refuses what is not a list of different rows, of `rows`, among which may be new ones; whether
/// there are new ones.
inline bool check_kept(const char* who, Indices kept, std::size_t rows) {
  std::vector<bool> seen(rows);
  bool any_new = false;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::size_t row = kept[i];
    any_new = any_new || row == fresh;
    if (row == fresh) continue;
    if (row >= rows)
      refuse_item(who, "kept", i, "must be fresh, or below the number of rows,", rows, row);
    if (seen[row])
      refuse(Sentence() << "gradus::" << who << ".kept[" << i << "] must not repeat a row (got "
                        << row << ")");
    seen[row] = true;
  }
  return any_new;
}
/// How many rows of that width so many elements are, or a refusal.
inline std::size_t rows_of(const char* who, std::size_t span, std::size_t width,
                           std::size_t elements) {
  if (width == 0 || elements % width != 0)
    refuse_item(who, "widths", span, "must divide the number of elements,", elements, width);
  return elements / width;
}

}  // namespace detail

/// The rows below `count` but these, in order: what is kept where they are removed.
/// Errors: a row that is not below `count`. Cost: O(count), allocates.
inline std::vector<std::size_t> all_but(std::size_t count, Indices removed) {
  std::vector<bool> gone(count);
  for (std::size_t i = 0; i < removed.size(); ++i) {
    if (removed[i] >= count)
      detail::refuse_item("all_but", "removed", i, "must be below the number of rows,", count,
                          removed[i]);
    gone[removed[i]] = true;
  }
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < count; ++row)
    if (!gone[row]) kept.push_back(row);
  return kept;
}

/// Keeps these rows of a vector, in this order; those that are `fresh` become `value`.
/// Errors: a row that there is not, or that is repeated; a width that does not divide the size.
/// Nothing is changed then. Cost: O(size), allocates.
template <class T, class A>
void gather(std::vector<T, A>& values, Indices kept, std::size_t width = 1,
            const std::type_identity_t<T>& value = T()) {
  detail::check_kept("gather", kept, detail::rows_of("gather", 0, width, values.size()));
  std::vector<T, A> r(kept.size() * width, value, values.get_allocator());
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (std::size_t c = 0; c < width; ++c)
      if (kept[i] != fresh) r[i * width + c] = values[kept[i] * width + c];
  values = std::move(r);
}

}}  // namespace gradus::GRADUS_ABI
