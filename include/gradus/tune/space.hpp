// optional header
// The space of a search: a name and a range or a list for each hyper-parameter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/config/refuse.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// A number or a text.
class NumberOrText {
 public:
  NumberOrText() = default;
  NumberOrText(double number) : number_(number) {}                            // NOLINT
  NumberOrText(std::string text) : text_(std::move(text)), is_text_(true) {}  // NOLINT
  NumberOrText(const char* text) : text_(text), is_text_(true) {}             // NOLINT

  bool is_text() const noexcept { return is_text_; }
  double number() const noexcept { return number_; }          ///< 0 if it is a text
  const std::string& text() const noexcept { return text_; }  ///< empty if it is a number
  bool operator==(const NumberOrText&) const = default;

 private:
  double number_ = 0;
  std::string text_{};
  bool is_text_ = false;
};
/// The value of a hyper-parameter.
using Value = NumberOrText;

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

/// One hyper-parameter: a name and a range, or a name and a list of values.
struct Dimension {
  Dimension(std::string its_name, const Range& its_range)
      : name(std::move(its_name)), range(its_range) {}
  Dimension(std::string its_name, Choice choice)
      : name(std::move(its_name)), values(std::move(choice.values)), is_choice(true) {}

  std::string name;
  Range range{};
  std::vector<Value> values{};
  bool is_choice = false;
};

namespace detail {

/// A text in quotes, or a number with its shortest digits.
GRADUS_NOINLINE inline std::string shown(const Value& value) {
  if (!value.is_text()) return io::detail::digits_of(value.number());
  std::string r = "\"";
  for (const char c : value.text()) r.append(c == '"' ? 2 : 1, c);
  return r.append("\"");
}
/// A sentence about a hyper-parameter: `gradus::tune::Space: "rate" must ... (got ...)`.
[[noreturn]] GRADUS_COLD inline void refuse_dimension(const std::string& name,
                                                      std::string_view rest) {
  refuse(io::detail::concat({"gradus::tune::Space: \"", name, "\" ", rest}).c_str());
}
inline bool one_line(std::string_view text) noexcept {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return false;
  return true;
}

/// The largest whole number that is at most x, for |x| <= 2^53. It does what std::floor does, for
/// which a program would compile all of <cmath>.
inline double floor_of(double x) noexcept {
  const auto whole = static_cast<double>(static_cast<std::int64_t>(x));
  return whole == x ? x : whole < x ? whole : whole - 1;
}
/// Whether it is a whole number of at most 2^53.
inline bool is_whole(double x) noexcept { return x >= -0x1p53 && x <= 0x1p53 && floor_of(x) == x; }

inline void check(const std::string& name, const Range& range) {
  const auto [low, high, logarithmic, whole, points] = range;
  const auto must = [&](const char* rule, double got) {
    refuse_dimension(name, io::detail::concat({rule, " (got ", shown(got), ")"}));
  };
  for (const double end : {low, high}) {
    if (!math::is_finite(end)) must("must have finite ends", end);
    if (whole && !is_whole(end)) must("must have whole numbers of at most 2^53 as ends", end);
  }
  if (low >= high)
    refuse_dimension(name, io::detail::concat({"must have low < high (got ", shown(low), " and ",
                                               shown(high), ")"}));
  if (!math::is_finite(high - low)) refuse_dimension(name, "must have a finite high - low");
  if (logarithmic && !(low > 0)) must("must have low > 0, as it is logarithmic", low);
  if (points == 1 || points > 1'000'000)
    must("must have points in [2, 1000000]", static_cast<double>(points));
}
inline void check(const std::string& name, const std::vector<Value>& all) {
  if (all.empty()) refuse_dimension(name, "must have a value to choose");
  for (const Value& v : all) {
    const auto must = [&](const char* rule, const char* rest, std::string_view other) {
      refuse_dimension(name, io::detail::concat({rule, " (got ", shown(v), rest, other, ")"}));
    };
    if (!math::is_finite(v.number())) must("must have finite values", "", "");
    if (!one_line(v.text()))
      refuse_dimension(name, "must have texts of one line, without control characters");
    if (v.is_text() != all[0].is_text())
      must("must have numbers only or texts only", " after ", shown(all[0]));
    for (const Value* before = all.data(); before != &v; ++before)
      if (*before == v) must("must have every value once", " twice", "");
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
    for (const Dimension& d : dimensions_) {
      const std::string& name = d.name;
      if (name.empty() || !detail::one_line(name))
        detail::refuse_dimension(name, "must be a name of one line, and not empty");
      for (const char* column : {"trial", "steps", "loss", "failure", "check"})
        if (name == column)
          detail::refuse_dimension(name, "must not be called as a column of the results");
      for (const Dimension* before = dimensions_.data(); before != &d; ++before)
        if (before->name == name)
          detail::refuse_dimension(name, "must be there once (got it twice)");
      d.is_choice ? detail::check(name, d.values) : detail::check(name, d.range);
    }
  }
  const std::vector<Dimension>& dimensions() const noexcept { return dimensions_; }

  /// The space in one line: `rate log 1e-4..1; beta2 0.9|0.99`.
  std::string describe() const {
    using io::detail::concat;
    std::string r;
    for (const Dimension& d : dimensions_) {
      const auto& [low, high, logarithmic, whole, points] = d.range;
      r.append(concat({r.empty() ? "" : "; ", d.name}));
      const char* before = " ";
      for (const Value& value : d.values)
        r.append(concat({std::exchange(before, "|"), detail::shown(value)}));
      if (!d.is_choice)
        r.append(concat({logarithmic ? " log " : " ", detail::shown(low), "..", detail::shown(high),
                         whole ? " whole" : ""}));
    }
    return r;
  }

 private:
  std::vector<Dimension> dimensions_;
};

}}}  // namespace gradus::GRADUS_ABI::tune
