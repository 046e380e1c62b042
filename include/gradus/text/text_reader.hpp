// optional header
// The grammar of schedules as text: a method for each of its rules. See `parse`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/node.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_call.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Every method reads what its name says, or records an error and returns false.
class Reader : CallReader {
 public:
  explicit Reader(std::string_view text) : CallReader(text) {}

  AnySchedule read() {
    Child root;
    if (sequence(root) && !at_.at_end())
      fail("expected 'then', 'for', '+', '*' or the end of the text");
    return finished();
  }
  const TextError& error() const noexcept { return error_; }

 private:
  /// A piece of a sequence: a schedule that was added, or the index of one in `prefixes_`, which
  /// takes the pieces after it.
  struct Piece {
    Child child{};
    bool is_prefix = false;
    Call call{};
  };

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
  /// Joins pieces from the end: each piece is joined with the result so far.
  bool join(std::vector<Piece>& pieces, std::size_t place, Child& out) {
    out = pieces.back().child;
    for (std::size_t i = pieces.size() - 1; i-- > 0;) {
      const Piece& next = pieces[i];
      if (next.is_prefix) {
        Node prefix = prefixes_[next.child.index];
        prefix.each_child([&out](Child& child) { child = out; });
        if (!add(std::move(prefix), next.call, out)) return false;
      } else if (!add(Node(kind_for<Sequence<Child, Child>>, {next.child, out}), {.place = place},
                      out)) {
        return false;
      }
    }
    return true;
  }
  bool piece(Piece& out) {
    const ScheduleKind* const kind = called(at_.peek_word());
    if (kind != nullptr && kind->form == Form::prefix) {
      Node prefix(*kind);
      if (!call(prefix, out.call)) return false;
      out.is_prefix = true;
      out.child.index = static_cast<std::uint32_t>(prefixes_.size());
      prefixes_.push_back(std::move(prefix));
      return at_.peek_word() == "then" || fail("expected 'then' and a schedule");
    }
    Child& child = out.child;
    if (!row(Fold::sum, child)) return false;
    while (at_.take("for")) {
      For<Child> timed{1, child};
      const std::size_t place = at_.place();
      if (!value({"steps"}, timed.steps) || !add(Node(timed), {.place = place}, child))
        return false;
    }
    if (at_.peek_word() == "then" && !child.length().is_count())
      return fail("expected 'for' and a number of steps after what has no end");
    return true;
  }
  /// A sum of products, or a product of primaries.
  bool row(Fold fold, Child& out) {
    const auto operand = [this, fold](Child& to) {
      return fold == Fold::sum ? row(Fold::product, to) : primary(to);
    };
    const char symbol = folds[static_cast<std::size_t>(fold)][0];
    if (!operand(out)) return false;
    for (std::size_t place = at_.place(); at_.take(symbol); place = at_.place()) {
      Child right;
      if (!operand(right) || !add(pair(fold, out, right), {.place = place}, out)) return false;
    }
    return true;
  }
  bool primary(Child& out) {
    const std::size_t place = at_.place();
    const std::string_view word = at_.peek_word();
    if (at_.take('(')) return sequence(out) && close();
    if (begins_number(at_.peek())) {
      Constant<> number;
      return value({"value"}, number.value) && add(Node(number), {.place = place}, out);
    }
    if (word == folds[2]) return extreme(Fold::minimum, out);
    if (word == folds[3]) return extreme(Fold::maximum, out);
    Call made;
    if (const ScheduleKind* const kind = called(word)) {
      if (kind->form == Form::prefix)
        return fail("expected '(' before a schedule that others follow");
      Node node(*kind);
      return call(node, made) && add(std::move(node), made, out);
    }
    if (const Shorthand* const function = shorthand(word)) {
      Node arguments(*function->kind);
      if (!call(arguments, made)) return false;
      const Fault fault = function->kind->check(arguments.schedule());
      return fault ? fail_at(place_of(fault, made), sentence_of(fault).text())
                   : add_all(function->made(arguments.schedule()), made.place, out);
    }
    return unknown(word);
  }
  /// min(a, b, ...) and max(a, b, ...)
  bool extreme(Fold fold, Child& out) {
    const std::size_t place = at_.place();
    at_.take_word();
    if (!open() || !sequence(out)) return false;
    while (at_.take(',')) {
      Child right;
      if (!sequence(right) || !add(pair(fold, out, right), {.place = place}, out)) return false;
    }
    return close();
  }

  /// name(value, ..., field=value, ...)
  bool call(const Node& node, Call& made) {
    made.name = node.kind().word;
    made.fields = &node.kind().fields;
    made.place = at_.place();
    at_.take_word();
    return arguments(made,
                     [&](std::size_t which) {
                       const Value v = node.value(which);
                       return v.holds() == Holds::schedule ? sequence(v.as<Child>()) : value(v);
                     }) &&
           nothing_missing(made) && close();
  }
  static Node pair(Fold fold, Child left, Child right) {
    static constexpr const ScheduleKind* kinds[] = {
        &kind_for<Pointwise<Fold::product, Child, Child>>,
        &kind_for<Pointwise<Fold::sum, Child, Child>>,
        &kind_for<Pointwise<Fold::minimum, Child, Child>>,
        &kind_for<Pointwise<Fold::maximum, Child, Child>>};
    return {*kinds[static_cast<std::size_t>(fold)], {left, right}};
  }

  bool add(Node&& schedule, const Call& made, Child& out) {
    const std::optional<Child> child = all_.add(std::move(schedule));
    if (!child) return too_many(made.place);
    out = *child;
    put_off_.emplace_back();
    const Fault fault = out.check();
    if (!fault) return true;
    const PutOff* const before = find(out.index, fault);
    const std::size_t place = before != nullptr ? before->place : place_of(fault, made);
    if (!out.takes_no_steps()) return fail_at(place, sentence_of(fault).text());
    if (before == nullptr) put_off_[out.index] = {place, fault};
    return true;
  }
  /// Adds the result of a C++ function.
  bool add_all(const AnySchedule& made, std::size_t place, Child& out) {
    const std::size_t offset = all_.size();
    for (Node node : made.nodes_) {
      node.each_child([offset](Child& c) { c.index += static_cast<std::uint32_t>(offset); });
      if (!add(std::move(node), {.place = place}, out)) return false;
    }
    return true;
  }
  bool too_many(std::size_t place) {
    return fail_at(place, "expected at most 1000 schedules, at most 64 deep, found more");
  }
  /// The complete schedule; without a schedule after an error.
  AnySchedule finished() {
    if (!error_)
      if (const Fault fault = all_.check())
        fail_at(find(all_.root().index, fault)->place, sentence_of(fault).text());
    return error_ ? AnySchedule{} : std::move(all_);
  }

  /// The fault of a schedule of length 0. It is an error unless the schedule turns out to be a
  /// piece of a sequence, which skips it.
  struct PutOff {
    std::size_t place = 0;
    Fault fault{};
  };
  /// The postponed fault in the tree of a schedule that equals this one; the last if there are
  /// several.
  const PutOff* find(std::uint32_t index, const Fault& fault) const {
    if (put_off_[index].fault == fault) return &put_off_[index];
    const PutOff* found = nullptr;
    all_.nodes_[index].each_child([&](const Child& c) {
      if (const PutOff* const p = find(c.index, fault)) found = p;
    });
    return found;
  }

  AnySchedule all_{};
  std::vector<PutOff> put_off_{};  // for each schedule; without a fault for most
  std::vector<Node> prefixes_{};
  std::size_t nesting_ = 0;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
