// optional header
// The checksum of a saved file.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Row k: the contribution of a byte that is followed by k more bytes. The program computes the
/// table when it first needs it, in some microseconds; a constant would take each compiler longer.
struct Crc64Table {
  Crc64Table() noexcept {
    for (std::uint64_t i = 0; i < 256; ++i) {
      std::uint64_t x = i;
      for (int bit = 0; bit < 8; ++bit) x = (x >> 1) ^ ((x & 1) != 0 ? 0xc96c5795d7870f42U : 0U);
      row[0][i] = x;
    }
    for (std::size_t k = 1; k < 8; ++k)
      for (std::size_t i = 0; i < 256; ++i)
        row[k][i] = (row[k - 1][i] >> 8) ^ row[0][row[k - 1][i] & 255];
  }
  std::uint64_t row[8][256];
};

}  // namespace detail

/// CRC-64/XZ, eight bytes at a time. It detects every error of one bit, of two bits, or within 64
/// consecutive bits.
///
/// Source: ECMA-182 (polynomial); the xz file format (all else); M. Kounavis, F. Berry, Novel table
///   lookup-based algorithms for high-performance CRC generation, 2008.
class Crc64 {
 public:
  Crc64& add(const void* data, std::size_t size) noexcept {
    const auto* p = static_cast<const unsigned char*>(data);
    static const detail::Crc64Table table;
    const auto& t = table.row;
    for (; size >= 8; size -= 8, p += 8) {
      std::uint64_t x = 0;
      std::memcpy(&x, p, 8);
      static_assert(std::endian::native == std::endian::little, "files are little-endian");
      x ^= value_;
      value_ = t[7][x & 255] ^ t[6][x >> 8 & 255] ^ t[5][x >> 16 & 255] ^ t[4][x >> 24 & 255] ^
               t[3][x >> 32 & 255] ^ t[2][x >> 40 & 255] ^ t[1][x >> 48 & 255] ^ t[0][x >> 56];
    }
    for (; size > 0; --size, ++p) value_ = (value_ >> 8) ^ t[0][(value_ ^ *p) & 255];
    return *this;
  }
  Crc64& add(std::string_view s) noexcept { return add(s.data(), s.size()); }

  std::uint64_t value() const noexcept { return ~value_; }
  /// The value as 16 hexadecimal digits.
  std::array<char, 16> digits() const noexcept {
    std::array<char, 16> r{};
    for (std::size_t i = 0; i < r.size(); ++i)
      r[i] = "0123456789abcdef"[value() >> (60 - 4 * i) & 15];
    return r;
  }

 private:
  std::uint64_t value_ = ~std::uint64_t{0};
};

}}}  // namespace gradus::GRADUS_ABI::io
