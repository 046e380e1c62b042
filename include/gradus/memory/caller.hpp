// Who is named in the errors of a call.
#pragma once

#include <cstddef>
#include <cstdint>

#include <gradus/error/sentence.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// A type or a function, or one group of several: errors read `gradus::Optimizer.params[1] ...` or
/// `gradus::Groups.params[1] of group 2 ...`, where spans are counted within the group. Where the
/// caller's list has the spans of the groups in another order, `numbers` has the place in that list
/// of each span of the group, and the group is named only with what is no span of the list.
/// It is passed by reference: a copy of what was just written would wait until that is in memory.
struct Caller {
  static constexpr std::uint32_t alone = 0xffffffffU;
  const char* name;
  std::uint32_t group = alone;
  const std::uint32_t* numbers = nullptr;

  constexpr Caller(const char* who) noexcept : name(who) {}  // NOLINT: implicit
  constexpr Caller(const char* who, std::size_t k, const std::uint32_t* places = nullptr) noexcept
      : name(who), group(static_cast<std::uint32_t>(k)), numbers(places) {}

  /// The number that the caller's list gives to a span of the group.
  constexpr std::size_t number(std::size_t span) const noexcept {
    return numbers == nullptr ? span : numbers[span];
  }
  /// The group that is named with a span of the list.
  constexpr std::uint32_t group_of_span() const noexcept {
    return numbers == nullptr ? group : alone;
  }

  /// The beginning of a sentence about a field, or about one span of a list.
  GRADUS_COLD Sentence about(const char* field) const noexcept {
    Sentence s;
    s << "gradus::" << name << "." << field;
    return add_group(s, group);
  }
  GRADUS_COLD Sentence about(const char* list, std::size_t span) const noexcept {
    Sentence s;
    s << "gradus::" << name << ".";
    return add_span(s, list, span);
  }
  /// `params[1]`, or `params[1] of group 2`.
  GRADUS_COLD Sentence& add_span(Sentence& s, const char* list, std::size_t span) const noexcept {
    return add_group(s << list << "[" << number(span) << "]", group_of_span());
  }
  /// Refuses a field's value: `gradus::Optimizer.rate must be >= 0 (got -1)`.
  [[noreturn]] void refuse(const char* field, const char* rule, const double& value) const {
    refuse(*this, field, rule, value);
  }

 private:
  // By value, unlike elsewhere: the copy is made only where something is refused.
  [[noreturn]] GRADUS_COLD static void refuse(Caller who, const char* field, const char* rule,
                                              const double& value) {
    gradus::refuse(who.about(field) << " " << rule << " (got " << value << ")");
  }
  GRADUS_COLD static Sentence& add_group(Sentence& s, std::uint32_t k) noexcept {
    return k == alone ? s : s << " of group " << k;
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
