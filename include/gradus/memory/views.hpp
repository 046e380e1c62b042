// The one way from the spans of a call to checked views.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <gradus/exec/streams.hpp>
#include <gradus/memory/caller.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Refuses item `index` of the list `what`: for example, its size must be `wanted`.
[[noreturn]] GRADUS_COLD inline void refuse_item(const Caller& who, const char* what,
                                                 std::size_t index, const char* rule,
                                                 std::size_t wanted, std::size_t got) {
  refuse(who.about(what, index) << " " << rule << " " << wanted << " (got " << got << ")");
}
[[noreturn]] GRADUS_COLD inline void refuse_count(const Caller& who, const char* what,
                                                  std::size_t wanted, std::size_t got) {
  refuse(who.about(what) << " must be " << wanted << " spans, as at construction (got " << got
                         << ")");
}

inline void check_count(const Caller& who, const char* what, std::size_t got, std::size_t wanted) {
  if (got != wanted) refuse_count(who, what, wanted, got);
}
inline void check_size(const Caller& who, const char* what, std::size_t index, std::size_t got,
                       std::size_t wanted) {
  if (got != wanted)
    refuse_item(who, what, index, "must have as many elements as its span of parameters,", wanted,
                got);
}
[[noreturn]] GRADUS_COLD inline void refuse_span(const Caller& who, const char* what,
                                                 std::size_t index, std::uintptr_t address,
                                                 std::size_t got, std::size_t wanted,
                                                 std::size_t alignment) {
  check_size(who, what, index, got, wanted);
  if (address == 0) refuse_item(who, what, index, "must not be null with a size of", got, got);
  refuse_item(who, what, index, "must be aligned to a multiple in bytes of", alignment,
              address % alignment);
}
/// Refuses a span of another size, and one that is null or misaligned.
template <class T>
inline void check_span(const Caller& who, const char* what, std::size_t index, std::span<T> s,
                       std::size_t size) {
  const auto address = reinterpret_cast<std::uintptr_t>(s.data());
  const bool fits = address != 0 && address % alignof(T) == 0;
  if (s.size() != size || !(fits || size == 0))
    refuse_span(who, what, index, address, s.size(), size, alignof(T));
}

/// Calls f(view, span) for each span of a list and its view, in order. Refuses a wrong number of
/// spans before it calls f, and a bad span after it has called f for the earlier ones.
template <class T, class X, class F>
inline void match(const Caller& who, const char* what, X& list, exec::ListOf<exec::View> views,
                  const F& f) {
  check_count(who, what, extent_of<T>(list).spans, views.size());
  std::size_t j = 0;
  for_each_span<T>(list, [&](std::span<T> s) {
    if (j == views.size()) check_count(who, what, j + 1, j);  // the list has grown meanwhile
    check_span<T>(who, what, j, s, views[j].n);
    f(views[j++], s);
  });
}
/// The check alone.
template <class T, class X>
inline void check_spans(const Caller& who, const char* what, X& list,
                        exec::ListOf<exec::View> views) {
  match<T>(who, what, list, views, [](const exec::View&, std::span<T>) {});
}

/// The sizes alone; `or_none`: every span may also be empty.
template <class T, class X>
inline void check_sizes(const Caller& who, const char* what, X& list,
                        exec::ListOf<exec::View> views, bool or_none = false) {
  check_count(who, what, extent_of<T>(list).spans, views.size());
  std::size_t j = 0;
  for_each_span<T>(list, [&](std::span<T> s) {
    if (!(or_none && s.empty())) check_size(who, what, j, s.size(), views[j].n);
    ++j;
  });
}

/// Gives views the sizes of the spans of a list, and their places one after another.
template <class T, class X>
inline void lay_out(X& list, exec::ListOf<exec::View> views) {
  std::size_t j = 0, begin = 0;
  for_each_span<T>(list, [&](std::span<T> s) {
    views[j++] = {nullptr, nullptr, s.size(), begin};
    begin += s.size();
  });
}

/// Joins spans that lie next to each other, both their parameters and their gradients: `joined`
/// gets the views of fewer and longer spans of the same elements. Returns how many.
inline std::size_t join(exec::Views views, std::size_t size_of_param, std::size_t size_of_grad,
                        exec::ListOf<exec::View> joined) noexcept {
  const auto after = [](const void* data, std::size_t bytes) {
    return reinterpret_cast<std::uintptr_t>(data) + bytes;
  };
  std::size_t count = 0;
  for (const exec::View& view : views) {
    if (view.n == 0) continue;
    exec::View* const last = count == 0 ? nullptr : &joined[count - 1];
    if (last != nullptr && after(last->p, last->n * size_of_param) == after(view.p, 0) &&
        after(last->g, last->n * size_of_grad) == after(view.g, 0)) {
      last->n += view.n;
    } else {
      joined[count++] = view;
    }
  }
  return count;
}

/// Whether all spans have one size.
inline bool same_size(exec::Views views) noexcept {
  for (const exec::View& view : views)
    if (view.n != views[0].n) return false;
  return true;
}

/// Numbers that lie one span after another, as a list of spans of the sizes of the views.
template <class T>
class CutAsViews {
 public:
  struct Iterator {
    const exec::View* view;
    T* data;
    std::span<T> operator*() const noexcept { return {data + view->begin, view->n}; }
    Iterator& operator++() noexcept { return ++view, *this; }
    bool operator==(const Iterator&) const noexcept = default;
  };
  CutAsViews(exec::Views views, T* data) noexcept
      : begin_{views.data(), data}, end_{views.data() + views.size(), data} {}
  Iterator begin() const noexcept { return begin_; }
  Iterator end() const noexcept { return end_; }

 private:
  Iterator begin_, end_;
};

}}}  // namespace gradus::GRADUS_ABI::detail
