// Runs a function object on the path that is in use: with the lane type of one instruction set.
//
// A program that is compiled without flags may use AVX2 or AVX-512 in functions that have the
// target attribute. There is one such function for each instruction set below. The call operator of
// the function object is a template over the lane type and always_inline (GRADUS_KERNEL), so that
// the compiler inlines it into each of these functions and compiles it for that instruction set.
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

/// Calls `f` with the lane type of a path that this machine supports; with `scalar` for others.
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
