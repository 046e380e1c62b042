// optional header
// A running search: rungs of trainings, on several threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/step/length.hpp>
#include <gradus/tune/in_parallel.hpp>
#include <gradus/tune/progress_bar.hpp>
#include <gradus/tune/search_result.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// A whole training: `double loss = trial(setting)`.
template <class F>
concept WholeTrial = requires(const F& trial, const Setting& setting) {
  { trial(setting) } -> std::convertible_to<double>;
};
/// A training that can be continued: `auto train = trial(setting)` begins it, and `double loss =
/// train(steps)` trains until it has made `steps` steps in all. It may be called again with more
/// steps. The setting lives as long as the search.
template <class F>
concept SteppedTrial = requires(const F& trial, const Setting& setting, step_t steps) {
  { trial(setting)(steps) } -> std::convertible_to<double>;
};

struct Options {
  std::size_t threads = 1;  ///< 0: as many as the machine runs at once
  std::string file{};       ///< file of the results, to resume from; empty for none
  std::string name{};       ///< name of the search; a file of another name is refused
  bool progress = true;     ///< whether to show a bar on the standard error, if it is a terminal
};

namespace detail {

/// A running search.
template <SteppedTrial F>
class Searcher {
  using Training = std::invoke_result_t<const F&, const Setting&>;
  struct Contender {
    Setting setting;
    step_t steps = 0;
    Outcome outcome{};
    std::unique_ptr<Training> training{};
  };

 public:
  Searcher(const Candidates& candidates, std::vector<Rung> rungs, const F& trial,
           const Options& options)
      : rungs_(std::move(rungs)),
        trial_(trial),
        threads_(options.threads),
        progress_(options.name.empty() ? "search" : options.name, work(), options.progress) {
    if (!options.file.empty()) file_.emplace(options.file, options.name, candidates);
    for (std::size_t i = 0; i < candidates.count(); ++i) all_.push_back({candidates[i]});
  }
  SearchResult run(const Space& space) {
    std::vector<std::size_t> alive(all_.size());
    for (std::size_t i = 0; i < alive.size(); ++i) alive[i] = i;
    for (std::size_t r = 0; r < rungs_.size(); ++r) {
      const std::size_t promoted = r + 1 < rungs_.size() ? rungs_[r + 1].trials : 0;
      best_.clear();
      in_parallel(alive.size(), threads_, [&](std::size_t i) { train(alive[i], r, promoted); });
      alive.clear();
      for (const auto& [loss, trial] : best_) alive.push_back(trial);
    }
    std::vector<Trial> trials;
    for (Contender& c : all_)
      trials.push_back({std::move(c.setting), c.steps, std::move(c.outcome)});
    return {space, std::move(trials)};
  }

 private:
  double work_of(std::size_t rung) const {
    const step_t before = rung == 0 ? 0 : rungs_[rung - 1].steps;
    return rungs_.back().steps == 0 ? 1 : static_cast<double>(rungs_[rung].steps - before);
  }
  double work() const {
    double r = 0;
    for (std::size_t i = 0; i < rungs_.size(); ++i)
      r += work_of(i) * static_cast<double>(rungs_[i].trials);
    return r;
  }

  void train(std::size_t trial, std::size_t rung, std::size_t promoted) {
    Contender& c = all_[trial];
    const step_t steps = rungs_[rung].steps;
    const Outcome* known = file_ ? file_->find(trial, steps) : nullptr;
    Outcome outcome = known != nullptr ? *known : outcome_of(c, steps);

    std::unique_ptr<Training> lost;  // destroyed after the lock is released
    const std::lock_guard lock(mutex_);
    if (file_ && known == nullptr) file_->add(c.setting, steps, outcome);
    progress_.advance(work_of(rung), known != nullptr, outcome);
    c.steps = steps;
    c.outcome = std::move(outcome);
    if (c.outcome) best_.insert({c.outcome.loss, trial});
    if (!c.outcome) lost = std::move(c.training);
    if (best_.size() <= promoted) return;
    lost = std::move(all_[std::prev(best_.end())->second].training);
    best_.erase(std::prev(best_.end()));
  }
  // `Stop`, and what is not a std::exception, end the search; other exceptions fail the trial.
  Outcome outcome_of(Contender& c, step_t steps) const {
    try {
      if (!c.training) c.training.reset(new Training(trial_(c.setting)));
      const auto loss = static_cast<double>((*c.training)(steps));
      return {loss, math::is_finite(loss) ? "" : "the loss is " + io::detail::digits_of(loss)};
    } catch (const Stop&) {
      throw;
    } catch (const std::exception& error) {
      const std::string why = io::detail::printable(error.what(), false);
      return {0, why.empty() ? "an exception without a message" : why};
    }
  }

  std::vector<Rung> rungs_;
  const F& trial_;
  std::size_t threads_;
  ProgressBar progress_;
  std::optional<ResultsFile> file_{};
  std::vector<Contender> all_{};
  std::set<std::pair<double, std::size_t>> best_{};  // of this rung, as many as are promoted
  std::mutex mutex_{};
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::tune
