// optional header
// The result of a search.
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/config/refuse.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/printable.hpp>
#include <gradus/tune/results_file.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// A setting and the outcome of its training.
struct Trial {
  Setting setting;
  step_t steps = 0;  ///< of the training whose outcome this is
  Outcome outcome{};
  bool operator==(const Trial&) const = default;
};

namespace detail {

/// The place of a trial among others: sorted by number of steps, longest first, then by loss, then
/// by the number of the trial. Failed trials come last.
struct Rank {
  Rank(const Outcome& outcome, step_t its_steps, std::size_t its_trial, std::size_t its_index)
      : failed(!outcome),
        steps(its_steps),
        loss(outcome ? outcome.loss : 0),
        trial(its_trial),
        index(its_index) {}
  bool failed;
  step_t steps;
  double loss;
  std::size_t trial, index;

  bool operator<(const Rank& o) const noexcept {
    if (failed != o.failed) return o.failed;
    if (steps != o.steps) return steps > o.steps;
    if (loss != o.loss) return loss < o.loss;
    return trial != o.trial ? trial < o.trial : index < o.index;
  }
};

/// Trials by rank: a heap, which begins with the last in rank.
class Ranking {
 public:
  std::size_t size() const noexcept { return all_.size(); }
  GRADUS_NOINLINE void insert(const Rank& rank) {
    std::size_t i = all_.size();
    all_.push_back(rank);
    for (; i > 0 && all_[(i - 1) / 2] < all_[i]; i = (i - 1) / 2)
      std::swap(all_[(i - 1) / 2], all_[i]);
  }
  /// Removes the last in rank.
  GRADUS_NOINLINE Rank take_last() {
    const Rank last = all_.front();
    all_.front() = all_.back();
    all_.pop_back();
    for (std::size_t i = 0, child; (child = 2 * i + 1) < all_.size(); i = child) {
      if (child + 1 < all_.size() && all_[child] < all_[child + 1]) ++child;
      if (!(all_[i] < all_[child])) break;
      std::swap(all_[i], all_[child]);
    }
    return last;
  }
  /// Removes all, and returns them in the order of their ranks.
  std::vector<Rank> take_all() {
    std::vector<Rank> r(all_);
    for (std::size_t i = r.size(); i-- > 0;) r[i] = take_last();
    return r;
  }

 private:
  std::vector<Rank> all_{};
};

/// A value with few digits.
inline std::string short_of(const Value& value) {
  return value.is_text() ? value.text()
                         : io::detail::written(value.number(), std::chars_format::general, 6);
}

}  // namespace detail

/// All trials of a search, best first: sorted by number of steps, longest first, then by loss, then
/// by the number of the trial. Failed trials come last.
class SearchResult {
 public:
  /// Errors: no trial.
  SearchResult(Space space, std::vector<Trial> trials)
      : space_(std::move(space)), trials_(std::move(trials)) {
    if (trials_.empty()) refuse("gradus::tune::SearchResult must have a trial");
    detail::Ranking ranks;
    for (std::size_t i = 0; i < trials_.size(); ++i)
      ranks.insert({trials_[i].outcome, trials_[i].steps, trials_[i].setting.trial(), i});
    std::vector<Trial> sorted;
    for (const detail::Rank& rank : ranks.take_all())
      sorted.push_back(std::move(trials_[rank.index]));
    trials_ = std::move(sorted);
  }
  const std::vector<Trial>& trials() const noexcept { return trials_; }
  const Space& space() const noexcept { return space_; }

  /// Errors: every trial failed; the sentence has the reason of the first one.
  const Trial& best() const {
    if (!trials_.front().outcome)
      refuse(io::detail::concat({"gradus::tune::SearchResult: every trial failed; trial ",
                                 io::detail::Digits(trials_.front().setting.trial()), ": ",
                                 trials_.front().outcome.failure})
                 .c_str());
    return trials_.front();
  }

  /// The best `rows` trials as a table for people.
  std::string table(std::size_t rows = 10) const {
    const std::size_t columns = space_.dimensions().size() + 3;
    std::vector<std::string> cells{"trial", "steps"};
    for (const Dimension& d : space_.dimensions()) cells.push_back(d.name);
    cells.push_back("loss");
    for (std::size_t i = 0; i < rows && i < trials_.size(); ++i) {
      const auto& [setting, steps, outcome] = trials_[i];
      cells.push_back(std::to_string(setting.trial()));
      cells.push_back(std::to_string(steps));
      for (const auto& [name, value] : setting.values()) cells.push_back(detail::short_of(value));
      cells.push_back(outcome ? detail::short_of(outcome.loss)
                              : io::detail::concat({"failed: ", outcome.failure}));
    }
    std::vector<std::size_t> widths(columns);
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (width(cells[i]) > widths[i % columns]) widths[i % columns] = width(cells[i]);
    std::string r;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t c = i % columns;
      const bool last = c + 1 == columns;
      if (!last) r.append(widths[c] - width(cells[i]), ' ');
      r.append(cells[i]).append(last ? "\n" : "  ");
    }
    return r;
  }
  /// All trials as CSV, with every digit, for programs.
  std::string csv() const {
    std::string r = detail::csv_columns(space_).append("\n");
    for (const auto& [setting, steps, outcome] : trials_)
      r.append(io::detail::concat({detail::csv_of(setting, steps), detail::csv_of(outcome), "\n"}));
    return r;
  }

 private:
  static std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(io::detail::length(text));
  }

  Space space_;
  std::vector<Trial> trials_;
};

}}}  // namespace gradus::GRADUS_ABI::tune
