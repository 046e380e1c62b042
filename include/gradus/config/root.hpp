// The processor's instruction for a square root. A compiler may not reduce std::sqrt to it, because
// std::sqrt sets errno.
#pragma once

#include <gradus/config/pin.hpp>
#include <gradus/config/processor.hpp>
#include <gradus/config/version.hpp>

#if !defined(GRADUS_X86_64) && !defined(GRADUS_AARCH64)
#include <cmath>
#endif

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The square root of a float or double, rounded once; NaN for a negative number.
template <class T>
inline T hardware_root(const T& a) noexcept {
  T t = a;
#if defined(GRADUS_X86_64)
  if constexpr (sizeof(T) == 4) {
    asm("sqrtss %1, %0" : "=x"(t) : "x"(a));
  } else {
    asm("sqrtsd %1, %0" : "=x"(t) : "x"(a));
  }
#elif defined(GRADUS_AARCH64)
  if constexpr (sizeof(T) == 4) {
    asm("fsqrt %s0, %s1" : "=w"(t) : "w"(a));
  } else {
    asm("fsqrt %d0, %d1" : "=w"(t) : "w"(a));
  }
#elif defined(__arm__) && defined(__ARM_FP)
  if constexpr (sizeof(T) == 4) {
    asm("vsqrt.f32 %0, %1" : "=t"(t) : "t"(a));
  } else {
    t = std::sqrt(a);
    GRADUS_PIN_SCALAR(t);
  }
#else
  t = std::sqrt(a);
  GRADUS_PIN_SCALAR(t);
#endif
  return t;
}

}}}  // namespace gradus::GRADUS_ABI::detail
