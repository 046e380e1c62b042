// Writes the page docs/convergence.md.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "table.hpp"

namespace convergence {

// The table, with or without the rates of the results.
inline std::string table(const std::vector<Method>& methods, const std::vector<Row>& rows,
                         bool with_rates) {
  std::string r =
      "| rule | quadratic | with noise | Rosenbrock | digits, % |\n|---|---|---|---|---|\n";
  const auto cell = [&](const Result& result, const char* form, double factor = 1) {
    if (!result) return std::string("-");
    const std::string value = fmt::format(fmt::runtime(form), factor * result->value);
    return with_rates ? value + fmt::format(" ({:g})", result->rate) : value;
  };
  for (std::size_t i = 0; i < rows.size(); ++i)
    r += fmt::format("| {} | {} | {} | {} | {} |\n", methods[i].name,
                     cell(rows[i].quadratic, "{:.0f}"), cell(rows[i].noisy, "{:.1e}"),
                     cell(rows[i].rosenbrock, "{:.0f}"), cell(rows[i].digits, "{:.1f}", 100));
  return r;
}

inline std::string page(const std::vector<Method>& methods, const std::vector<Row>& rows,
                        const std::vector<Method>& rate_free, const std::vector<Row>& free,
                        const Settings& s) {
  std::string r =
      "# How every rule converges\n\n<!-- Written by tools/convergence. Do not edit. -->\n\n";
  r += fmt::format(
      "This page runs every rule of the catalogue on the same problems, each at the best of {} "
      "rates: 1, 2 and\n5 times powers of ten, from {:g} to {:g}. The rate is in brackets. All "
      "other hyper-parameters have\ntheir defaults. The page is the same, byte for byte, on every "
      "machine and compiler.\n\n"
      "The rules that see matrices are not in the table, because three of its problems have no "
      "matrix. [Muon in\nfigures](muon.md#learning) has AdamW, Muon, NorMuon and AdaMuon on the "
      "digits and in a transformer, at\nequal steps and in equal time.\n\n",
      rates.size(), rates.front(), rates.back());
  r += fmt::format(
      "- *quadratic*: the number of steps at a constant rate until the value is {:g} of the start "
      "value; a dash means more\n  than {}. {} dimensions, eigenvalues from {:g} to 1 in equal "
      "ratios, axes rotated at random, exact gradients.\n",
      s.part, s.most, Quadratic::n, 1 / Quadratic::condition);
  r += fmt::format(
      "- *with noise*: the same quadratic, {} steps on a cosine from the rate to 0, with uniform "
      "noise from -1 to 1 on every\n  element of the gradient. The column shows the last value as "
      "a fraction of the first, the mean of {} trainings.\n",
      s.noisy, s.seeds);
  r += fmt::format(
      "- *Rosenbrock*: the number of steps at a constant rate from (-1.2, 1) to a value of {:g}; "
      "a dash means more than {}.\n",
      s.floor, s.most_rosenbrock);
  r += fmt::format(
      "- *digits*: the test accuracy of the network of [the demo](demo/table.md) after {} steps "
      "with batches of 8, on a\n  warmup over a tenth of them and a cosine to 0, the mean of {} "
      "trainings. The rate is the best on separate images.\n\n",
      s.digits, s.seeds);
  r += table(methods, rows, true);
  r += R"(
## Without a rate

These rules find their rate. They run on the same problems without a search, at a rate of 1: a
constant 1 for the first and the third problem, a fall from 1 for the others.

)";
  r += table(rate_free, free, false);
  r += R"(
## What the table shows, and what it does not show

The table shows that every rule works, and the order of magnitude of its rate: a rule that did not
decrease the quadratic would fail a test. It is not a ranking.

- Only the rate is searched; all other hyper-parameters have their defaults. With a momentum or
  betas tuned for each problem the order would be different.
- Exact gradients at a constant rate favour rules with momentum. They do not favour rules that step
  by the sign: such a rule comes no nearer than its rate, so that it needs a small rate from the
  start.
- A rate on the grid may be lucky, and so may the first step below a target: neighbouring rates
  differ by factors of 2 and 2.5.
- Rosenbrock's valley has two dimensions. A norm of a span, a mask or a clip has another effect
  there than in a network.
- The digits have 400 test images; [the demo](demo/table.md) shows how much trainings vary. A
  smaller difference means nothing.
- For an average (`Ema`, `SWA`, and the x of the schedule-free rules) the result is that of the
  average, which lags behind where there is no noise.
- The schedule-free rules have the same schedules as all other rules, not those that they are
  designed for.
- A rule that finds its rate needs steps to find it: it starts at 1e-6 of the distance, and has 600
  or 1000 steps.
- `Rprop` is designed for whole batches, so neither for noise nor for the digits.
- `FTRL` is designed for linear models that start at 0. Where gradients are small it keeps hardly
  anything of the start values, so that the random weights of a network are lost.
)";
  return r;
}

}  // namespace convergence
