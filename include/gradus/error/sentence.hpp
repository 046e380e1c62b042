// The sentence of an error. It is not written with the C library's printf, which follows the locale
// and which, on a microcontroller, needs a heap and is larger than all of gradus.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <gradus/config/refuse.hpp>
#include <gradus/math/bits.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// A text of up to 255 characters. Further characters are dropped.
class Sentence {
 public:
  GRADUS_COLD Sentence& operator<<(const char* s) noexcept {
    for (; *s != '\0'; ++s) put(*s);
    return *this;
  }
  /// A std::string or std::string_view.
  template <class S>
    requires std::same_as<typename S::value_type, char>
  GRADUS_COLD Sentence& operator<<(const S& s) noexcept {
    for (const char c : s) put(c);
    return *this;
  }
  template <std::unsigned_integral I>
  GRADUS_COLD Sentence& operator<<(I number) noexcept {
    char digits[20];
    std::size_t size = 0;
    do digits[size++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (size != 0) put(digits[--size]);
    return *this;
  }
  /// As printf's "%.9g" does: nine digits without zeros at the end. The last digit may be wrong by
  /// 1.
  GRADUS_COLD Sentence& operator<<(double x) noexcept {
    if (math::is_nan(x)) return *this << "nan";
    if ((math::to_bits(x) & math::sign_bit<double>) != 0) put('-'), x = -x;
    if (!math::is_finite(x)) return *this << "inf";
    if (x == 0) return *this << "0";
    int power = 8;  // x is its first digit times 10^power, plus smaller digits
    for (; x >= 999'999'999.5; ++power) x /= 10;
    for (; x < 99'999'999.95; --power) x *= 10;
    auto number = static_cast<std::uint32_t>(x + 0.5);
    char digits[] = "000000000";
    int size = 0;
    for (int i = 8; i >= 0; --i, number /= 10) {
      digits[i] = static_cast<char>('0' + number % 10);
      if (size == 0 && digits[i] != '0') size = i + 1;
    }
    const bool fixed = power >= -4 && power < 9;
    const int point = fixed ? power : 0;  // index of the last digit before the point
    if (point < 0) *this << "0.";
    for (int zeros = -1 - point; zeros > 0; --zeros) put('0');
    for (int i = 0; i < size || i <= point; ++i) {
      put(digits[i]);
      if (i == point && i + 1 < size) put('.');
    }
    if (fixed) return *this;
    *this << (power < 0 ? "e-" : "e+");
    const auto size_of_power = static_cast<unsigned>(power < 0 ? -power : power);
    if (size_of_power < 10) put('0');
    return *this << size_of_power;
  }

  const char* text() const noexcept { return text_; }

 private:
  void put(char c) noexcept {
    if (size_ + 1 < sizeof text_) text_[size_++] = c;
  }

  char text_[256] = {};
  std::size_t size_ = 0;
};

}  // namespace detail

[[noreturn]] GRADUS_COLD inline void refuse(const detail::Sentence& sentence) {
  refuse(sentence.text());
}

}}  // namespace gradus::GRADUS_ABI
