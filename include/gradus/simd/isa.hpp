// Which instruction set a sweep uses: the best one that the processor and the operating system
// support, or the one that the user forces.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <gradus/config/processor.hpp>
#include <gradus/config/relaxed_int.hpp>
#include <gradus/error/sentence.hpp>

#if defined(GRADUS_X86_64)
#include <cpuid.h>
#endif

namespace gradus { inline namespace GRADUS_ABI { namespace simd {

/// The paths that a sweep can take, one for each instruction set. All paths give the same bits;
/// only their speed differs.
enum class Isa : int { scalar, sse2, avx2, avx512, neon };

inline constexpr const char* isa_names[] = {"scalar", "sse2", "avx2", "avx512", "neon"};
constexpr const char* name(Isa isa) noexcept {
  return isa >= Isa::scalar && isa <= Isa::neon ? isa_names[static_cast<int>(isa)] : "?";
}

/// What the processor supports (from CPUID), and which registers the operating system saves when it
/// switches tasks (from XCR0).
struct Cpu {
  std::uint32_t leaf1_ecx = 0, leaf7_ebx = 0;
  std::uint64_t xcr0 = 0;
};

/// The widest x86-64 path that both the processor and the operating system support. This is a pure
/// function, so that a test can try every combination of bits.
constexpr Isa choose(const Cpu& cpu) noexcept {
  constexpr std::uint32_t fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28,
                          f16c = 1u << 29;                     // leaf 1, ecx
  constexpr std::uint32_t avx2 = 1u << 5, avx512f = 1u << 16;  // leaf 7, ebx
  constexpr std::uint64_t ymm = 0x6, zmm = 0xe6;               // XCR0
  constexpr std::uint32_t leaf1 = fma | osxsave | avx | f16c;
  if ((cpu.leaf1_ecx & leaf1) != leaf1 || (cpu.xcr0 & ymm) != ymm) return Isa::sse2;
  if ((cpu.leaf7_ebx & avx2) == 0) return Isa::sse2;
  if ((cpu.leaf7_ebx & avx512f) == 0 || (cpu.xcr0 & zmm) != zmm) return Isa::avx2;
  return Isa::avx512;
}

#if defined(GRADUS_X86_64)
inline Cpu this_cpu() noexcept {
  Cpu cpu;
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d)) cpu.leaf1_ecx = c;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) cpu.leaf7_ebx = b;
  if (cpu.leaf1_ecx & (1u << 27)) {  // OSXSAVE: the instruction XGETBV may be used
    std::uint32_t low = 0, high = 0;
    asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    cpu.xcr0 = (std::uint64_t{high} << 32) | low;
  }
  return cpu;
}
inline Isa best() noexcept { return choose(this_cpu()); }
constexpr bool has(Isa best, Isa wanted) noexcept {
  return wanted >= Isa::scalar && wanted <= best;
}
#elif defined(GRADUS_AARCH64)
constexpr Isa best() noexcept { return Isa::neon; }
constexpr bool has(Isa, Isa wanted) noexcept {
  return wanted == Isa::neon || wanted == Isa::scalar;
}
#else
constexpr Isa best() noexcept { return Isa::scalar; }
constexpr bool has(Isa, Isa wanted) noexcept { return wanted == Isa::scalar; }
#endif

/// Whether this machine can run a path.
inline bool supported(Isa isa) noexcept { return has(best(), isa); }

namespace detail {
inline gradus::detail::RelaxedInt active{-1};

[[noreturn]] GRADUS_COLD inline void refuse_isa(const char* what, std::string_view value) {
  refuse(gradus::detail::Sentence()
         << what << " must be one of scalar, sse2, avx2, avx512, neon and run on this machine (got "
         << value.substr(0, 40) << ")");
}

GRADUS_COLD inline Isa first_choice() {
  const char* const wanted = std::getenv("GRADUS_ISA");
  if (wanted == nullptr || *wanted == '\0') return best();
  for (int i = 0; i < 5; ++i)
    if (std::string_view(wanted) == isa_names[i] && supported(Isa{i})) return Isa{i};
  refuse_isa("environment variable GRADUS_ISA", wanted);
}
}  // namespace detail

/// The path in use: the one that `use` set, else the one that the environment variable GRADUS_ISA
/// names, else the best one.
inline Isa current() {
#if defined(GRADUS_X86_64) || defined(GRADUS_AARCH64)
  int isa = detail::active.load();
  if (isa < 0) {
    isa = static_cast<int>(detail::first_choice());
    detail::active.store(isa);
  }
  return Isa{isa};
#else  // There is one path only, and a microcontroller has no environment variables.
  return best();
#endif
}

/// Forces a path for the whole program, for tests and comparisons.
///
/// Errors: this machine cannot run the path.
inline void use(Isa isa) {
  if (!supported(isa)) detail::refuse_isa("gradus::simd::use", name(isa));
  detail::active.store(static_cast<int>(isa));
}

}}}  // namespace gradus::GRADUS_ABI::simd
