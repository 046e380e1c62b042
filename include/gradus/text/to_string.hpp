// optional header
// Writes a schedule as text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/math/bits.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Writes schedules. The levels go from the weakest binding to the strongest: `a then b`, `a for
/// 10`, `a + b`, `a * b`, `a(...)`.
class Writer {
 public:
  enum Level { sequence, piece, sum, product, primary };

  explicit Writer(const AnySchedule& s) : schedule_(s) {}

  std::string all() {
    if (schedule_.size() > 0) write(schedule_.root(), sequence);
    return std::move(out_);
  }

 private:
  static Level level_of(Form form) noexcept {
    switch (form) {
      case Form::prefix:
      case Form::sequence: return sequence;
      case Form::timed: return piece;
      case Form::sum: return sum;
      case Form::product: return product;
      default: return primary;
    }
  }
  // Writes a schedule, in parentheses if it binds less than its surroundings need.
  void write(Child child, Level wanted) {
    const Node& node = child.node();
    const bool less = level_of(node.kind().form) < wanted;
    if (less) out_ += '(';
    write(node, wanted);
    if (less) out_ += ')';
  }
  void write(const Node& node, Level wanted) {
    const ScheduleKind& kind = node.kind();
    switch (kind.form) {
      case Form::sequence: {
        const auto& [first, rest] = node.value(0).as<Pair>();
        write(first, piece);
        out_ += " then ";
        return write(rest, sequence);
      }
      case Form::timed:
        write(node.value(1).as<Child>(), piece);
        out_ += " for ";
        return value(node.value(0));
      case Form::product:
      case Form::sum: {  // from the left: what is on the right binds more, or is in parentheses
        const auto& [left, right] = node.value(0).as<Pair>();
        const Level own = level_of(kind.form);
        write(left, own);
        out_ += kind.form == Form::product ? " * " : " + ";
        return write(right, static_cast<Level>(own + 1));
      }
      case Form::minimum:
      case Form::maximum:
        out_ += kind.form == Form::minimum ? "min(" : "max(";
        row(node);
        out_ += ")";
        return;
      case Form::call:
      case Form::prefix: break;
    }
    if (&kind == &kind_for<Constant<>> && wanted >= sum) return value(node.value(0));
    out_ += kind.word;
    arguments(node);
    if (kind.form == Form::prefix)
      node.each_child([this](const Child& child) { out_ += " then ", write(child, sequence); });
  }
  // min(a, b, c) for min(min(a, b), c).
  void row(const Node& node) {
    const auto& [first, second] = node.value(0).as<Pair>();
    if (&first.node().kind() == &node.kind())
      row(first.node());
    else
      write(first, sequence);
    out_ += ", ";
    write(second, sequence);
  }

  // Writes first the values that need no name, then those that differ from their defaults.
  void arguments(const Node& node) {
    const Node defaults(node.kind());
    const Fields& fields = node.kind().fields;
    std::string_view before = "(";
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const Value v = node.value(i);
      const bool by_name = i >= positions(fields);
      if (v.field->kind == Field::Kind::follows || (by_name && same(v, defaults.value(i))))
        continue;
      out_ += std::exchange(before, ", ");
      if (by_name) out_ += concat({v.field->name, "="});
      value(v);
    }
    out_ += before == "(" ? "()" : ")";
  }
  static bool same(const Value& a, const Value& b) noexcept {
    if (a.holds() == Holds::number)  // -0 is not 0
      return math::to_bits(a.as<double>()) == math::to_bits(b.as<double>());
    return equal(a, b);
  }

  void value(const Value& v) {
    visit(v, [this](const auto& x) { value(x); });
  }
  GRADUS_NOINLINE void digits(const Digits& x) { out_ += with_short_exponent(x); }
  void value(double x) { digits(Digits(x)); }
  void value(const std::optional<double>& x) { value(x.value_or(0)); }
  void value(const Length& x) {
    if (x.is_given())
      digits(Digits(x.value));
    else
      out_ += "not_given";
  }
  void value(std::uint64_t x) { digits(Digits(x)); }
  void value(int x) { digits(Digits(x)); }
  void value(bool x) { out_ += x ? "true" : "false"; }
  void value(const Enumerator& x) { out_ += x.name(); }
  void value(const Child& x) { write(x, sequence); }
  void value(const Pair&) {}
  void value(const gradus::Point<>& x) { value(x.at), out_ += ": ", value(x.value); }
  template <class V>
  void value(const std::vector<V>& all) {
    std::string_view before = "[";
    for (const V& x : all) out_ += std::exchange(before, ", "), value(x);
    out_ += all.empty() ? "[]" : "]";
  }

  const AnySchedule& schedule_;
  std::string out_{};
};

}  // namespace detail

/// The text that `parse` reads back as the same schedule, with the same bits in every number. It is
/// the same for equal schedules, on every platform and in every locale; "" without a schedule.
inline std::string to_string(const AnySchedule& s) { return detail::Writer(s).all(); }

}}}  // namespace gradus::GRADUS_ABI::io
