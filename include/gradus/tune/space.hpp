// optional header
// The space of a search: a name and a range or a list for each hyper-parameter.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// The value of a hyper-parameter: a number or a text.
using Value = std::variant<double, std::string>;

/// The numbers from `low` to `high`.
struct Range {
  double low = 0;
  double high = 0;
  bool logarithmic = false;  ///< whether equal ratios, not equal differences, are equal distances
  bool whole = false;        ///< whole numbers only, including `high`
  std::size_t points = 0;    ///< number of points on a grid; 0: that of the grid
};
/// A logarithmic range from low > 0 to high, for rates and weight decays.
constexpr Range log_range(double low, double high, std::size_t points = 0) {
  return {low, high, true, false, points};
}

/// A list of values.
struct Choice {
  std::vector<Value> values{};
};
/// A choice of these numbers or texts, such as names, or schedules for `io::parse`.
template <class... V>
Choice choice(const V&... values) {
  const auto value = [](const auto& v) -> Value {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) {
      return static_cast<double>(v);
    } else {
      return std::string(v);
    }
  };
  return {{value(values)...}};
}

/// One hyper-parameter.
struct Dimension {
  std::string name{};
  std::variant<Range, Choice> values{};
};

namespace detail {

/// A text in quotes, or a number with its shortest digits.
inline std::string shown(const Value& value) {
  if (const double* number = std::get_if<double>(&value)) return io::detail::digits_of(*number);
  std::string r = "\"";
  for (const char c : std::get<std::string>(value)) r.append(c == '"' ? 2 : 1, c);
  return r + '"';
}
/// A sentence about a hyper-parameter: `gradus::tune::Space: "rate" must ... (got ...)`.
[[noreturn]] inline void refuse_dimension(const std::string& name, const std::string& rest) {
  refuse(("gradus::tune::Space: \"" + name + "\" " + rest).c_str());
}
inline bool one_line(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

inline void check(const std::string& name, const Range& range) {
  const auto [low, high, logarithmic, whole, points] = range;
  const auto got = [&](double a) { return " (got " + io::detail::digits_of(a) + ")"; };
  for (const double end : {low, high}) {
    if (!math::is_finite(end)) refuse_dimension(name, "must have finite ends" + got(end));
    if (whole && (std::floor(end) != end || std::fabs(end) > 0x1p53))
      refuse_dimension(name, "must have whole numbers of at most 2^53 as ends" + got(end));
  }
  if (low >= high)
    refuse_dimension(name, "must have low < high (got " + io::detail::digits_of(low) + " and " +
                               io::detail::digits_of(high) + ")");
  if (!math::is_finite(high - low)) refuse_dimension(name, "must have a finite high - low");
  if (logarithmic && !(low > 0))
    refuse_dimension(name, "must have low > 0, as it is logarithmic" + got(low));
  if (points == 1 || points > 1'000'000)
    refuse_dimension(name, "must have points in [2, 1000000]" + got(static_cast<double>(points)));
}
inline void check(const std::string& name, const Choice& choice) {
  const std::vector<Value>& all = choice.values;
  if (all.empty()) refuse_dimension(name, "must have a value to choose");
  for (auto v = all.begin(); v != all.end(); ++v) {
    const double* number = std::get_if<double>(&*v);
    if (number != nullptr && !math::is_finite(*number))
      refuse_dimension(name, "must have finite values (got " + shown(*v) + ")");
    if (number == nullptr && !one_line(std::get<std::string>(*v)))
      refuse_dimension(name, "must have texts of one line, without control characters");
    if (v->index() != all[0].index())
      refuse_dimension(name, "must have numbers only or texts only (got " + shown(*v) + " after " +
                                 shown(all[0]) + ")");
    if (std::find(all.begin(), v, *v) != v)
      refuse_dimension(name, "must have every value once (got " + shown(*v) + " twice)");
  }
}

}  // namespace detail

/// The hyper-parameters of a search.
///
///   Space{{"rate", log_range(1e-4, 1)}, {"beta2", choice(0.9, 0.99)}, {"decay", Range{0, 0.1}}}
///
/// Domain: names are different, and none is trial, steps, loss, failure or check, which are columns
///   of the results.
/// Errors: no dimension; a name that is empty, has control characters or is used twice; low >=
///   high; a logarithmic range with low <= 0; ends not finite or, with `whole`, not whole; points =
///   1; a choice without values, with a value twice, or with both numbers and texts.
class Space {
 public:
  Space(std::initializer_list<Dimension> dimensions) : Space(std::vector<Dimension>(dimensions)) {}
  explicit Space(std::vector<Dimension> dimensions) : dimensions_(std::move(dimensions)) {
    if (dimensions_.empty()) refuse("gradus::tune::Space must have a dimension");
    for (auto d = dimensions_.begin(); d != dimensions_.end(); ++d) {
      const std::string& name = d->name;
      if (name.empty() || !detail::one_line(name))
        detail::refuse_dimension(name, "must be a name of one line, and not empty");
      for (const char* column : {"trial", "steps", "loss", "failure", "check"})
        if (name == column)
          detail::refuse_dimension(name, "must not be called as a column of the results");
      if (std::any_of(dimensions_.begin(), d, [&](const Dimension& o) { return o.name == name; }))
        detail::refuse_dimension(name, "must be there once (got it twice)");
      std::visit([&](const auto& values) { detail::check(name, values); }, d->values);
    }
  }
  const std::vector<Dimension>& dimensions() const noexcept { return dimensions_; }

  /// The space in one line: `rate log 1e-4..1; beta2 0.9|0.99`.
  std::string describe() const {
    std::string r;
    for (const Dimension& d : dimensions_) {
      if (!r.empty()) r += "; ";
      r += d.name;
      if (const Range* range = std::get_if<Range>(&d.values)) {
        r += range->logarithmic ? " log " : " ";
        r += io::detail::digits_of(range->low) + ".." + io::detail::digits_of(range->high);
        if (range->whole) r += " whole";
      } else {
        char before = ' ';
        for (const Value& value : std::get<Choice>(d.values).values)
          r += std::exchange(before, '|') + detail::shown(value);
      }
    }
    return r;
  }

 private:
  std::vector<Dimension> dimensions_;
};

}}}  // namespace gradus::GRADUS_ABI::tune
