#include <gradus/simd/isa.hpp>

#include <cstdlib>
#include <string>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace simd = gradus::simd;
using simd::Isa;

namespace {

// Bits of CPUID leaf 1, ecx; leaf 7, ebx; XCR0: Intel SDM, volume 1, 13.2 and 14.3, 15.2.
constexpr std::uint32_t has_fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28, f16c = 1u << 29;
constexpr std::uint32_t avx2 = 1u << 5, avx512f = 1u << 16;
constexpr std::uint64_t sse_state = 1u << 1, avx_state = 1u << 2, opmask = 1u << 5,
                        zmm_high = 1u << 6, zmm_16 = 1u << 7;

// The subset of `bits` whose indices are the bits that are set in `chosen`.
template <class T, std::size_t N>
constexpr T subset(const T (&bits)[N], std::size_t chosen) {
  T r = 0;
  for (std::size_t i = 0; i < N; ++i)
    if ((chosen >> i) & 1) r |= bits[i];
  return r;
}

}  // namespace

TEST_CASE("choose takes a path only if processor and operating system have all of it", "[simd]") {
  constexpr std::uint32_t leaf1[] = {has_fma, osxsave, avx, f16c};
  constexpr std::uint32_t leaf7[] = {avx2, avx512f};
  constexpr std::uint64_t xcr0[] = {sse_state, avx_state, opmask, zmm_high, zmm_16};
  support::Random random;
  for (std::size_t a = 0; a < 16; ++a)
    for (std::size_t b = 0; b < 4; ++b)
      for (std::size_t c = 0; c < 32; ++c) {
        const bool ymm = (c & 3) == 3, zmm = c == 31;
        const Isa expected = a != 15 || (b & 1) == 0 || !ymm ? Isa::sse2
                             : b == 3 && zmm                 ? Isa::avx512
                                                             : Isa::avx2;
        // Other bits make no difference.
        const auto noise1 = static_cast<std::uint32_t>(random.next()) & ~subset(leaf1, 15);
        const auto noise7 = static_cast<std::uint32_t>(random.next()) & ~subset(leaf7, 3);
        const std::uint64_t noise0 = random.next() & ~subset(xcr0, 31);
        CAPTURE(a, b, c);
        CHECK(simd::choose({subset(leaf1, a), subset(leaf7, b), subset(xcr0, c)}) == expected);
        CHECK(simd::choose({subset(leaf1, a) | noise1, subset(leaf7, b) | noise7,
                            subset(xcr0, c) | noise0}) == expected);
      }
  static_assert(simd::choose({}) == Isa::sse2);
}

TEST_CASE("The paths of this machine", "[simd]") {
  CHECK(simd::supported(Isa::scalar));
  CHECK(simd::supported(simd::best()));
  CHECK_FALSE((simd::supported(Isa::neon) && simd::supported(Isa::sse2)));
#if defined(GRADUS_X86_64)
  CHECK(simd::supported(Isa::sse2));
  CHECK(simd::supported(Isa::avx2) >= simd::supported(Isa::avx512));
  CHECK(simd::supported(Isa::avx2) <= (__builtin_cpu_supports("avx2") != 0));
  CHECK(simd::supported(Isa::avx512) <= (__builtin_cpu_supports("avx512f") != 0));
#elif defined(GRADUS_AARCH64)
  CHECK(simd::supported(Isa::neon));
#endif
}

TEST_CASE("use forces a path, and refuses one that this machine has not", "[simd]") {
  const support::OnPath restore(simd::current());
  for (const Isa isa : {Isa::scalar, Isa::sse2, Isa::avx2, Isa::avx512, Isa::neon}) {
    const Isa before = simd::current();
    if (simd::supported(isa)) {
      simd::use(isa);
      CHECK(simd::current() == isa);
      continue;
    }
    CHECK_THROWS_WITH(simd::use(isa),
                      "gradus::simd::use must be one of scalar, sse2, avx2, avx512, neon and run "
                      "on this machine (got " +
                          std::string(simd::name(isa)) + ")");
    CHECK(simd::current() == before);
  }
}

#if __has_include(<unistd.h>)  // setenv

namespace {

// The first result of `current` in a program with this value in its environment.
Isa first_with(const char* value) {
  const char* const before = std::getenv("GRADUS_ISA");
  const std::string saved = before == nullptr ? "" : before;
  const int active = simd::detail::active.load();
  simd::detail::active.store(-1);
  setenv("GRADUS_ISA", value, 1);
  struct Restore {
    const std::string& saved;
    int active;
    ~Restore() {
      setenv("GRADUS_ISA", saved.c_str(), 1);
      simd::detail::active.store(active);
    }
  } const restore{saved, active};
  return simd::current();
}

}  // namespace

TEST_CASE("The environment variable GRADUS_ISA forces a path", "[simd]") {
  for (const Isa isa : support::paths()) CHECK(first_with(simd::name(isa)) == isa);
  CHECK(first_with("") == simd::best());
}

TEST_CASE("A GRADUS_ISA that names no path of this machine is refused", "[simd]") {
  const std::string sentence =
      "environment variable GRADUS_ISA must be one of scalar, sse2, avx2, "
      "avx512, neon and run on this machine (got ";
  for (const char* value : {"avx1024", "AVX2", "scalar ", "0", "-1"})
    CHECK_THROWS_WITH(first_with(value), sentence + value + ")");
  CHECK_THROWS_WITH(first_with(std::string(500, 'x').c_str()),
                    sentence + std::string(40, 'x') + ")");
  for (const Isa isa : {Isa::avx2, Isa::avx512, Isa::neon})
    if (!simd::supported(isa)) CHECK_THROWS_AS(first_with(simd::name(isa)), gradus::Error);
}

#endif
