// optional header
// Search over hyper-parameters.
#pragma once

#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/step/length.hpp>
#include <gradus/tune/searcher.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// How a search chooses settings.
template <class T>
concept Plan = std::same_as<T, Grid> || std::same_as<T, Random> || std::same_as<T, Halving>;

namespace detail {

/// A search with trials of any type. `name` is that of the plan; `halving` is nullptr where all
/// settings are trained to the end; `stepped` says that trials are trained step by step.
GRADUS_NOINLINE inline SearchResult search(const Space& space, const char* name,
                                           const Sampling& sampling, const Halving* halving,
                                           Trainings& trainings, bool stepped,
                                           const Options& options) {
  if (!one_line(options.name))
    refuse("gradus::tune::Options.name must be of one line, without control characters");
  if (halving != nullptr) refuse_if(halving->check());
  const Candidates candidates(space, sampling);
  std::vector<Rung> rungs{{sampling.steps().steps(), candidates.count()}};
  if (halving != nullptr) rungs = halving->rungs(candidates.count());
  const step_t steps = rungs.back().steps;
  if (stepped != (steps != 0))
    refuse({name, "steps",
            stepped ? "must be > 0 where the trial is trained step by step"
                    : "must be 0 where the trial is a whole training",
            static_cast<double>(steps)});
  trainings.expect(candidates.count());
  return Searcher(candidates, std::move(rungs), trainings, options).run(space);
}

}  // namespace detail

/// Tries points of a space, and finds the one with the lowest loss.
///
///   search(space, Random{.trials = 64}, trial, {.threads = 4, .file = "search.csv"})
///
/// `how` is a Grid, a Random or a Halving. Trials run at the same time, each with its own training;
/// what they share they may only read. If the loss of a trial depends only on setting and steps,
/// and not on whether the training was interrupted, the result has the same bits for every number
/// of threads, and however often the search was killed and resumed.
///
/// A trial that throws a std::exception, or whose loss is NaN or infinite, counts as failed.
/// `Stop`, and exceptions that are not a std::exception, end the search and are thrown again. With
/// a file, each result is durable before it counts. A search with the same file takes the results
/// that are there and trains the rest, also with more trials, other rungs or more steps, because
/// the file has a loss for each point and number of steps.
///
/// Cost: a Halving keeps in memory the trainings that may go on and those that run.
/// Errors: fields of `how` outside their domain; a `how` with steps for a trial that is a whole
///   training, or without steps for one that is trained step by step; a file of another search;
///   what the system reports.
template <Plan How, class F>
SearchResult search(const Space& space, const How& how, const F& trial,
                    const Options& options = {}) {
  static_assert(WholeTrial<F> || SteppedTrial<F>,
                "a trial is called with a const Setting&, and returns a loss or a training");
  static_assert(SteppedTrial<F> || !std::same_as<How, Halving>,
                "Halving goes on with trainings: its trial returns what is called with steps");
  const auto run = [&](detail::Trainings&& trainings) {
    if constexpr (std::same_as<How, Halving>)
      return detail::search(space, How::name, how.of, &how, trainings, true, options);
    else
      return detail::search(space, How::name, how, nullptr, trainings, SteppedTrial<F>, options);
  };
  if constexpr (SteppedTrial<F>) {
    return run(detail::TrainingsOf(trial));
  } else if constexpr (WholeTrial<F>) {
    const auto stepped = [&](const Setting& setting) {
      return [&](step_t) { return static_cast<double>(trial(setting)); };
    };
    return run(detail::TrainingsOf(stepped));
  }
}

}}}  // namespace gradus::GRADUS_ABI::tune
