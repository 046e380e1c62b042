#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>
#include <utility>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/schedule/shape/length_of.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {
template <class... P>
constexpr bool all_but_last_have_length() noexcept {
  std::size_t before = sizeof...(P), known = 0;
  ((--before, known += before == 0 || HasLength<P> ? 1U : 0U), ...);
  return known == sizeof...(P) && known > 0;
}
}  // namespace detail

/// What a sequence can consist of. `For{steps, schedule}` gives a length to a schedule without one.
template <class... P>
concept EachPieceButTheLastKnowsItsLength = detail::all_but_last_have_length<P...>();

/// Schedules one after another, each from its own first step.
///
///   rate(t) = piece_k(t - b_k) for b_k <= t < b_k + length_k,  b_0 = 0,  b_(k+1) = b_k + length_k
///   rate(t) = last piece(t - b) from its first step b on
///
/// The length of a piece is its `length()` or its field `steps`; the last piece may have none:
/// Sequence{For{9'000, Constant{1e-3}}, Cosine{.start = 1e-3, .steps = 1'000}}.
///
/// A piece of length 0 is skipped: it is neither evaluated nor checked. So a `Cosine` of 0 steps,
/// which is an error by itself, can be a piece. If the last piece is skipped, the piece before it
/// runs on past its end. If all pieces are skipped, the last one is evaluated and checked.
///
/// Domain: every length but the last >= 0; all t.
/// Units: those of the pieces.
/// Cost: a comparison for each piece before the one that is evaluated.
/// Errors: the fault of the first piece that is not skipped and has one; an endless piece that is
///   not the last.
/// Source: -
/// Differs: the same as optax' join_schedules, with lengths in place of boundaries. PyTorch's
///   SequentialLR restarts its schedulers by a hidden step, which goes wrong when a training
///   resumes.
/// Example: Sequence{Linear{.start = 0.05, .end = 0.1, .steps = 300}, Cosine{.start = 0.1,
///   .steps = 700}}
template <ScheduleArgument... P>
  requires EachPieceButTheLastKnowsItsLength<P...>
struct Sequence {
  static constexpr const char* name = "Sequence";
  static constexpr const char* fields = "pieces";
  std::tuple<P...> pieces;

  constexpr explicit Sequence(P... p) : pieces(std::move(p)...) {}

  constexpr double operator()(step_t t) const
      noexcept((noexcept(std::declval<const P&>()(step_t{})) && ...)) {
    return rate<0>(t);
  }
  constexpr Length length() const noexcept
    requires(HasLength<P> && ...)
  {
    return std::apply([](const P&... p) { return detail::added({length_of(p)...}); }, pieces);
  }
  constexpr bool takes_no_steps() const noexcept {
    return std::apply([](const P&... p) { return (detail::takes_no_steps(p) && ...); }, pieces);
  }
  constexpr Fault check() const {
    return std::apply(
        [this](const P&... p) {
          Fault fault;
          std::size_t left = sizeof...(P);
          ((fault = fault ? fault : fault_of_piece(p, --left == 0)), ...);
          return fault;
        },
        pieces);
  }
  constexpr bool operator==(const Sequence& o) const  // not defaulted: see Vary
    requires(std::equality_comparable<P> && ...)
  {
    return pieces == o.pieces;
  }

 private:
  template <std::size_t K>
  constexpr double rate(step_t t) const {
    const auto& piece = std::get<K>(pieces);
    if constexpr (K + 1 == sizeof...(P)) {
      return static_cast<double>(piece(t));
    } else {
      const step_t steps = length_of(piece).steps();
      const bool is_here = t < steps || (steps != 0 && is_over_before<K + 1>());
      return is_here ? static_cast<double>(piece(t)) : rate<K + 1>(t - steps);
    }
  }
  template <std::size_t K>
  constexpr bool is_over_before() const noexcept {
    if constexpr (K == sizeof...(P)) {
      return true;
    } else {
      return detail::takes_no_steps(std::get<K>(pieces)) && is_over_before<K + 1>();
    }
  }
  template <class Piece>
  constexpr Fault fault_of_piece(const Piece& piece, bool last) const {
    const bool skipped = detail::takes_no_steps(piece) && !(last && takes_no_steps());
    if (skipped) return {};
    if (const Fault fault = fault_of<double>(piece)) return fault;
    if constexpr (HasLength<Piece>)
      if (!last && !length_of(piece).is_count())
        return {name, "pieces", "must end, all but the last", 0, false};
    return {};
  }
};

}}  // namespace gradus::GRADUS_ABI
