// The state that a rule asks for: slots (a number for each parameter) and scalars (a number for all
// of them).
#pragma once

#include <cstddef>
#include <string_view>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A short name held by value, so that a chain can put a stage's name before a slot's at compile
/// time.
struct Name {
  static constexpr std::size_t capacity = 47;
  char text[capacity + 1] = {};

  constexpr Name() noexcept = default;
  constexpr Name(const char* s) noexcept { append(s); }  // NOLINT: implicit by design

  constexpr Name& append(std::string_view s) noexcept {
    std::size_t at = view().size();
    for (const char c : s)
      if (at < capacity) text[at++] = c;
    return *this;
  }
  constexpr std::string_view view() const noexcept {
    std::size_t size = 0;
    while (text[size] != '\0') ++size;
    return {text, size};
  }
  constexpr bool operator==(const Name& o) const noexcept { return view() == o.view(); }
};

/// A slot: one number of state for each parameter, and how it starts.
struct Slot {
  enum class From { constant, params };
  Name name;
  double value = 0;            ///< the start value, where it is a constant
  From from = From::constant;  ///< `params`: the slot starts as a copy of the parameters
};

/// A scalar: one number of state in double, for the whole optimizer or for each span, advanced once
/// a step.
struct Scalar {
  Name name;
  double value = 0;
};

}}  // namespace gradus::GRADUS_ABI
