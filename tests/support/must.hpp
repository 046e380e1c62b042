// A check for threads: Catch's macros are not for several threads at a time.
#pragma once

#include <stdexcept>
#include <string>

namespace support {

/// Throws if this is not so; a test that rethrows it fails.
inline void must(bool is_so, const char* what) {
  if (!is_so) throw std::runtime_error(std::string("must be so: ") + what);
}

}  // namespace support

#define MUST(x) support::must(x, #x)
