// How often the program allocates.
#pragma once

#include <atomic>

namespace support {

extern std::atomic<long> allocation_count;

/// Allocations during a call.
template <class F>
long allocations(const F& call) {
  const long before = allocation_count;
  call();
  return allocation_count - before;
}

}  // namespace support
