// optional header
// The scale of an axis: where a number lies on it, and which numbers are written beside it.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gradus/math/ieee.hpp>
#include <gradus/math/log.hpp>

namespace gradus::inline GRADUS_ABI::io {

/// The largest magnitude that a scale is made for; its inverse is the smallest on a logarithmic
/// one.
inline constexpr double largest = 1e200;

/// A number and how it is written.
struct Tick {
  double value = 0;
  std::string label{};
  bool operator==(const Tick&) const = default;
};

/// From numbers to a fraction of an axis, linear or logarithmic; the same bits everywhere.
struct Scale {
  double low = 0, high = 1;
  bool logarithmic = false;
  std::vector<Tick> ticks{};

  /// 0 at low, 1 at high, and beyond them for what lies outside.
  double at(double value) const noexcept {
    using math::ieee;
    const ieee from = position(low), to = position(high);
    return static_cast<double>((position(value) - from) / (to - from));
  }

 private:
  math::ieee position(double value) const noexcept {
    return logarithmic ? math::log(value) : value;
  }
};

namespace detail {

/// digits * 10^exponent, correctly rounded as long as both powers are exact (|exponent| <= 22).
inline double decimal(std::int64_t digits, int exponent) noexcept {
  double power = 1;
  for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) power *= 10;
  const auto d = static_cast<double>(digits);
  return exponent < 0 ? static_cast<double>(math::ieee(d) / power) : d * power;
}

/// The largest k with 10^k <= x, for x > 0.
inline int exponent_of(double x) noexcept {
  int k = static_cast<int>(std::floor(math::log(x) / 2.302585092994046));
  while (decimal(1, k) > x) --k;
  while (decimal(1, k + 1) <= x) ++k;
  return k;
}

/// The shortest text that reads back as this number, with exponents such as 1e-5 and 1e6.
inline std::string label(double x) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  std::string s(text.data(), end);
  const std::size_t e = s.find('e');
  if (e == std::string::npos) return s;
  std::string digits = s.substr(e + 1);
  const bool negative = digits[0] == '-';
  digits.erase(0, digits.find_first_not_of("+-0"));
  return s.substr(0, e + 1) + (negative ? "-" : "") + digits;
}

/// Multiples of 1, 2 or 5 times a power of ten, from the last one not above low to the first one
/// not below high.
inline std::vector<Tick> linear_ticks(double low, double high, std::size_t intervals) {
  const double wanted = (high - low) / static_cast<double>(intervals);
  const int exponent = exponent_of(wanted);
  std::int64_t unit = 1;
  for (const std::int64_t next : {2, 5, 10})
    if (decimal(unit, exponent) < wanted * 0.999999) unit = next;
  const double step = decimal(unit, exponent);
  std::vector<Tick> ticks;
  const auto first = static_cast<std::int64_t>(std::floor(low / step));
  const auto last = static_cast<std::int64_t>(std::ceil(high / step));
  for (std::int64_t i = first; i <= last; ++i) {
    const double value = decimal(i * unit, exponent);
    ticks.push_back({value, label(value)});
  }
  return ticks;
}

/// Powers of ten, with multiples between them where there are few, from the last one not above low
/// to the first one not below high.
inline std::vector<Tick> logarithmic_ticks(double low, double high, std::size_t intervals) {
  const int first = exponent_of(low);
  const int stride = 1 + (exponent_of(high) - first) / static_cast<int>(intervals + 1);
  const double decades = math::log(high / low) / 2.302585092994046;
  const auto few = static_cast<double>(intervals) / decades;  // ticks that a decade has room for
  const std::array<std::int64_t, 3> factors{1,
                                            few >= 2.5   ? 2
                                            : few >= 1.5 ? 3
                                                         : 1,
                                            few >= 2.5 ? 5 : 1};
  std::vector<Tick> ticks;
  for (int k = first; ticks.empty() || ticks.back().value < high; k += stride) {
    for (const std::int64_t factor : factors) {
      const double value = decimal(factor, k);
      if (!ticks.empty() && (value <= ticks.back().value || ticks.back().value >= high)) continue;
      if (value <= low) ticks.clear();
      ticks.push_back({value, label(value)});
    }
  }
  return ticks;
}

}  // namespace detail

/// A scale for numbers in [low, high] with about so many intervals between ticks. Its ends are the
/// outermost ticks.
///
/// Domain: low <= high, both of magnitude `largest` at most; from 1 / `largest` on if logarithmic;
/// intervals > 0.
inline Scale scale(double low, double high, bool logarithmic, std::size_t intervals) {
  if (low == high) {  // a single number has no extent
    const double about = low == 0 ? 1 : std::fabs(low) / 2;
    low = logarithmic ? low / 2 : low - about;
    high = logarithmic ? high * 2 : high + about;
  }
  Scale r{low, high, logarithmic, {}};
  r.ticks = logarithmic ? detail::logarithmic_ticks(low, high, intervals)
                        : detail::linear_ticks(low, high, intervals);
  r.low = r.ticks.front().value;
  r.high = r.ticks.back().value;
  return r;
}

/// The same scale, ending where it is told to.
inline Scale clipped(Scale scale, double low, double high) {
  scale.low = low;
  scale.high = high;
  std::erase_if(scale.ticks, [&](const Tick& t) { return t.value < low || t.value > high; });
  return scale;
}

}  // namespace gradus::inline GRADUS_ABI::io
