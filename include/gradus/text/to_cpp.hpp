// optional header
// Writes a schedule as C++.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/step/length.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/fields.hpp>
#include <gradus/text/kind.hpp>
#include <gradus/text/value.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// The type of an enumeration by the names of its values.
struct ChoiceType {
  const std::string_view* names;
  std::string_view type;
};
inline constexpr std::array choice_types{
    ChoiceType{choices<Boundary>.data(), "Boundary"}, ChoiceType{choices<Curve>.data(), "Curve"},
    ChoiceType{choices<Cycle>.data(), "Cycle"},       ChoiceType{choices<Past>.data(), "Past"},
    ChoiceType{choices<Spread>.data(), "Spread"},
};

/// A whole number with a separator for each thousand: "10'000".
inline std::string with_separators(std::string digits) {
  const std::size_t sign = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > sign + 3;) digits.insert(i -= 3, 1, '\'');
  return digits;
}

/// Writes schedules as C++ expressions.
class CppWriter {
 public:
  explicit CppWriter(const AnySchedule& s) : schedule_(s) {}

  std::string all() {
    if (schedule_.size() > 0) value(schedule_.root());
    return std::move(out_);
  }

 private:
  void value(const Child& child) {
    const Node& node = child.node();
    const ScheduleKind& kind = node.kind();
    out_ += concat({"gradus::", kind.name});
    switch (kind.form) {
      case Form::sequence: out_ += '{', pieces(node), out_ += '}'; return;
      case Form::product:
      case Form::sum:
      case Form::minimum:
      case Form::maximum: out_ += '(', operands(node), out_ += ')'; return;
      case Form::call:
      case Form::prefix:
      case Form::timed: out_ += '{', members(node), out_ += '}'; return;
    }
  }
  // a, b, c for Sequence{a, Sequence{b, c}}
  void pieces(const Node& node) {
    const auto& [first, rest] = node.value(0).as<Pair>();
    value(first), out_ += ", ";
    if (rest.node().kind().form == Form::sequence)
      pieces(rest.node());
    else
      value(rest);
  }
  // a, b, c for sum(sum(a, b), c)
  void operands(const Node& node) {
    const auto& [first, second] = node.value(0).as<Pair>();
    if (&first.node().kind() == &node.kind())
      operands(first.node());
    else
      value(first);
    out_ += ", ", value(second);
  }
  // .start = 1.0, ...: the members that must be given, and those that differ from their defaults.
  void members(const Node& node) {
    const Node defaults(node.kind());
    std::string_view before;
    for (std::size_t i = 0; i < node.kind().fields.size(); ++i) {
      const Value v = node.value(i);
      if (v.field->kind == Field::Kind::has_default && equal(v, defaults.value(i))) continue;
      out_ += concat({std::exchange(before, ", "), ".", v.field->name, " = "});
      visit(v, [this](const auto& x) { value(x); });
    }
  }

  // A schedule of int or float would be another type, so that a whole number needs its ".0".
  void value(double x) {
    const std::string digits = digits_of(x);
    out_ += digits;
    if (digits.find_first_of(".e") == std::string::npos) out_ += ".0";
  }
  void value(const std::optional<double>& x) { value(x.value_or(0)); }
  void value(const Length& x) { out_ += x.is_given() ? with_separators(digits_of(x.value)) : "{}"; }
  void value(std::uint64_t x) {
    out_ += with_separators(digits_of(x));
    if (x > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) out_ += 'u';
  }
  void value(int x) { out_ += digits_of(x); }
  void value(bool x) { out_ += x ? "true" : "false"; }
  void value(const Enumerator& x) {
    for (const ChoiceType& choice : choice_types)
      if (choice.names == x.names().data())
        out_ += concat({"gradus::", choice.type, "::", x.name()});
  }
  void value(const Pair&) {}
  void value(const gradus::Point<>& x) {
    out_ += '{', value(x.at), out_ += ", ", value(x.value), out_ += '}';
  }
  // The rates of a table are its own; boundaries and points are counted by the compiler.
  void value(const std::vector<double>& all) { out_ += "std::vector", list(all); }
  template <class V>
  void value(const std::vector<V>& all) {
    list(all);
  }
  template <class V>
  void list(const std::vector<V>& all) {
    std::string_view before = "{";
    for (const V& x : all) out_ += std::exchange(before, ", "), value(x);
    out_ += all.empty() ? "{}" : "}";
  }

  const AnySchedule& schedule_;
  std::string out_{};
};

}  // namespace detail

/// The C++ expression that makes this schedule: `gradus::Cosine{.start = 0.001, .steps = 10'000}`.
/// "" without a schedule. A Table needs `<vector>`. A MultiStep without boundaries has no such
/// expression, because the compiler cannot count them.
inline std::string to_cpp(const AnySchedule& s) { return detail::CppWriter(s).all(); }

}}}  // namespace gradus::GRADUS_ABI::io
