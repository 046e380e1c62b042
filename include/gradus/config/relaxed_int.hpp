// A number that several threads read and write. On g++ and clang it does without <atomic>, which
// takes long to compile.
#pragma once

#if !defined(__GNUC__)
#include <atomic>
#endif

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Each call is atomic, and orders nothing else.
class RelaxedInt {
 public:
  constexpr explicit RelaxedInt(int value) noexcept : value_(value) {}
#if defined(__GNUC__)
  int load() const noexcept { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }
  void store(int value) noexcept { __atomic_store_n(&value_, value, __ATOMIC_RELAXED); }

 private:
  int value_;
#else
  int load() const noexcept { return value_.load(std::memory_order_relaxed); }
  void store(int value) noexcept { value_.store(value, std::memory_order_relaxed); }

 private:
  std::atomic<int> value_;
#endif
};

}}}  // namespace gradus::GRADUS_ABI::detail
