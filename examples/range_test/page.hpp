// The page.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "table.hpp"

namespace range_test {

inline std::string page(const std::vector<Row>& rows, const Settings& s) {
  std::string r =
      "# How good are the rates that are found?\n\n<!-- Written by tools/range-test. Do not edit. "
      "-->\n\n";
  r += fmt::format(
      "`RateScan` and `RangeTest` ([what they do](guide/feedback.md#range-test)) against a grid of "
      "{} rates from {:.2g} to {:.2g},\neach a factor of {:.2f} from the next, with trainings of "
      "{} "
      "steps in batches of {}: the mean loss on what was not\nseen, of {} trainings. The same "
      "bytes "
      "on every machine and compiler.\n\n",
      s.rates, s.first, s.first * std::pow(s.ratio, static_cast<double>(s.rates - 1)), s.ratio,
      s.steps, batch, s.seeds);
  r += fmt::format(
      "- *digits*: the network of [the demo](demo/table.md).\n"
      "- *regression*: linear, {} features whose sizes fall from 1 to 0.1, noise on the target.\n"
      "- *network*: {} inputs, {} hidden units (ReLU), one output; learns 2ab + c^2 - d under "
      "noise.\n\n",
      Regression::n, Student::inputs, Student::hidden);
  r += fmt::format(
      "Searches as by default: a scan makes at most {} steps, a range test {}. Each was repeated "
      "{} times, from other\nbeginnings with other batches: the median of what it suggests, as a "
      "multiple of the grid's best rate, and in brackets the\nleast and the most. In bold: within "
      "a factor of 2.\n",
      s.scan.rates.steps() * s.scan.steps.steps(), s.test.steps.steps(), s.searches);
  for (std::size_t c = 0; c < courses.size(); ++c) {
    r += courses[c] == Course::constant
             ? "\n## At a constant rate\n\n"
             : "\n## As the peak of a warmup over a tenth and a cosine to 0\n\n";
    r += "| | | best rate | scan";
    for (std::size_t k = 1; k < suggestions.size(); ++k) r += fmt::format(" | {}", suggestions[k]);
    r += " | loss at the scan's |\n|---|---|---|";
    for (std::size_t k = 0; k < suggestions.size(); ++k) r += "---|";
    r += "---|\n";
    std::vector<std::size_t> within(suggestions.size());
    for (const Row& row : rows) {
      r += fmt::format("| {} | {} | {:.3g}", row.problem, row.rule, row.best[c].rate);
      for (std::size_t k = 0; k < suggestions.size(); ++k) {
        const auto of_best = [&](double rate) { return rate / row.best[c].rate; };
        const double median = of_best(row.median(k));
        const bool good = median >= 0.5 && median <= 2;
        within[k] += good ? 1U : 0U;
        r += fmt::format(" | {0}{1:.2g}{0} ({2:.2g} to {3:.2g})", good ? "**" : "", median,
                         of_best(row.suggested[k].front()), of_best(row.suggested[k].back()));
      }
      r += fmt::format(" | {:.2f} of the best |\n",
                       row.loss_at(c, row.median(0), s) / row.best[c].loss);
    }
    r += "| within a factor of 2 | | ";
    for (const std::size_t count : within) r += fmt::format("| {} of {} ", count, rows.size());
    r += "| |\n";
  }
  r += R"(
## What it says, and what not

- A scan's rate is one for the peak of a schedule that falls. Where the rate stays constant, the
  best one becomes smaller the longer the training is: no short run sees that.
- Where a scan's peak is far from the best, the loss is not: see the last column.
- The scan's 40 rates and 60 steps were chosen among eight such pairs on these very problems;
  others: `tools/range-test --rates 20 --steps 80`.
- What a range test suggests differs by more than a factor of 2 from one beginning to the next. Its
  one run learns while the rate rises, so that the loss falls most where the rate was when the easy
  part was over. The steepest place of a noisy curve is mostly noise.
- The problems are small, and so are their batches.
)";
  return r;
}

}  // namespace range_test
