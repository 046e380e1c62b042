// optional header
// The grammar of schedules as text, a method for each of its rules: see `parse`.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_tree.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Every method reads what it is called after, or notes what is wrong and returns false.
class Reader : TreeReader {
 public:
  explicit Reader(std::string_view text) : TreeReader(text) {}

  AnySchedule read() {
    Child root;
    if (sequence(root) && !at_.at_end())
      fail("expected 'then', 'for', '+', '*' or the end of the text");
    return finished();
  }
  const TextError& error() const noexcept { return error_; }

 private:
  struct Prefix {
    Alternatives schedule;
    Call call;
  };
  using Piece = std::variant<Child, Prefix>;

  bool sequence(Child& out) {
    if (nesting_ == AnySchedule::max_depth)
      return fail("expected at most 64 levels of parentheses");
    ++nesting_;
    std::vector<Piece> pieces;
    std::size_t last = 0;
    do {
      last = at_.place();
      if (pieces.size() == AnySchedule::max_nodes) return too_many(last);
      if (!piece(pieces.emplace_back())) return false;
    } while (at_.take("then"));
    --nesting_;
    return join(pieces, last, out);
  }
  /// From the end: every piece takes what is joined already.
  bool join(const std::vector<Piece>& pieces, std::size_t place, Child& out) {
    out = std::get<Child>(pieces.back());
    for (std::size_t i = pieces.size() - 1; i-- > 0;) {
      if (const Child* first = std::get_if<Child>(&pieces[i])) {
        if (!add(Sequence{*first, out}, {.place = place}, out)) return false;
        continue;
      }
      auto [schedule, call] = std::get<Prefix>(pieces[i]);
      std::visit([&](auto& s) { each_child(s, [&](Child& child) { child = out; }); }, schedule);
      if (!add(schedule, call, out)) return false;
    }
    return true;
  }
  bool piece(Piece& out) {
    Child child;
    if (std::optional<Alternatives> schedule = named(at_.peek_word(), true)) {
      Call made;
      if (!std::visit([&](auto& s) { return call(s, made); }, *schedule)) return false;
      out = Prefix{*schedule, made};
      return at_.peek_word() == "then" || fail("expected 'then' and a schedule");
    }
    if (!row<Fold::sum>(child)) return false;
    while (at_.take("for")) {
      For<Child> timed{1, child};
      const std::size_t place = at_.place();
      if (!value({"steps"}, timed.steps) || !add(timed, {.place = place}, child)) return false;
    }
    out = child;
    if (at_.peek_word() == "then" && !at(child.index).length().is_count())
      return fail("expected 'for' and a number of steps after what has no end");
    return true;
  }
  /// sum: products with + between them; product: primaries with * between them.
  template <Fold F>
  bool row(Child& out) {
    constexpr char symbol = folds[static_cast<std::size_t>(F)][0];
    if (!operand<F>(out)) return false;
    for (std::size_t place = at_.place(); at_.take(symbol); place = at_.place()) {
      Child right;
      if (!operand<F>(right) || !add(pair<F>(out, right), {.place = place}, out)) return false;
    }
    return true;
  }
  template <Fold F>
  bool operand(Child& out) {
    if constexpr (F == Fold::sum) {
      return row<Fold::product>(out);
    } else {
      return primary(out);
    }
  }
  bool primary(Child& out) {
    const std::size_t place = at_.place();
    const std::string_view word = at_.peek_word();
    if (at_.take('(')) return sequence(out) && close();
    if (begins_number(at_.peek())) {
      Constant<> number;
      return value({"value"}, number.value) && add(number, {.place = place}, out);
    }
    if (word == folds[2]) return extreme<Fold::minimum>(out);
    if (word == folds[3]) return extreme<Fold::maximum>(out);
    if (std::optional<Alternatives> schedule = named(word, false)) {
      Call made;
      return std::visit([&](auto& s) { return call(s, made); }, *schedule) &&
             add(*schedule, made, out);
    }
    if (std::optional<Shorthands> shorthand = named<Shorthands>(word, false)) {
      Call made;
      return std::visit(
          [&](auto& s) {
            if (!call(s, made)) return false;
            const Fault fault = s.check();
            return fault ? fail_at(place_of(fault, made), sentence_of(fault).text())
                         : add_all(s.made(), made.place, out);
          },
          *shorthand);
    }
    if (named(word, true)) return fail("expected '(' before a schedule that others follow");
    return unknown(word);
  }
  /// min(a, b, ...) and max(a, b, ...)
  template <Fold F>
  bool extreme(Child& out) {
    const std::size_t place = at_.place();
    at_.take_word();
    if (!open() || !sequence(out)) return false;
    while (at_.take(',')) {
      Child right;
      if (!sequence(right) || !add(pair<F>(out, right), {.place = place}, out)) return false;
    }
    return close();
  }

  /// name(value, ..., field=value, ...)
  template <class S>
  bool call(S& s, Call& made) {
    made.name = spelling<S>.view();
    made.fields = fields<S>;
    made.place = at_.place();
    at_.take_word();
    if (!open()) return false;
    for (bool more = at_.peek() != ')'; more; more = at_.take(',')) {
      if (at_.peek() == ')') return fail("expected a value after ','");
      std::size_t which = 0, i = 0;
      if (!field(made, which)) return false;
      made.places[which] = at_.place();
      bool good = true;
      each_field(s, [&](const Field& f, auto& v) {
        if (i++ == which) good = argument(f, v);
      });
      if (!good) return false;
      if (at_.peek() != ')' && at_.peek() != ',') return fail("expected ',' or ')'");
    }
    return nothing_missing(made) && close();
  }
  template <class V>
  bool argument(const Field& field, V& v) {
    if constexpr (std::same_as<V, Child>) {
      return sequence(v);
    } else if constexpr (holds_child<V>) {
      return false;
    } else {
      return value(field, v);
    }
  }
  template <Fold F>
  static Alternatives pair(Child left, Child right) {
    return Pointwise<F, Child, Child>{{left, right}};
  }
  std::size_t nesting_ = 0;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
