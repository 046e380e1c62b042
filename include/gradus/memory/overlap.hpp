// Do the spans of a call overlap?
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

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

/// Sorts by begin, in place, without memory of its own: Shell's sort, with Knuth's gaps.
inline void sort(exec::ListOf<Region> x) noexcept {
  std::size_t gap = 1;
  while (gap < x.size() / 3) gap = 3 * gap + 1;
  for (; gap > 0; gap /= 3)
    for (std::size_t i = gap; i < x.size(); ++i) {
      const Region moved = x[i];
      std::size_t to = i;
      for (; to >= gap && moved.begin < x[to - gap].begin; to -= gap) x[to] = x[to - gap];
      x[to] = moved;
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
