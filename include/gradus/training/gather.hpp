// Parameters that come and go: an optimizer's state keeps to those that stay.
#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/rows.hpp>
#include <gradus/optimizer.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// What a span becomes: `rows` rows of `width` elements, each a row of the `had` that begin at
/// element `begin` of the old state, or fresh. Without `from` the first rows stay.
struct Regrown {
  std::size_t begin = 0, had = 0, rows = 0, width = 1;
  const Indices* from = nullptr;

  std::size_t source(std::size_t row) const noexcept {
    if (from != nullptr) return (*from)[row];
    return row < had ? row : fresh;
  }
};
template <Storage E>
void regrow(const E* old, E* to, exec::ListOf<const Regrown> spans) noexcept {
  Recoder<E> copy(old, to);
  for (const Regrown& s : spans)
    for (std::size_t row = 0; row < s.rows; ++row) {
      const std::size_t source = s.source(row);
      for (std::size_t c = 0; c < s.width; ++c)
        copy.next(source == fresh ? fresh : s.begin + source * s.width + c);
    }
  copy.finish();
}
/// Gives an optimizer the state for these spans, in place of the one it has. `params`: the new
/// parameters, if they are known.
template <class O, class... Params>
void regrow(const char* who, O& opt, exec::ListOf<const Regrown> spans, bool any_new,
            Params&... params) {
  static_assert(!std::remove_cvref_t<decltype(opt.core())>::for_matrices,
                "gradus::gather, restart and resize: the state of a rule for matrices belongs to "
                "their shapes; make another optimizer");
  auto& old = opt.core().state;
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t elements = 0;
  for (const Regrown& s : spans) {
    const bool fits = s.rows <= (most - elements) / (s.width == 0 ? 1 : s.width);
    elements = fits ? elements + s.rows * s.width : most;  // too many is refused by the state
  }
  constexpr std::uintptr_t usual = 16;  // where in a page large vectors begin
  std::remove_cvref_t<decltype(old)> next(who, {spans.size(), elements, usual});
  for (std::size_t j = 0, at = 0; j < spans.size(); at += next.views()[j++].n)
    next.views()[j] = {nullptr, nullptr, spans[j].rows * spans[j].width, at};
  (next.place(who, params), ...);
  next.start(who, opt.rule(), any_new);
  next.for_each_slot(
      [&]<class E>(std::size_t j, E* slot) { regrow<E>(old.template slot<E>(j), slot, spans); });
  for (std::size_t j = 0; j < next.scalars().size(); ++j) next.scalars()[j] = old.scalars()[j];
  const auto from = old.span_scalars(), to = next.span_scalars();
  for (std::size_t j = 0; j < from.size() && j < to.size(); ++j) to[j] = from[j];
  old = std::move(next);
}

/// The views of an optimizer's state, unless it was moved away.
template <class O>
exec::Views views_of(const char* call, const O& opt) {
  opt.core().check_alive("Optimizer", call);
  return opt.core().state.views();
}
/// What `gather` makes of the spans of a state, in a vector of `Regrown`; whether anything is new.
/// A template, so that programs that do not gather do not instantiate the vector.
inline bool gathered(const char* who, exec::Views views, const Indices& kept, const Indices& widths,
                     auto& to) {
  if (widths.size() != views.size())
    refuse(Caller(who).about("widths")
           << " must be " << views.size() << " numbers, one for each span (got " << widths.size()
           << ")");
  std::size_t rows = fresh;
  for (std::size_t j = 0; j < views.size(); ++j) {
    to.push_back({views[j].begin, views[j].n, views[j].n});
    if (widths[j] == 0) continue;  // this span stays as it is
    const std::size_t own = rows_of(who, j, widths[j], views[j].n);
    if (rows != fresh && own != rows)
      refuse_item(who, "widths", j, "must make as many rows of its span as of others,", rows, own);
    rows = own;
    to[j] = {views[j].begin, own, kept.size(), widths[j], &kept};
  }
  return check_kept(who, kept, rows == fresh ? 0 : rows);
}

/// `gather`, for a call by the name of `who`.
template <class O, class... Params>
void gather(const char* who, O& opt, const Indices& kept, const Indices& widths,
            Params&... params) {
  std::vector<Regrown> spans;
  const bool any_new = gathered(who, views_of(who, opt), kept, widths, spans);
  regrow(who, opt, spans, any_new, params...);
}

}  // namespace detail

/// Keeps these rows of an optimizer's state, in this order; those that are `fresh` start anew. A
/// row of span j is `widths[j]` elements; 0 leaves that span as it is. Scalars stay, and steps.
///
/// `params` are the parameters as they are then: where a slot that starts as a copy of them (Ema,
/// Master) has fresh rows. Slots in blocks of 8 bits are coded anew where a block's elements were
/// not one block before: each within half a code, and what is fresh is as near to 0 as codes go.
/// A fresh row is not corrected for its start: bias corrections count the optimizer's steps, which
/// at step 10,000 correct nothing any more. The first update of the row, and the largest of its
/// next 1,000, at a steady gradient and in units of what a new optimizer does: Adam, AdamW, AMSGrad
/// 3.2 and 6.6, NAdam 8.1 and 10, LaProp 3.2 and 9.3, QHAdam 9.6, MADGRAD 21.5; rules without a
/// correction 1 (SGD, Momentum, RMSprop, Adagrad, Lion). Where that is too much, give fresh rows of
/// the second moment, `opt.slot("v")`, the mean of the rows that stay: then Adam starts at 0.1 and
/// stays below 1, MADGRAD at 1.1. Or put the new rows into a group of their own, where they are
/// exactly as in a new optimizer.
///
/// Domain: widths that divide the spans into equally many rows.
/// Errors: nothing is changed by a row that there is not, or that is repeated; widths that do not
///   divide the spans into equally many rows.
/// Cost: O(parameters); allocates.
template <class S, class R, class P>
void gather(Optimizer<S, R, P>& opt, const Indices& kept, const Indices& widths = {1}) {
  detail::gather("gather", opt, kept, widths);
}
template <class S, class R, class P, SpanArgument<P> Params>
void gather(Optimizer<S, R, P>& opt, const Indices& kept, const Indices& widths, Params&& params) {
  detail::gather("gather", opt, kept, widths, params);
}
template <class S, class R, class P, class Params>
  requires(!SpanArgument<Params, P>)
void gather(Optimizer<S, R, P>&, const Indices&, const Indices&, Params&&) {
  detail::explain<void, detail::AsParams<P, Params>>();
}

/// Starts the state of these rows anew, and leaves the others'. Otherwise as `gather`, also in what
/// the first updates of these rows are.
template <class S, class R, class P, class... Params>
  requires(sizeof...(Params) <= 1 && (SpanArgument<Params, P> && ...))
void restart(Optimizer<S, R, P>& opt, const Indices& rows, const Indices& widths = {1},
             Params&&... params) {
  std::size_t count = 0;
  const auto views = detail::views_of("restart", opt);
  for (std::size_t j = 0; j < views.size() && j < widths.size(); ++j)
    if (widths[j] != 0) count = views[j].n / widths[j];
  std::vector<std::size_t> kept = all_but(count, {});
  for (const std::size_t row : rows) {
    if (row >= count)
      refuse({"restart", "rows", "must be below the number of rows", static_cast<double>(row)});
    kept[row] = fresh;
  }
  detail::gather("restart", opt, kept, widths, params...);
}
template <class S, class R, class P, class Params>
  requires(!SpanArgument<Params, P>)
void restart(Optimizer<S, R, P>&, const Indices&, const Indices&, Params&&) {
  detail::explain<void, detail::AsParams<P, Params>>();
}

/// Makes an optimizer one for these parameters: of each span the first elements stay, as far as
/// there were any; what is more, also in more spans, starts anew. Scalars stay, and steps: what the
/// first updates of new elements are, `gather` says.
/// Errors, and nothing is changed: as the constructor. Cost: O(parameters); allocates.
template <class S, class R, class P, SpanArgument<P> Params>
void resize(Optimizer<S, R, P>& opt, Params&& params) {
  const auto views = detail::views_of("resize", opt);
  std::vector<detail::Regrown> spans;
  bool any_new = false;
  detail::for_each_span<P>(params, [&](std::span<P> s) {
    const std::size_t j = spans.size();
    const exec::View old = j < views.size() ? views[j] : exec::View{};
    spans.push_back({old.begin, old.n, s.size()});
    any_new = any_new || s.size() > old.n || j >= views.size();
  });
  detail::regrow("resize", opt, spans, any_new, params);
}
template <class S, class R, class P, class Params>
  requires(!SpanArgument<Params, P>)
void resize(Optimizer<S, R, P>&, Params&&) {
  detail::explain<void, detail::AsParams<P, Params>>();
}

}}  // namespace gradus::GRADUS_ABI
