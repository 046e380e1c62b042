// optional header
// Results of a step, of `difference` and of `summarize` in one line.
#pragma once

#include <concepts>
#include <utility>

#include <gradus/step/result.hpp>
#include <gradus/survey/difference.hpp>
#include <gradus/survey/summarize.hpp>
#include <gradus/text/describe.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// The result of a step: "step 12: rate 0.001".
inline Description describe(const StepResult& result) {
  Description d;
  detail::describe_number(d << "step ", result.t);
  detail::describe_part(d, ": rate ", result.rate);
  return d << (result.applied ? "" : result.frozen ? ", frozen" : ", skipped");
}
/// The largest difference of two schedules: "0.01 at step 9", or "none".
inline Description describe(const Difference& difference) {
  Description d;
  if (difference.size == 0) return d << "none";
  detail::describe_part(d, "", difference.size);
  detail::describe_number(d << " at step ", difference.t);
  return d;
}
/// The summary of a schedule, with numbers of 6 digits.
inline Description describe(const Summary& summary) {
  Description d;
  detail::describe_number(d, summary.steps);
  detail::describe_part(d, " steps: first ", summary.first);
  detail::describe_part(d, ", last ", summary.last);
  for (const auto& [name, at] :
       {std::pair{", peak ", summary.peak}, {", lowest ", summary.lowest}}) {
    detail::describe_part(d, name, at.rate);
    detail::describe_number(d << " at ", at.t);
  }
  detail::describe_part(d, ", sum ", summary.sum);
  detail::describe_part(d, ", mean ", summary.mean);
  if (summary.jumps == 0) return d << ", no jumps";
  detail::describe_number(d << ", ", summary.jumps);
  detail::describe_number(d << (summary.jumps == 1 ? " jump at " : " jumps, the first at "),
                          summary.first_jump);
  return d;
}

/// Types that `describe` takes and fmt and std::format print: schedules of this library, and
/// results.
template <class T>
concept HasLine = Described<T> || std::same_as<T, StepResult> || std::same_as<T, Difference> ||
                  std::same_as<T, Summary>;

}}}  // namespace gradus::GRADUS_ABI::io
