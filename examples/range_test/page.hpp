// Writes the page docs/range-test.md.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "table.hpp"

namespace range_test {

inline std::string page(const std::vector<Row>& rows, const Settings& s) {
  std::string r =
      "# How good are the suggested rates?\n\n<!-- Written by tools/range-test. Do not edit. "
      "-->\n\n";
  r += fmt::format(
      "This page compares `RateScan` and `RangeTest` ([what they "
      "do](guide/picking-a-rate.md#what-if-whole-trainings-take-too-long)) "
      "with a grid of {} rates from\n{:.2g} to {:.2g}, each a factor of {:.2f} from the next. The "
      "grid runs trainings of {} steps in batches of {}; its result is\nthe mean loss of {} "
      "trainings on unseen data. The page is the same, byte for byte, on every machine and "
      "compiler.\n\n",
      s.rates, s.first, s.first * std::pow(s.ratio, static_cast<double>(s.rates - 1)), s.ratio,
      s.steps, batch, s.seeds);
  r += fmt::format(
      "- *digits*: the network of [the demo](demo/table.md).\n"
      "- *regression*: linear, {} features whose sizes fall from 1 to 0.1, noise on the target.\n"
      "- *network*: {} inputs, {} hidden units (ReLU), one output; it learns 2ab + c^2 - d with "
      "noise.\n\n",
      Regression::n, Student::inputs, Student::hidden);
  r += fmt::format(
      "The searches have their default settings: a scan makes at most {} steps, a range test {}. "
      "Each was repeated {} times,\nfrom other start points and with other batches. The tables "
      "show the median suggestion as a multiple of the best rate of\nthe grid, and in brackets "
      "the lowest and the highest. Values within a factor of 2 are in bold.\n",
      s.scan.rates.steps() * s.scan.steps.steps(), s.test.steps.steps(), s.searches);
  for (std::size_t c = 0; c < courses.size(); ++c) {
    r += courses[c] == Course::constant
             ? "\n## At a constant rate\n\n"
             : "\n## As the peak of a warmup over a tenth and a cosine to 0\n\n";
    r += "| | | best rate | scan";
    for (std::size_t k = 1; k < suggestions.size(); ++k) r += fmt::format(" | {}", suggestions[k]);
    r += " | loss at the rate of the scan |\n|---|---|---|";
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
## What the tables show, and what they do not show

- The rate of a scan is meant for the peak of a schedule that falls. If the rate stays constant,
  the best rate gets smaller as the training gets longer, which no short run can show.
- Where the peak from a scan is far from the best rate, its loss is still close to the best loss:
  see the last column.
- The 40 rates and 60 steps of a scan were chosen from eight such pairs on these same problems. To
  try others: `tools/range-test --rates 20 --steps 80`.
- The suggestions of a range test differ by more than a factor of 2 between start points. Its only
  run learns while the rate rises, so that the loss falls most at the rate at which the easy part
  of the learning ends. The steepest place of a noisy curve is mostly noise.
- The problems are small, and so are their batches.
)";
  return r;
}

}  // namespace range_test
