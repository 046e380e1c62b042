// A number for each parameter in one allocation, outside of an optimizer.
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <new>
#include <span>

#include <gradus/error/fault.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/math/real.hpp>
#include <gradus/memory/block.hpp>
#include <gradus/memory/spans.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Spans of T, one after another in memory, of the sizes of the spans it is made for; zero at
/// first. A copy is a copy of all.
template <Real T>
class Buffer {
 public:
  /// `who` is named in errors.
  template <class E, class Params>
  static Buffer like(const char* who, const Params& params) {
    const Extent all = extent_of<const E>(params);
    if (all.elements > std::numeric_limits<std::size_t>::max() / 4 / sizeof(T))
      refuse_if({who, "params", "must be fewer than memory could ever hold",
                 static_cast<double>(all.elements)});
    std::size_t j = 0;
    for_each_span<const E>(params, [&](std::span<const E> s) {
      check_span<const E>(who, "params", j++, s, s.size());
    });
    Buffer r;
    r.spans_ = all.spans;
    r.elements_ = all.elements;
    // At the parameters' place in a lane and, where it is large, far from theirs in a page: see
    // State.
    constexpr std::size_t page = Block::alignment;
    const std::size_t end = all.spans * sizeof(exec::View);
    r.at_ = all.elements * sizeof(T) < page
                ? up(end, line)
                : up(end, page) + (all.begin + page / 8 * 7) % page / line * line;
    r.at_ += all.begin / sizeof(E) % 16 * sizeof(T);
    r.block_ = Block(r.at_ + all.elements * sizeof(T) + 1);
    for (std::size_t i = 0; i < all.elements; ++i) new (r.data() + i) T{};
    j = 0;
    std::size_t begin = 0;
    for_each_span<const E>(params, [&](std::span<const E> s) {
      new (r.first() + j++) exec::View{nullptr, nullptr, s.size(), begin};
      begin += s.size();
    });
    return r;
  }

  bool alive() const noexcept { return block_.data() != nullptr; }
  std::size_t size() const noexcept { return alive() ? elements_ : 0; }
  T* data() const noexcept { return alive() ? reinterpret_cast<T*>(block_.data() + at_) : nullptr; }

  /// The buffer as parameters and `grads` as gradients of a sweep, or a refusal by `who`.
  template <Element G, class Grads>
  std::span<const exec::View> views(const char* who, const Grads& grads) {
    const std::size_t n = extent_of<const G>(grads).spans;
    if (n != spans_) refuse_count("grads", spans_, n, who);
    exec::View* view = first();
    std::size_t j = 0;
    for_each_span<const G>(grads, [&](std::span<const G> s) {
      check_span<const G>(who, "grads", j, s, view->n);
      std::array both{Region::of("grads", j++, s),
                      Region::of("sum", 0, block_.data(), block_.size(), true)};
      check_overlap(who, both);
      view->p = data() + view->begin;
      view++->g = s.data();
    });
    return {first(), spans_};
  }

  /// A list of spans, for whatever takes gradients.
  class Spans {
   public:
    struct Iterator {
      const exec::View* view;
      const T* data;
      std::span<const T> operator*() const noexcept { return {data + view->begin, view->n}; }
      Iterator& operator++() noexcept { return ++view, *this; }
      bool operator==(const Iterator&) const noexcept = default;
    };
    Spans(const exec::View* views, std::size_t n, const T* data)
        : begin_{views, data}, end_{views + n, data} {}
    Iterator begin() const noexcept { return begin_; }
    Iterator end() const noexcept { return end_; }

   private:
    Iterator begin_, end_;
  };
  Spans spans() const noexcept { return {first(), spans_, data()}; }

 private:
  static constexpr std::size_t line = 64;
  static constexpr std::size_t up(std::size_t x, std::size_t to) noexcept {
    return (x + to - 1) / to * to;
  }
  exec::View* first() const noexcept { return reinterpret_cast<exec::View*>(block_.data()); }

  Block block_;  // views, then the numbers
  std::size_t spans_ = 0, elements_ = 0, at_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::detail
