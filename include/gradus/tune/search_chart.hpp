// optional header
// A chart of the results of a search.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/plot/chart.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/tune/search_result.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// A chart of the loss over one hyper-parameter, with a dot for each trial. Trials of the same
/// number of steps have the same colour.
///
/// Errors: `Stop` for a name that is not in the space.
inline io::Chart chart(const SearchResult& result, std::string_view name) {
  const std::vector<Trial>& trials = result.trials();
  const auto& first = trials.front().setting.values();
  std::size_t d = 0;
  while (d < first.size() && first[d].first != name) ++d;
  if (d == first.size()) static_cast<void>(trials.front().setting[name]);  // says so
  const Dimension& dimension = result.space().dimensions()[d];
  const std::vector<Value>& all = dimension.values;
  io::Axis x{std::string(name)}, y{"loss"};
  x.logarithmic = dimension.range.logarithmic;
  for (const Value& v : all) x.labels.push_back(detail::short_of(v));

  double low = 0, high = 0;
  std::vector<io::Series> series;
  for (const auto& [setting, steps, outcome] : trials) {
    if (!outcome) break;
    const Value& value = setting.values()[d].second;
    double at = value.number();
    if (dimension.is_choice)
      at = static_cast<double>(std::find(all.begin(), all.end(), value) - all.begin());
    const std::string label = io::detail::concat({io::detail::Digits(steps), " steps"});
    if (series.empty()) low = high = outcome.loss;
    if (series.empty() || series.back().name != label) series.push_back({label, {}, true});
    series.back().points.push_back({at, outcome.loss});
    low = std::min(low, outcome.loss), high = std::max(high, outcome.loss);
  }
  y.logarithmic = low > 0 && high > 10 * low;
  return {io::detail::concat({"Loss by ", name}),
          std::move(x),
          std::move(y),
          {{"", std::move(series)}}};
}

}}}  // namespace gradus::GRADUS_ABI::tune
