// What is wrong with a value, as a value: found by every `check()`, also at compile time.
#pragma once

#include <concepts>
#include <string_view>

#include <gradus/error/sentence.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The first bad field that a `check()` found; false when all is well.
struct Fault {
  const char* type = nullptr;   ///< "Cosine"
  const char* field = nullptr;  ///< "steps"
  const char* rule = nullptr;   ///< "must be > 0"
  double value = 0;
  bool shows_value = true;  ///< false where the rule says all: "must be given"

  constexpr explicit operator bool() const noexcept { return type != nullptr; }
  constexpr bool operator==(const Fault& o) const noexcept {
    return same(type, o.type) && same(field, o.field) && same(rule, o.rule) && value == o.value &&
           shows_value == o.shows_value;
  }

 private:
  // By their letters: equal literals may lie at several addresses.
  static constexpr bool same(const char* a, const char* b) noexcept {
    if (a == nullptr || b == nullptr) return a == b;
    return std::string_view(a) == std::string_view(b);
  }
};

/// One sentence: `gradus::Cosine.steps must be > 0 (got 0)`.
inline detail::Sentence sentence_of(const Fault& fault) noexcept {
  detail::Sentence r;
  r << "gradus::" << fault.type << "." << fault.field << " " << fault.rule;
  return fault.shows_value ? r << " (got " << fault.value << ")" : r;
}
/// Ends the call with that sentence.
[[noreturn]] inline void refuse(const Fault& fault) { refuse(sentence_of(fault)); }
constexpr void refuse_if(const Fault& fault) {
  if (fault) refuse(fault);
}

/// Optional in a schedule, rule or stage: `check()` names the first field that is wrong.
template <class S>
concept HasCheck = requires(const S& s) {
  { s.check() } -> std::same_as<Fault>;
};

/// Optional in a rule: `check<T>()`, or `check()` where T does not matter, names the first field
/// that is wrong.
template <class R, class T>
concept HasCheckFor = requires(const R& r) {
  { r.template check<T>() } -> std::same_as<Fault>;
};

/// The first fault of a schedule, stage or rule used with numbers of type T; none if it has no
/// `check`.
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
