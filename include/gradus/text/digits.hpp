// optional header
// Numbers as text, in every locale the same.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The digits of a number. `error/sentence.hpp` has digits of its own, because error messages do
/// without the tables and the code of `std::to_chars`, which a microcontroller has no room for.
class Digits {
 public:
  /// The shortest from which the number can be read back: 0.001, 1e-05.
  explicit Digits(double x) noexcept { end(std::to_chars(text_.data(), last(), x)); }
  explicit Digits(float x) noexcept { end(std::to_chars(text_.data(), last(), x)); }
  explicit Digits(std::signed_integral auto x) noexcept { write(static_cast<long long>(x)); }
  explicit Digits(std::unsigned_integral auto x) noexcept {
    write(static_cast<unsigned long long>(x));
  }
  /// As many as printf writes with %g, %e or %f.
  Digits(double x, std::chars_format format, int precision) noexcept {
    end(std::to_chars(text_.data(), last(), x, format, precision));
  }

  operator std::string_view() const noexcept { return {text_.data(), size_}; }  // NOLINT: implicit

 private:
  template <class I>
  GRADUS_NOINLINE void write(I x) noexcept {
    end(std::to_chars(text_.data(), last(), x));
  }
  char* last() noexcept { return text_.data() + text_.size(); }
  void end(std::to_chars_result r) noexcept {
    if (r.ec == std::errc{}) size_ = static_cast<std::size_t>(r.ptr - text_.data());
  }

  std::array<char, 64> text_;
  std::size_t size_ = 0;
};

/// The shortest digits from which the number can be read back, with a short exponent: 1e-5.
GRADUS_NOINLINE inline std::string with_short_exponent(std::string_view number) {
  const std::size_t e = number.find('e');
  std::string r(number.substr(0, e));
  if (e == std::string_view::npos) return r;
  r += number[e + 1] == '-' ? "e-" : "e";
  std::string_view exponent = number.substr(e + 2);
  while (exponent.size() > 1 && exponent[0] == '0') exponent.remove_prefix(1);
  return r += exponent;
}
template <class N>
std::string digits_of(N x) {
  return with_short_exponent(Digits(x));
}
/// For people, without zeros at the end: "0.5", "12", "1e-5".
GRADUS_NOINLINE inline std::string written(double x, std::chars_format format, int precision) {
  std::string s = with_short_exponent(Digits(x, format, precision)), exponent;
  if (const std::size_t e = s.find('e'); e != std::string::npos) {
    exponent = s.substr(e);
    s.resize(e);
  }
  if (s.find('.') != std::string::npos) s.erase(s.find_last_not_of('0') + 1);
  if (s.ends_with('.')) s.pop_back();
  return (s == "-0" ? "0" : s) + exponent;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
