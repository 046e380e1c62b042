// The result of every `check()`: which field is wrong, and why. It is a value, so that checks also
// run at compile time.
#pragma once

#include <concepts>

#include <gradus/error/sentence.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The first invalid field that a `check()` found. It converts to false if there is none.
struct [[nodiscard]] Fault {
  const char* type = nullptr;   ///< "Cosine"
  const char* field = nullptr;  ///< "steps"
  const char* rule = nullptr;   ///< "must be > 0"
  double value = 0;
  bool shows_value = true;  ///< false where there is no value to show: "must be given"

  constexpr explicit operator bool() const noexcept { return type != nullptr; }
  constexpr bool operator==(const Fault& o) const noexcept {
    return same(type, o.type) && same(field, o.field) && same(rule, o.rule) && value == o.value &&
           shows_value == o.shows_value;
  }

 private:
  // Compares characters, because equal literals may be at different addresses.
  static constexpr bool same(const char* a, const char* b) noexcept {
    if (a == nullptr || b == nullptr) return a == b;
    while (*a != '\0' && *a == *b) ++a, ++b;
    return *a == *b;
  }
};

/// The fault as a sentence: `gradus::Cosine.steps must be > 0 (got 0)`.
GRADUS_COLD inline detail::Sentence sentence_of(const Fault& fault) noexcept {
  detail::Sentence r;
  r << "gradus::" << fault.type << "." << fault.field << " " << fault.rule;
  return fault.shows_value ? r << " (got " << fault.value << ")" : r;
}
/// Ends the call with that sentence, see `refuse(const char*)`.
[[noreturn]] GRADUS_COLD inline void refuse(const Fault& fault) { refuse(sentence_of(fault)); }
/// Ends the call if there is a fault.
constexpr void refuse_if(const Fault& fault) {
  if (fault) refuse(fault);
}

/// An optional function of schedules, rules and stages: `check()` returns the first fault.
template <class S>
concept HasCheck = requires(const S& s) {
  { s.check() } -> std::same_as<Fault>;
};

/// An optional function of rules and stages whose checks depend on the type T of the numbers:
/// `check<T>()` returns the first fault.
template <class R, class T>
concept HasCheckFor = requires(const R& r) {
  { r.template check<T>() } -> std::same_as<Fault>;
};

/// The first fault of a schedule, stage or rule that is used with numbers of type T. What has no
/// `check` has no fault.
template <class T, class R>
constexpr Fault fault_of(const R& r) {
  if constexpr (HasCheckFor<R, T>) {
    return r.template check<T>();
  } else if constexpr (HasCheck<R>) {
    return r.check();
  } else {
    return {};
  }
}

}}  // namespace gradus::GRADUS_ABI
