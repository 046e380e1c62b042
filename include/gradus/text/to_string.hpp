// optional header
// A schedule written as text.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/math/bits.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Writes schedules, from what binds least to what binds most: `a then b`, `a for 10`, `a + b`,
/// `a * b`, `a(...)`.
class Writer {
 public:
  enum Level { sequence, piece, sum, product, primary };

  explicit Writer(const AnySchedule& s) : nodes_(s.nodes_.data()), count_(s.nodes_.size()) {}

  std::string all() {
    if (count_ > 0) write(Child{static_cast<std::uint32_t>(count_ - 1)}, sequence);
    return std::move(out_);
  }

 private:
  // In parentheses if it binds less than what is around it wants.
  void write(Child child, Level wanted) {
    std::visit(
        [&](const auto& s) {
          const bool less = level_of(s) < wanted;
          if (less) out_ += '(';
          write(s, wanted);
          if (less) out_ += ')';
        },
        nodes_[child.index].schedule);
  }
  template <class S>
  static constexpr Level level_of(const S&) noexcept {
    return is_prefix<S>() ? sequence : primary;
  }
  static constexpr Level level_of(const Sequence<Child, Child>&) noexcept { return sequence; }
  static constexpr Level level_of(const For<Child>&) noexcept { return piece; }
  template <Fold F>
  static constexpr Level level_of(const Pointwise<F, Child, Child>&) noexcept {
    return F == Fold::product ? product : F == Fold::sum ? sum : primary;
  }

  template <class S>
  void write(const S& s, Level wanted) {
    constexpr bool is_operand = std::same_as<S, Constant<>>;
    if (is_operand && wanted >= sum) return number(s);
    out_ += spelling<S>.view();
    arguments(s);
    if constexpr (is_prefix<S>())
      each_field(s, [this](const Field& field, const auto& v) {
        if constexpr (std::same_as<decltype(v), const Child&>)
          if (field.kind == Field::Kind::follows) out_ += " then ", write(v, sequence);
      });
  }
  void write(const Sequence<Child, Child>& s, Level) {
    write(std::get<0>(s.pieces), piece);
    out_ += " then ";
    write(std::get<1>(s.pieces), sequence);
  }
  void write(const For<Child>& s, Level) {
    write(s.schedule, piece);
    out_ += " for " + digits_of(s.steps.value);
  }
  // From the left: what is on the right binds more, or is in parentheses.
  template <Fold F>
  void write(const Pointwise<F, Child, Child>& s, Level) {
    const auto& [left, right] = s.schedules;
    const std::string symbol(folds[static_cast<std::size_t>(F)]);
    if constexpr (F == Fold::product || F == Fold::sum) {
      constexpr Level own = F == Fold::product ? product : sum;
      write(left, own);
      out_ += " " + symbol + " ";
      write(right, static_cast<Level>(own + 1));
    } else {
      out_ += symbol + "(";
      row<F>(left);
      out_ += ", ";
      write(right, sequence);
      out_ += ")";
    }
  }
  // min(a, b, c) for min(min(a, b), c).
  template <Fold F>
  void row(Child child) {
    const auto* more = std::get_if<Pointwise<F, Child, Child>>(&nodes_[child.index].schedule);
    if (more == nullptr) return write(child, sequence);
    row<F>(std::get<0>(more->schedules));
    out_ += ", ";
    write(std::get<1>(more->schedules), sequence);
  }

  // First what needs no name, then what differs from its default.
  template <class S>
  void arguments(const S& s) {
    const S defaults{};
    const auto values = values_of(s), usual = values_of(defaults);
    std::string_view before = "(";
    const auto one = [&](std::size_t i, const auto& v, const auto& otherwise) {
      const Field& field = fields<S>[i];
      const bool by_name = i >= positions(fields<S>);
      if (field.kind == Field::Kind::follows || (by_name && same(v, otherwise))) return;
      out_ += std::exchange(before, ", ");
      if (by_name) out_ += std::string(field.name) + "=";
      value(v);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (one(I, std::get<I>(values), std::get<I>(usual)), ...);
    }(std::make_index_sequence<fields<S>.size()>());
    out_ += before == "(" ? "()" : ")";
  }
  template <class V>
  static bool same(const V& a, const V& b) noexcept {
    return a == b;
  }
  static bool same(const double& a, const double& b) noexcept {
    return math::to_bits(a) == math::to_bits(b);  // -0 is not 0
  }

  void value(Child child) { write(child, sequence); }
  template <class V>
  void value(const std::vector<V>& list) {
    std::string_view before = "[";
    for (const V& x : list) out_ += std::exchange(before, ", "), value(x);
    out_ += list.empty() ? "[]" : "]";
  }
  void value(const gradus::Point<>& x) { value(x.at), out_ += ": ", value(x.value); }
  void value(const Length& x) { out_ += x.is_given() ? digits_of(x.value) : "not_given"; }
  template <class V>
  void value(const std::optional<V>& x) {
    if (x) value(*x);
  }
  template <class V>
  void value(const V& x) {
    if constexpr (std::is_enum_v<V>) {
      out_ += name_of_choice(x);
    } else if constexpr (std::same_as<V, bool>) {
      out_ += x ? "true" : "false";
    } else {
      out_ += digits_of(x);
    }
  }
  void number(const Constant<>& s) { out_ += digits_of(s.value); }
  template <class S>
  void number(const S&) {}

  const Node* nodes_;
  std::size_t count_;
  std::string out_{};
};

}  // namespace detail

/// The text that `parse` reads back as the same schedule, number for number to the last bit. It is
/// the same for equal schedules, on every platform and in every locale; "" for one without a
/// schedule.
inline std::string to_string(const AnySchedule& s) { return detail::Writer(s).all(); }

}}}  // namespace gradus::GRADUS_ABI::io
