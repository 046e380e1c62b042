// Runs a function object on the path in use. The object's call operator is a template over the lane
// type and always_inline: it melts into one of the functions below, each compiled for its own
// instruction set, from a plain baseline build.
#pragma once

#include <gradus/simd/lanes.hpp>
#include <gradus/simd/pack.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

namespace detail {
#if defined(GRADUS_X86_64)
template <class F>
[[gnu::target("avx512f"), gnu::noinline]] void on_avx512(const F& f) noexcept {
  f(avx512{});
}
template <class F>
[[gnu::target("avx2,fma"), gnu::noinline]] void on_avx2(const F& f) noexcept {
  f(avx2{});
}
template <class F>
[[gnu::noinline]] void on_sse2(const F& f) noexcept {
  f(sse2{});
}
#elif defined(GRADUS_AARCH64)
template <class F>
[[gnu::noinline]] void on_neon(const F& f) noexcept {
  f(neon{});
}
#endif
template <class F>
void on_scalar(const F& f) noexcept {
  f(scalar{});
}
}  // namespace detail

/// Calls `f(lanes)` with the lane type of a path that this machine supports.
template <class F>
inline void dispatch(Isa isa, const F& f) noexcept {
  switch (isa) {
#if defined(GRADUS_X86_64)
    case Isa::avx512: return detail::on_avx512(f);
    case Isa::avx2: return detail::on_avx2(f);
    case Isa::sse2: return detail::on_sse2(f);
#elif defined(GRADUS_AARCH64)
    case Isa::neon: return detail::on_neon(f);
#endif
    default: return detail::on_scalar(f);
  }
}

}}}  // namespace gradus::GRADUS_ABI::simd
