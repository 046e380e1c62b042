// What is wrong with a value, as a value: found by every `check()`, also at compile time.
#pragma once

#include <cstdio>

#include <gradus/config.hpp>

namespace gradus::inline GRADUS_ABI {

/// The first bad field that a `check()` found; false when all is well.
struct Fault {
  const char* type = nullptr;   ///< "Cosine"
  const char* field = nullptr;  ///< "steps"
  const char* rule = nullptr;   ///< "must be > 0"
  double value = 0;

  constexpr explicit operator bool() const noexcept { return type != nullptr; }
  constexpr bool operator==(const Fault&) const noexcept = default;
};

/// Ends the call with one sentence, `gradus::Cosine.steps must be > 0 (got 0)`, if there is a
/// fault.
inline void refuse_if(const Fault& fault) {
  if (!fault) return;
  char sentence[256];
  std::snprintf(sentence, sizeof sentence, "gradus::%s.%s %s (got %.9g)", fault.type, fault.field,
                fault.rule, fault.value);
  refuse(sentence);
}

}  // namespace gradus::inline GRADUS_ABI
