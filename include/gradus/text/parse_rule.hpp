// optional header
// Rules as text: from a configuration file or a command line.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <gradus/error/fault.hpp>
#include <gradus/text/any_rule.hpp>
#include <gradus/text/field.hpp>
#include <gradus/text/rule_choices.hpp>
#include <gradus/text/text_call.hpp>
#include <gradus/text/text_cursor.hpp>
#include <gradus/text/value.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// A type of rules.
struct RuleKind {
  std::string_view name{};  ///< "AdamW"
  Fields fields;
  Places places{};
  void* (*choose)(AnyRule& rule) = nullptr;  ///< makes it this rule, with its defaults
  Fault (*check)(const AnyRule& rule) = nullptr;
};
template <class R>
constexpr RuleKind make_rule_kind() {
  RuleKind r{R::name, fields<R>};
  if constexpr (fields<R>.size() != 0) r.places = members_of<R>::template places_in<R>();
  r.choose = [](AnyRule& rule) -> void* { return &rule.emplace<R>(); };
  r.check = [](const AnyRule& rule) { return fault_of<double>(*std::get_if<R>(&rule)); };
  return r;
}
/// The kinds of the types of a variant.
template <class Rules>
inline constexpr std::array<RuleKind, 0> rule_kinds{};
template <class... R>
inline constexpr std::array<RuleKind, sizeof...(R)> rule_kinds<std::variant<R...>>{
    make_rule_kind<R>()...};

/// A name without capitals and '_', so that "AdamW", "adamw" and "adam_w" are the same.
inline std::string letters_of(std::string_view name) {
  std::string r;
  for (const char c : name)
    if (c != '_') r += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return r;
}

/// Every method reads what its name says, or records an error and returns false.
class RuleReader : CallReader {
 public:
  explicit RuleReader(std::string_view text) : CallReader(text) {}

  bool read(AnyRule& out) {
    const RuleKind* const kind = called(at_.peek_word());
    if (kind == nullptr) return false;
    void* const rule = kind->choose(out);
    Call made{.name = kind->name, .fields = &kind->fields, .place = at_.place()};
    at_.take_word();
    if (at_.peek() == '(' &&
        !(arguments(made,
                    [&](std::size_t i) {
                      const Place& place = kind->places[i];
                      return value(Value{&kind->fields[i], &place,
                                         static_cast<std::byte*>(rule) + place.offset});
                    }) &&
          close()))
      return false;
    if (!at_.at_end()) return fail("expected the end of the text");
    const Fault fault = kind->check(out);
    return !fault || fail_at(place_of(fault, made), sentence_of(fault).text());
  }
  const TextError& error() const noexcept { return error_; }

 private:
  const RuleKind* called(std::string_view word) {
    const std::string letters = letters_of(word);
    Nearest nearest(letters);
    for (const RuleKind& kind : rule_kinds<AnyRule>) {
      const std::string known = letters_of(kind.name);
      if (known == letters) return &kind;
      nearest.look_at(known, kind.name);
    }
    fail_at(at_.place(), concat({"expected a rule, found ", at_.found(), nearest.question()}));
    return nullptr;
  }
};

}  // namespace detail

/// The result of reading a text: a rule or an error.
struct ParsedRule {
  AnyRule rule{};
  TextError error{};

  explicit operator bool() const noexcept { return !error; }
};

/// Reads a rule as `parse_rule` does, and returns an error as part of the result.
inline ParsedRule try_parse_rule(std::string_view text) {
  ParsedRule r;
  detail::RuleReader reader(text);
  if (!reader.read(r.rule)) r.error = reader.error();
  return r;
}

/// Reads a rule: `adamw(weight_decay=0.01)`, `momentum(0.9)`, `sgd`.
///
///   rule = name [ "(" [ argument { "," argument } ] ")" ]     argument = [ field "=" ] value
///
/// The name is that of the C++ type; capitals and '_' do not matter. Fields and enumerators have
/// their C++ names; the first fields can be given without names, in the order of C++. Numbers,
/// spaces and comments are as in `parse`.
///
///   std::visit([&](const auto& rule) { train(gradus::Optimizer(schedule, rule, w)); },
///              io::parse_rule(text));
///
/// Errors: as `parse`. The `check()` of the rule refuses values.
inline AnyRule parse_rule(std::string_view text) {
  ParsedRule parsed = try_parse_rule(text);
  if (!parsed) refuse(parsed.error.message().c_str());
  return parsed.rule;
}

}}}  // namespace gradus::GRADUS_ABI::io
