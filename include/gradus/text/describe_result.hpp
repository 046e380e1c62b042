// optional header
// Results of a step, of `difference` and of `summarize` in one line.
#pragma once

#include <charconv>
#include <concepts>
#include <utility>

#include <gradus/step/result.hpp>
#include <gradus/survey/difference.hpp>
#include <gradus/survey/summarize.hpp>
#include <gradus/text/describe.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {
/// With 6 digits, as printf's "%g" writes it.
inline Digits rounded_digits(double x) noexcept { return {x, std::chars_format::general, 6}; }
}  // namespace detail

/// The result of a step: "step 12: rate 0.001".
inline Description describe(const StepResult& result) {
  Description d;
  d << "step " << detail::Digits(result.t) << ": rate " << detail::rounded_digits(result.rate);
  return d << (result.applied ? "" : result.frozen ? ", frozen" : ", skipped");
}
/// The largest difference of two schedules: "0.01 at step 9", or "none".
inline Description describe(const Difference& difference) {
  Description d;
  if (difference.size == 0) return d << "none";
  return d << detail::rounded_digits(difference.size) << " at step "
           << detail::Digits(difference.t);
}
/// The summary of a schedule, with numbers of 6 digits.
inline Description describe(const Summary& summary) {
  using detail::Digits, detail::rounded_digits;
  Description d;
  d << Digits(summary.steps) << " steps: first " << rounded_digits(summary.first) << ", last "
    << rounded_digits(summary.last);
  for (const auto& [name, at] : {std::pair{", peak ", summary.peak}, {", lowest ", summary.lowest}})
    d << name << rounded_digits(at.rate) << " at " << Digits(at.t);
  d << ", sum " << rounded_digits(summary.sum) << ", mean " << rounded_digits(summary.mean);
  if (summary.jumps == 0) return d << ", no jumps";
  return d << ", " << Digits(summary.jumps)
           << (summary.jumps == 1 ? " jump at " : " jumps, the first at ")
           << Digits(summary.first_jump);
}

/// Types that `describe` takes and fmt and std::format print: schedules of this library, and
/// results.
template <class T>
concept HasLine = Described<T> || std::same_as<T, StepResult> || std::same_as<T, Difference> ||
                  std::same_as<T, Summary>;

/// A formatter of lines, with the width and alignment of a string, made of a formatter of strings.
template <class OfStrings>
struct LineFormatter : OfStrings {
  template <HasLine T, class Context>
  auto format(const T& value, Context& context) const {
    return OfStrings::format(describe(value).text(), context);
  }
};

}}}  // namespace gradus::GRADUS_ABI::io
