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
#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Writes schedules. The levels go from the weakest binding to the strongest: `a then b`, `a for
/// 10`, `a + b`, `a * b`, `a(...)`.
class Writer {
 public:
  enum Level { sequence, piece, sum, product, primary };

  explicit Writer(const AnySchedule& s) : nodes_(s.nodes_.data()), count_(s.nodes_.size()) {}

  std::string all() {
    if (count_ > 0) write(Child{static_cast<std::uint32_t>(count_ - 1)}, sequence);
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
    const Node& node = nodes_[child.index];
    const bool less = level_of(node.kind().form) < wanted;
    if (less) out_ += '(';
    write(node, wanted);
    if (less) out_ += ')';
  }
  void write(const Node& node, Level wanted) {
    const ScheduleKind& kind = node.kind();
    const Values values = node.values();
    switch (kind.form) {
      case Form::sequence:
        write(values[0].as<Child>(), piece);
        out_ += " then ";
        return write(values[1].as<Child>(), sequence);
      case Form::timed:
        write(values[1].as<Child>(), piece);
        out_ += " for " + digits_of(values[0].as<Length>().value);
        return;
      case Form::product:
      case Form::sum: {  // from the left: what is on the right binds more, or is in parentheses
        const Level own = level_of(kind.form);
        write(values[0].as<Child>(), own);
        out_ += kind.form == Form::product ? " * " : " + ";
        return write(values[1].as<Child>(), static_cast<Level>(own + 1));
      }
      case Form::minimum:
      case Form::maximum:
        out_ += kind.form == Form::minimum ? "min(" : "max(";
        row(kind, node);
        out_ += ")";
        return;
      case Form::call:
      case Form::prefix: break;
    }
    if (&kind == &kind_for<Constant<>> && wanted >= sum) return value(values[0]);
    out_ += kind.word;
    arguments(node);
    for (const Value& v : values)
      if (v.field->kind == Field::Kind::follows) out_ += " then ", write(v.as<Child>(), sequence);
  }
  // min(a, b, c) for min(min(a, b), c).
  void row(const ScheduleKind& kind, const Node& node) {
    const Values values = node.values();
    const Node& first = nodes_[values[0].as<Child>().index];
    if (&first.kind() == &kind)
      row(kind, first);
    else
      write(values[0].as<Child>(), sequence);
    out_ += ", ";
    write(values[1].as<Child>(), sequence);
  }

  // Writes first the values that need no name, then those that differ from their defaults.
  void arguments(const Node& node) {
    const Node defaults(node.kind());
    const Values values = node.values(), usual = defaults.values();
    std::string_view before = "(";
    for (std::size_t i = 0; i < values.count; ++i) {
      const Value& v = values[i];
      const bool by_name = i >= positions(node.kind().fields);
      if (v.field->kind == Field::Kind::follows || (by_name && same(v, usual[i]))) continue;
      out_ += std::exchange(before, ", ");
      if (by_name) out_ += std::string(v.field->name) + "=";
      value(v);
    }
    out_ += before == "(" ? "()" : ")";
  }
  static bool same(const Value& a, const Value& b) noexcept {
    if (a.holds == Holds::number)  // -0 is not 0
      return math::to_bits(a.as<double>()) == math::to_bits(b.as<double>());
    return equal(a, b);
  }

  void value(const Value& v) {
    switch (v.holds) {
      case Holds::number: return value(v.as<double>());
      case Holds::maybe_number: return value(v.as<std::optional<double>>().value_or(0));
      case Holds::length: return value(v.as<Length>());
      case Holds::seed: out_ += digits_of(v.as<std::uint64_t>()); return;
      case Holds::integer: out_ += digits_of(v.as<int>()); return;
      case Holds::flag: out_ += v.as<bool>() ? "true" : "false"; return;
      case Holds::choice: out_ += v.choice_name(); return;
      case Holds::numbers: return list(v.as<std::vector<double>>());
      case Holds::lengths: return list(v.as<std::vector<Length>>());
      case Holds::points: return list(v.as<std::vector<gradus::Point<>>>());
      case Holds::schedule: return write(v.as<Child>(), sequence);
    }
  }
  void value(const double& x) { out_ += digits_of(x); }
  void value(const Length& x) { out_ += x.is_given() ? digits_of(x.value) : "not_given"; }
  void value(const gradus::Point<>& x) { value(x.at), out_ += ": ", value(x.value); }
  template <class V>
  void list(const std::vector<V>& all) {
    std::string_view before = "[";
    for (const V& x : all) out_ += std::exchange(before, ", "), value(x);
    out_ += all.empty() ? "[]" : "]";
  }

  const Node* nodes_;
  std::size_t count_;
  std::string out_{};
};

}  // namespace detail

/// The text that `parse` reads back as the same schedule, with the same bits in every number. It is
/// the same for equal schedules, on every platform and in every locale; "" without a schedule.
inline std::string to_string(const AnySchedule& s) { return detail::Writer(s).all(); }

}}}  // namespace gradus::GRADUS_ABI::io
