// optional header
// A running search: rungs of trainings, on several threads.
#pragma once

#include <concepts>
#include <cstddef>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/math/bits.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/printable.hpp>
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

/// The trainings of a search, of any type.
class Trainings {
 public:
  Trainings() = default;
  Trainings(const Trainings&) = delete;
  Trainings& operator=(const Trainings&) = delete;
  virtual ~Trainings() = default;
  /// Makes room for this many trainings, before the first one begins.
  virtual void expect(std::size_t count) = 0;
  /// The loss after this many steps. The first call begins the training.
  virtual double train(const Setting& setting, step_t steps) = 0;
  /// Destroys a training.
  virtual void end(std::size_t trial) = 0;
};
template <SteppedTrial F>
class TrainingsOf final : public Trainings {
  using Training =
      std::remove_cvref_t<decltype(std::declval<const F&>()(std::declval<const Setting&>()))>;

 public:
  explicit TrainingsOf(const F& trial) : trial_(trial) {}
  ~TrainingsOf() override {
    for (const Training* training : all_) delete training;
  }
  void expect(std::size_t count) override { all_.resize(count); }
  double train(const Setting& setting, step_t steps) override {
    Training*& training = all_[setting.trial()];
    if (training == nullptr) training = new Training(trial_(setting));
    return static_cast<double>((*training)(steps));
  }
  void end(std::size_t trial) override { delete std::exchange(all_[trial], nullptr); }

 private:
  const F& trial_;
  std::vector<Training*> all_{};
};

/// A running search.
class Searcher {
 public:
  Searcher(const Candidates& candidates, std::vector<Rung> rungs, Trainings& trainings,
           const Options& options)
      : rungs_(std::move(rungs)),
        trainings_(trainings),
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
      in_parallel(alive.size(), threads_, [&](std::size_t i) { train(alive[i], r, promoted); });
      alive.clear();
      for (const Rank& rank : best_.take_all()) alive.push_back(rank.trial);
    }
    return {space, std::move(all_)};
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
    const step_t steps = rungs_[rung].steps;
    const Outcome* known = file_ ? file_->find(trial, steps) : nullptr;
    Outcome outcome = known != nullptr ? *known : outcome_of(all_[trial].setting, steps);
    const std::size_t lost = record(trial, rung, promoted, known != nullptr, std::move(outcome));
    if (lost < all_.size()) trainings_.end(lost);
  }
  /// Returns the trial that does not go on because of this outcome, if there is one.
  std::size_t record(std::size_t trial, std::size_t rung, std::size_t promoted, bool known,
                     Outcome outcome) {
    const std::lock_guard lock(mutex_);
    Trial& t = all_[trial];
    if (file_ && !known) file_->add(t.setting, rungs_[rung].steps, outcome);
    progress_.advance(work_of(rung), known, outcome);
    t.steps = rungs_[rung].steps;
    t.outcome = std::move(outcome);
    if (!t.outcome) return trial;
    best_.insert({t.outcome, t.steps, trial, trial});
    return best_.size() <= promoted ? all_.size() : best_.take_last().trial;
  }
  // `Stop`, and what is not a std::exception, end the search; other exceptions fail the trial.
  Outcome outcome_of(const Setting& setting, step_t steps) const {
    try {
      const double loss = trainings_.train(setting, steps);
      if (math::is_finite(loss)) return {loss};
      return {loss, io::detail::concat({"the loss is ", shown(loss)})};
    } catch (const Stop&) {
      throw;
    } catch (const std::exception& error) {
      const std::string why = io::detail::printable(error.what(), false);
      return {0, why.empty() ? "an exception without a message" : why};
    }
  }

  std::vector<Rung> rungs_;
  Trainings& trainings_;
  std::size_t threads_;
  ProgressBar progress_;
  std::optional<ResultsFile> file_{};
  std::vector<Trial> all_{};
  Ranking best_{};  // of this rung, as many as are promoted
  std::mutex mutex_{};
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::tune
