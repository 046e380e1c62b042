// optional header
// The arguments of a schedule, read from text.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <gradus/text/fields.hpp>
#include <gradus/text/node.hpp>
#include <gradus/text/shorthand.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/text_values.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Knows the schedules' names, and which field an argument is for.
class CallReader : protected ValueReader {
 protected:
  using ValueReader::ValueReader;
  using Alternatives = Schedules<Child>;

  /// A call while it is read: where its name and its values stand.
  struct Call {
    std::string_view name{};
    std::span<const Field> fields{};
    std::size_t place = 0;
    std::array<std::size_t, 9> places{};
    std::array<bool, 9> given{};
    bool by_name = false;
  };
  /// Which field the next argument is for: the one that it names, or the next one.
  bool field(Call& made, std::size_t& which) {
    const std::size_t place = at_.place(), count = made.fields.size();
    Cursor ahead = at_;
    const std::string word(ahead.take_word()), of = " of " + std::string(made.name);
    const bool has_name = !word.empty() && ahead.take('=');
    Nearest nearest(word);
    for (which = 0; which < count; ++which) {
      const auto [name, kind] = made.fields[which];
      if (kind == Field::Kind::follows) continue;
      if (has_name ? name == word : which < positions(made.fields) && !made.given[which]) break;
      nearest.look_at(name);
    }
    if (has_name && which == count)
      return fail_at(place,
                     "expected a field" + of + ", found '" + word + "'" + nearest.question());
    if (has_name && made.given[which])
      return fail_at(place, "expected each field" + of + " once, found '" + word + "' again");
    if (!has_name && (made.by_name || which == count))
      return fail("expected ')' or the name of a further field" + of);
    made.by_name = has_name;
    made.given[which] = true;
    if (has_name) at_ = ahead;
    return true;
  }
  bool nothing_missing(const Call& made) {
    for (std::size_t i = 0; i < made.fields.size(); ++i)
      if (made.fields[i].kind == Field::Kind::required && !made.given[i])
        return fail("expected a value for '" + std::string(made.fields[i].name) + "' of " +
                    positions_of(made));
    return true;
  }
  /// "cosine(start, end, steps)": what values without names are for.
  static std::string positions_of(const Call& made) {
    std::string r(made.name), before = "(";
    for (const Field& f : made.fields.first(positions(made.fields)))
      if (f.kind != Field::Kind::follows) r += std::exchange(before, ", ") + std::string(f.name);
    return r + ")";
  }
  bool open() { return at_.take('(') || fail("expected '('"); }
  bool close() { return at_.take(')') || fail("expected ')'"); }

  /// The schedule with this name, which must be followed by others, or not; nothing if none is.
  template <class All = Alternatives>
  static std::optional<All> named(std::string_view word, bool is_followed) {
    std::optional<All> found;
    each_called<All>([&]<class S>(std::type_identity<S>) {
      if (is_prefix<S>() == is_followed && spelling<S>.view() == word) found = S{};
    });
    return found;
  }
  bool unknown(std::string_view word) {
    Nearest nearest(word);
    const auto look = [&]<class S>(std::type_identity<S>) { nearest.look_at(spelling<S>.view()); };
    each_called<Alternatives>(look), each_called<Shorthands>(look);
    return word.empty() ? fail("expected a schedule")
                        : fail_at(at_.place(),
                                  "expected a schedule, found " + at_.found() + nearest.question());
  }
  template <class All, class F>
  static void each_called(const F& f) {
    [&f]<class... S>(std::type_identity<std::variant<S...>>) {
      const auto one = [&f]<class T>(std::type_identity<T> type) {
        if constexpr (is_called<T>) f(type);
      };
      (one(std::type_identity<S>()), ...);
    }(std::type_identity<All>());
  }
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
