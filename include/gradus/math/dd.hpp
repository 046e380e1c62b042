// What exp, log and pow share: numbers in two pieces, 16 powers of two, and ln 2.
#pragma once

#include <cstdint>

#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// The unevaluated sum hi + lo, |lo| < 2^-22 |hi|.
struct dd {
  ieee hi, lo;
};

/// The leading `Bits` bits of x; the others are cut off. A product of two such pieces is exact
/// where their numbers of bits add up to at most 53, so that a product in two pieces needs no fused
/// operation. Unlike Dekker's splitting, this cannot overflow.
template <int Bits = 26>
constexpr ieee head(ieee x) noexcept {
  constexpr std::uint64_t kept = ~std::uint64_t{0} << (53 - Bits);
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(static_cast<double>(x)) & kept);
}

/// 2^(i/16) = hi + lo, where hi has 26 bits and lo has 53. The error is below 2^-80.
inline constexpr dd exp2_sixteenths[16] = {
    {0x1p+0, 0x0p+0},
    {0x1.0b5587p+0, -0x1.833b784eb3a37p-27},
    {0x1.172b84p+0, -0x1.c15742919041cp-27},
    {0x1.2387a7p+0, -0x1.8a9dc7993e052p-28},
    {0x1.306fe08p+0, 0x1.18db8a96f46adp-27},
    {0x1.3dea65p+0, -0x1.f6e5eee525f6fp-27},
    {0x1.4bfdad8p+0, -0x1.64eaec715e343p-27},
    {0x1.5ab07ep+0, -0x1.5bd5eb539b67fp-27},
    {0x1.6a09e68p+0, -0x1.80c4336f74d05p-28},
    {0x1.7a1147p+0, 0x1.f580c36bea881p-27},
    {0x1.8ace54p+0, 0x1.15506dadd3e2bp-27},
    {0x1.9c4918p+0, 0x1.51f8480e3e236p-27},
    {0x1.ae89f98p+0, 0x1.5ad3ad5e8734dp-28},
    {0x1.c199bep+0, -0x1.3d56b1eeef9a7p-27},
    {0x1.d5818ep+0, -0x1.822dbc6d12fd3p-27},
    {0x1.ea4afap+0, 0x1.52486cc2c7b9dp-27},
};

/// (ln 2)/16 = hi + lo, where hi has 36 bits, so that its product with an integer below 2^17 is
/// exact. The error is below 2^-97.
inline constexpr dd ln2_sixteenth{0x1.62e42fefap-5, 0x1.cf79abc9e3b3ap-44};

}}}  // namespace gradus::GRADUS_ABI::math
