// optional header
// What an optimizer keeps for a rule that sees matrices (their shapes, state of other sizes than
// the parameters, and a workspace), and the two sweeps of its update.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/concept/executor.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/exec/access.hpp>
#include <gradus/exec/all_finite.hpp>
#include <gradus/exec/measure.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/matrix/matrix_task.hpp>
#include <gradus/memory/accepted.hpp>
#include <gradus/memory/block.hpp>
#include <gradus/memory/caller.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/simd/dispatch.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// One of the two sweeps over the elements [begin, end) of a span. The first writes directions to
/// `o`, the second reads from there what became of them, and moves the parameters.
template <class Streams, class K, bool Second>
struct MatrixSweep {
  using T = typename Streams::T;
  static constexpr std::size_t N = Streams::slot_count;

  const Streams& streams;
  const exec::View& view;
  T* o;
  const K& kernel;
  std::size_t begin, end;

  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    run<simd::pack<I, T>>(std::make_index_sequence<N>{});
  }

 private:
  // Slots are expanded at compile time: a run-time index would keep them in memory.
  template <class V, std::size_t... J>
  GRADUS_KERNEL void run(std::index_sequence<J...>) const {
    const K k = kernel;  // a local copy: stores cannot alias it
    const V s(streams.scale);
    auto* const p = streams.p(view);
    const auto* const g = streams.g(view);
    for (std::size_t i = begin; i < end; i += V::size) {
      const std::size_t at = view.begin + i, some = end - i;
      const std::uint64_t number = streams.first + at;  // of the element, among all
      V x = exec::get<V>(p, i, some);
      const V y = s * exec::get<V>(g, i, some);
      std::array<V, N> z{exec::get<V>(std::get<J>(streams.slots), at, some)...};
      const auto put = [&](const V& v, auto* to, std::size_t stream) GRADUS_LAMBDA {
        some < V::size ? exec::put_part(v, to, some, number, k, stream)
                       : exec::put(v, to, number, k, stream);
      };
      if constexpr (Second) {
        const V step = at_element(k, number).apply(x, y, exec::get<V>(o, i, some), z);
        put(x - step, p + i, 0);
      } else {
        const V u = at_element(k, number).direction(x, y, z);
        some < V::size ? u.store_part(o + i, some) : u.store(o + i);
      }
      (put(z[J], std::get<J>(streams.slots) + at, J + 1), ...);
    }
  }
};

/// The shapes, the shaped slots and the workspace, in one allocation. The workspace has the size
/// that the largest span needs, because spans are updated one after another.
template <class T>
struct Matrices<T, true> {
  static constexpr std::size_t most_slots = 4;

  /// For these parameters, which the rule must be able to take; otherwise it is refused.
  template <class R, class Params>
  void make(const Caller& who, const R& rule, Params& params, exec::Views views) {
    const auto slots = shaped_slots_of(rule);
    static_assert(std::tuple_size_v<std::remove_const_t<decltype(slots)>> <= most_slots);
    std::size_t j = 0, longest = 0, work = 0, end = 0;
    std::array<std::size_t, most_slots> counts{};
    for_each_shape(params, [&](const Shape& shape) {
      check_given(who, rule, shape, j, views[j].n);
      const std::size_t n = views[j++].n;
      if (n == 0) return;
      longest = n > longest ? n : longest;
      const std::size_t own = work_of(rule, shape);
      work = own > work ? own : work;
      for (std::size_t i = 0; i < slots.size(); ++i) counts[i] += slots[i].elements(shape);
    });
    const auto take = [&](std::size_t bytes) {
      return std::exchange(end, (end + bytes + 63) / 64 * 64);
    };
    Matrices r;
    r.spans_ = views.size();
    take(r.spans_ * sizeof(Shape));
    r.slot_count_ = slots.size();
    for (std::size_t i = 0; i < slots.size(); ++i)
      r.slots_[i] = {take(counts[i] * sizeof(T)), counts[i], slots[i].name};
    r.data_at_ = take(longest * sizeof(T));
    r.work_at_ = take(work * sizeof(T));
    r.block_ = Block(end + 1);
    j = 0;
    for_each_shape(params, [&](const Shape& shape) {
      new (r.block_.data() + j++ * sizeof(Shape)) Shape(shape);
    });
    for (std::size_t i = 0; i < slots.size(); ++i)
      for (T& number : r.slot(i)) new (&number) T{};
    for (T* x = r.data(); x != r.data() + longest; ++x) new (x) T{};
    for (T* x = r.work(); x != r.work() + work; ++x) new (x) T{};
    *this = std::move(r);
  }
  /// Refuses a span of another shape than at construction. A span without a shape is the same
  /// matrix.
  template <class X>
  void check(const Caller& who, const char* what, X&& list) const {
    check_same(who, what, list, shapes());
  }
  template <class X>
  static void check_same(const Caller& who, const char* what, X& list,
                         std::span<const Shape> shapes) {
    std::size_t j = 0;
    for_each_shape(list, [&](const Shape& shape) {
      if (shape.is_given() && j < shapes.size() && shape != shapes[j])
        refuse(who.about(what, j) << " must have the shape that it had at construction, "
                                  << shapes[j] << " (got " << shape << ")");
      ++j;
    });
  }
  /// Refuses a span of n elements that has no shape, or that of another number of elements.
  template <class R>
  static void check_given(const Caller& who, const R& rule, const Shape& shape, std::size_t j,
                          std::size_t n) {
    if (n != 0 && !shape.is_given())
      refuse(who.about("params", j)
             << " must have a shape, because "
             << name_of<std::remove_cvref_t<decltype(matrix_rule_in(rule))>>().view()
             << " sees matrices: gradus::matrix(span, rows, columns) (got " << n
             << " elements without one)");
    if (shape.is_given() && shape.elements() != n)
      refuse(who.about("params", j)
             << " must have the elements of its shape, " << shape << " (got " << n << ")");
  }
  /// Refuses to go on with `then` instead of `now` if it has other shaped slots than that, or
  /// needs a larger workspace.
  template <class Now, class Then>
  void check_rule(const Caller& who, const Now& now, const Then& then) const {
    const auto old_slots = shaped_slots_of(now);
    const auto slots = shaped_slots_of(then);
    bool same = slots.size() == old_slots.size(), fits = true;
    for (const Shape& shape : shapes()) {
      if (!shape.is_given()) continue;  // of a span without elements
      for (std::size_t i = 0; same && i < slots.size(); ++i)
        same = slots[i].name == old_slots[i].name &&
               slots[i].elements(shape) == old_slots[i].elements(shape);
      fits = fits && work_of(then, shape) <= work_of(now, shape);
    }
    if (!same)
      refuse(who.about("with_rule") << " must have the shaped slots of the rule it replaces");
    if (!fits)
      refuse(who.about("with_rule")
             << " must need no larger workspace than the rule it replaces: its products do");
  }
  std::span<const Shape> shapes() const noexcept {
    return {reinterpret_cast<const Shape*>(block_.data()), spans_};
  }
  /// The shaped slots of a rule, for what does not include this header.
  template <class R>
  static auto slots_of(const R& rule) {
    return shaped_slots_of(rule);
  }
  std::size_t slot_count() const noexcept { return slot_count_; }
  /// The number of a shaped slot; `slot_count()` if none has this name.
  std::size_t slot_index(std::string_view name) const noexcept {
    std::size_t i = 0;
    while (i < slot_count_ && slots_[i].name.view() != name) ++i;
    return i;
  }
  const Name& slot_name(std::size_t i) const noexcept { return slots_[i].name; }
  /// Shaped slot i of all spans, one after another.
  std::span<T> slot(std::size_t i) const noexcept {
    return {reinterpret_cast<T*>(block_.data() + slots_[i].at), slots_[i].count};
  }

  /// Whether the state that these gradients meet is finite, as far as the policy asks: with finite
  /// gradients the directions are then finite, and so is what becomes of them.
  template <class Streams>
  bool usable(const Caller& who, const Streams& streams, NonFinite policy) const {
    const std::size_t n = exec::total(streams.views);
    const auto finite = [&]<class S>(const S* slot) {
      return exec::all_finite(std::span<const S>(slot, n), streams.isa);
    };
    bool good = policy == NonFinite::propagate ||
                std::apply([&](auto*... slot) { return (finite(slot) && ...); }, streams.slots);
    for (std::size_t i = 0; policy != NonFinite::propagate && i < slot_count_; ++i)
      good = good && exec::all_finite(std::span<const T>(slot(i)), streams.isa);
    if (!good && policy == NonFinite::raise)
      refuse(who.about("slots") << " must be finite, because a matrix is transformed as a whole "
                                   "(got one that is not)");
    return good;
  }
  /// One matrix, or span of matrices, after another: a sweep, the transform, a sweep.
  template <class R, class Streams, Executor E>
  void update(const R& rule, const Context& context, const Streams& streams,
              exec::ListOf<double> scalars, exec::ListOf<double> span_scalars,
              const E& run) const noexcept {
    static_assert(!Streams::blocked,
                  "gradus: blocks of 8 bits reach across spans, so that a rule for matrices cannot "
                  "use them");
    const exec::Measure<Streams, E> measure{streams, run};
    const auto kernel = gradus::prepare<T>(rule, context, scalars.data(), measure);
    sweep_spans(rule, kernel, streams, span_scalars, run);
  }
  /// The same by a prepared kernel; the spans are numbered from `first_span`.
  template <class R, class K, class Streams, Executor E>
  void sweep_spans(const R& rule, const K& kernel, const Streams& streams,
                   exec::ListOf<double> span_scalars, const E& run,
                   std::size_t first_span = 0) const noexcept {
    const auto slots = shaped_slots_of(rule);
    std::array<T*, most_slots> at{};
    for (std::size_t i = 0; i < slots.size(); ++i) at[i] = slot(i).data();
    for (std::size_t j = 0; j < spans_; ++j) {
      const exec::View& view = streams.views[j];
      if (view.n == 0) continue;
      K own = kernel;
      if constexpr (HasForSpan<K>) {
        constexpr std::size_t count = span_scalar_count<R>;
        const exec::Measure<Streams, E> here{streams.alone(view), run, first_span + j};
        own = detail::for_span(kernel, span_scalars.subspan(count * j, count), here);
      }
      sweep<false>(streams, view, own, run);
      own = own.for_matrix(MatrixTask<T, E>{data(), shapes()[j], at, work(), run});
      sweep<true>(streams, view, own, run);
      for (std::size_t i = 0; i < slots.size(); ++i) at[i] += slots[i].elements(shapes()[j]);
    }
  }

 private:
  template <class R>
  static std::size_t work_of(const R& rule, const Shape& shape) noexcept {
    return matrix_rule_in(rule).template work<T, typename ProductsOf<R>::type>(shape);
  }
  template <bool Second, class Streams, class K, class E>
  void sweep(const Streams& streams, const exec::View& view, const K& kernel,
             const E& run) const noexcept {
    run((view.n + exec::piece - 1) / exec::piece, [&](std::size_t i) noexcept {
      const std::size_t begin = i * exec::piece, left = view.n - begin;
      const std::size_t end = begin + (left < exec::piece ? left : exec::piece);
      simd::dispatch(streams.isa,
                     MatrixSweep<Streams, K, Second>{streams, view, data(), kernel, begin, end});
    });
  }
  T* data() const noexcept { return reinterpret_cast<T*>(block_.data() + data_at_); }
  T* work() const noexcept { return reinterpret_cast<T*>(block_.data() + work_at_); }

  struct Place {
    std::size_t at = 0, count = 0;
    Name name{};
  };
  Block block_;
  std::size_t spans_ = 0, data_at_ = 0, work_at_ = 0, slot_count_ = 0;
  std::array<Place, most_slots> slots_{};
};

}}}  // namespace gradus::GRADUS_ABI::detail
