// a * b + c rounded once, where no instruction of a lane does it.
#pragma once

#if defined(_MSC_VER) && !defined(__clang__)
#include <cmath>
#endif

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// The processor's instruction where the program is compiled for it, otherwise the C library's
/// function, which is correct, but slow.
inline float fused(float a, float b, float c) noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  return std::fma(a, b, c);
#else
  return __builtin_fmaf(a, b, c);
#endif
}
inline double fused(double a, double b, double c) noexcept {
#if defined(_MSC_VER) && !defined(__clang__)
  return std::fma(a, b, c);
#else
  return __builtin_fma(a, b, c);
#endif
}

}}}  // namespace gradus::GRADUS_ABI::detail
