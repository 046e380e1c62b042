// The executor of the core: one thread, in order.
#pragma once

#include <cstddef>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Runs `f(0) ... f(n - 1)` on the calling thread. Any callable of this form is an executor: a
/// thread pool in three lines.
struct Seq {
  template <class F>
  constexpr void operator()(std::size_t n, const F& f) const noexcept {
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};
inline constexpr Seq seq{};

}}  // namespace gradus::GRADUS_ABI
