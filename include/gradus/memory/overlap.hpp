// Do the spans of a call overlap?
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <gradus/exec/list_of.hpp>
#include <gradus/memory/caller.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A region of memory that a call reads or writes.
struct Region {
  std::uintptr_t begin = 0, end = 0;
  bool written = false;
  std::uint32_t span = 0, group = Caller::alone;
  const char* what = nullptr;

  /// A null pointer is no memory at all, whatever the size.
  static Region of(const char* what, std::size_t span, const void* from, std::size_t bytes,
                   bool written, std::uint32_t group = Caller::alone) noexcept {
    const auto at = reinterpret_cast<std::uintptr_t>(from);
    const std::uintptr_t end = from == nullptr ? at : at + bytes;
    return {at, end, written, static_cast<std::uint32_t>(span), group, what};
  }
  template <class T>
  static Region of(const char* what, std::size_t span, std::span<T> s) noexcept {
    return of(what, span, s.data(), s.size_bytes(), !std::is_const_v<T>);
  }
};

/// Sorts by begin, in place, without memory of its own.
inline void sort(exec::ListOf<Region> x) noexcept {
  const auto sift = [&](std::size_t i, std::size_t n) {
    for (std::size_t child = 2 * i + 1; child < n; i = child, child = 2 * i + 1) {
      if (child + 1 < n && x[child].begin < x[child + 1].begin) ++child;
      if (x[i].begin >= x[child].begin) return;
      std::swap(x[i], x[child]);
    }
  };
  for (std::size_t i = x.size() / 2; i-- > 0;) sift(i, x.size());
  for (std::size_t n = x.size(); n-- > 1;) {
    std::swap(x[0], x[n]);
    sift(0, n);
  }
}

/// Whether a written region overlaps any other, pair by pair: for few of them faster than sorting.
inline bool any_overlap(exec::ListOf<const Region> x) noexcept {
  bool any = false;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const std::uintptr_t begin = x[i].begin < x[j].begin ? x[j].begin : x[i].begin;
      const std::uintptr_t end = x[i].end < x[j].end ? x[i].end : x[j].end;
      any = any || (begin < end && (x[i].written || x[j].written));
    }
  return any;
}

/// Refuses a written region that overlaps any other. May sort its argument.
inline void check_overlap(const char* who, exec::ListOf<Region> x) {
  if (x.size() <= 8 && !any_overlap(x)) return;
  sort(x);
  const Region* reaching = nullptr;          // the region that reaches furthest so far
  const Region* reaching_written = nullptr;  // and the written one
  for (const Region& s : x) {
    if (s.begin == s.end) continue;
    const Region* const before = s.written ? reaching : reaching_written;
    if (before != nullptr && before->end > s.begin) {
      Sentence sentence = Caller(who, s.group).about(s.what, s.span);
      sentence << " must not overlap another span of the call (got one that overlaps ";
      refuse(Caller(who, before->group).add_span(sentence, before->what, before->span) << ")");
    }
    if (reaching == nullptr || s.end > reaching->end) reaching = &s;
    if (s.written && (reaching_written == nullptr || s.end > reaching_written->end))
      reaching_written = &s;
  }
}

}}}  // namespace gradus::GRADUS_ABI::detail
