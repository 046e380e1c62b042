// optional header
// The result of a search.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/plot/canvas.hpp>
#include <gradus/plot/chart.hpp>
#include <gradus/step/length.hpp>
#include <gradus/tune/results_file.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// A setting and the outcome of its training.
struct Trial {
  Setting setting;
  step_t steps = 0;  ///< of the training whose outcome this is
  Outcome outcome{};
  bool operator==(const Trial&) const = default;
};

/// All trials of a search, best first: sorted by number of steps, longest first, then by loss, then
/// by the number of the trial. Failed trials come last.
class SearchResult {
 public:
  /// Errors: no trial.
  SearchResult(Space space, std::vector<Trial> trials)
      : space_(std::move(space)), trials_(std::move(trials)) {
    if (trials_.empty()) refuse("gradus::tune::SearchResult must have a trial");
    std::sort(trials_.begin(), trials_.end(), [](const Trial& a, const Trial& b) {
      if (bool(a.outcome) != bool(b.outcome)) return bool(a.outcome);
      if (a.steps != b.steps) return a.steps > b.steps;
      if (a.outcome && a.outcome.loss != b.outcome.loss) return a.outcome.loss < b.outcome.loss;
      return a.setting.trial() < b.setting.trial();
    });
  }
  const std::vector<Trial>& trials() const noexcept { return trials_; }
  const Space& space() const noexcept { return space_; }

  /// Errors: every trial failed; the sentence has the reason of the first one.
  const Trial& best() const {
    if (!trials_.front().outcome)
      refuse(("gradus::tune::SearchResult: every trial failed; trial " +
              std::to_string(trials_.front().setting.trial()) + ": " +
              trials_.front().outcome.failure)
                 .c_str());
    return trials_.front();
  }

  /// The best `rows` trials as a table for people.
  std::string table(std::size_t rows = 10) const {
    std::vector<std::vector<std::string>> cells{{"trial", "steps"}};
    for (const Dimension& d : space_.dimensions()) cells[0].push_back(d.name);
    cells[0].push_back("loss");
    for (std::size_t i = 0; i < std::min(rows, trials_.size()); ++i) {
      const auto& [setting, steps, outcome] = trials_[i];
      cells.push_back({std::to_string(setting.trial()), std::to_string(steps)});
      for (const auto& [name, value] : setting.values()) cells.back().push_back(short_of(value));
      cells.back().push_back(outcome ? short_of(outcome.loss) : "failed: " + outcome.failure);
    }
    std::vector<std::size_t> widths(cells[0].size());
    for (const auto& row : cells)
      for (std::size_t c = 0; c + 1 < row.size(); ++c)
        widths[c] = std::max(widths[c], width(row[c]));
    std::string r;
    for (const auto& row : cells) {
      for (std::size_t c = 0; c + 1 < row.size(); ++c)
        r += std::string(widths[c] - width(row[c]), ' ') + row[c] + "  ";
      r += row.back() + "\n";
    }
    return r;
  }
  /// All trials as CSV, with every digit, for programs.
  std::string csv() const {
    std::string r = detail::csv_columns(space_) + "\n";
    for (const auto& [setting, steps, outcome] : trials_)
      r += detail::csv_of(setting, steps) + detail::csv_of(outcome) + "\n";
    return r;
  }
  /// A chart of the loss over one hyper-parameter, with a dot for each trial. Trials of the same
  /// number of steps have the same colour.
  ///
  /// Errors: `Stop` for a name that is not in the space.
  io::Chart chart(std::string_view name) const;

 private:
  static std::string short_of(const Value& value) {
    const double* number = std::get_if<double>(&value);
    return number == nullptr ? std::get<std::string>(value)
                             : io::detail::written(*number, std::chars_format::general, 6);
  }
  static std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(io::detail::length(text));
  }

  Space space_;
  std::vector<Trial> trials_;
};

inline io::Chart SearchResult::chart(std::string_view name) const {
  const auto& first = trials_.front().setting.values();
  std::size_t d = 0;
  while (d < first.size() && first[d].first != name) ++d;
  if (d == first.size()) static_cast<void>(trials_.front().setting[name]);  // says so
  const auto* range = std::get_if<Range>(&space_.dimensions()[d].values);
  io::Axis x{std::string(name)}, y{"loss"};
  x.logarithmic = range != nullptr && range->logarithmic;
  if (range == nullptr)
    for (const Value& v : std::get<Choice>(space_.dimensions()[d].values).values)
      x.labels.push_back(short_of(v));

  double low = 0, high = 0;
  std::vector<io::Series> series;
  for (const auto& [setting, steps, outcome] : trials_) {
    if (!outcome) break;
    const Value& value = setting.values()[d].second;
    double at = 0;
    if (range != nullptr) {
      at = std::get<double>(value);
    } else {
      const auto& all = std::get<Choice>(space_.dimensions()[d].values).values;
      at = static_cast<double>(std::find(all.begin(), all.end(), value) - all.begin());
    }
    const std::string label = std::to_string(steps) + " steps";
    if (series.empty()) low = high = outcome.loss;
    if (series.empty() || series.back().name != label) series.push_back({label, {}, true});
    series.back().points.push_back({at, outcome.loss});
    low = std::min(low, outcome.loss), high = std::max(high, outcome.loss);
  }
  y.logarithmic = low > 0 && high > 10 * low;
  return {"Loss by " + std::string(name), std::move(x), std::move(y), {{"", std::move(series)}}};
}

}}}  // namespace gradus::GRADUS_ABI::tune
