// The page.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <vector>

#include "table.hpp"

namespace convergence {

// The table; with or without the rates that the results are at.
inline std::string table(const std::vector<Method>& methods, const std::vector<Row>& rows,
                         bool with_rates) {
  std::string r =
      "| rule | quadratic | with noise, left | Rosenbrock | digits, % |\n|---|---|---|---|---|\n";
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
      "Every rule of the catalogue on the same problems, each at the best of {} rates for it: 1, 2 "
      "and 5 times\npowers of ten, from {:g} to {:g}. The rate is in brackets. All else is as the "
      "rule has it by default.\nThe same bytes on every machine and compiler.\n\n",
      rates.size(), rates.front(), rates.back());
  r += fmt::format(
      "- *quadratic*: steps at a constant rate until the value is {:g} of what it was at first; -: "
      "more than {}.\n  {} dimensions, eigenvalues from {:g} to 1 in equal ratios, axes turned at "
      "random, exact gradients.\n",
      s.part, s.most, Quadratic::n, 1 / Quadratic::condition);
  r += fmt::format(
      "- *with noise*: the same quadratic, {} steps on a cosine from the rate to 0, uniform noise "
      "from -1 to 1 on every\n  element of the gradient: what is left of the first value, the mean "
      "of {} trainings.\n",
      s.noisy, s.seeds);
  r += fmt::format(
      "- *Rosenbrock*: steps at a constant rate from (-1.2, 1) to a value of {:g}; -: more than "
      "{}.\n",
      s.floor, s.most_rosenbrock);
  r += fmt::format(
      "- *digits*: test accuracy of the network of [the demo](demo/table.md) after {} steps with "
      "batches of 8, a warmup\n  over a tenth of them and a cosine to 0, the mean of {} trainings. "
      "The rate is the best on separate images.\n\n",
      s.digits, s.seeds);
  r += table(methods, rows, true);
  r += R"(
## Without a rate

The rules that find it, on the same problems, at a rate of 1 where the others were searched for
theirs: a constant 1 for the first and the third, a fall from 1 for the others.

)";
  r += table(rate_free, free, false);
  r += R"(
## What it says, and what not

That every rule works, and at which order of the rate: a rule that did not come down on the
quadratic would fail a test. It is no ranking.

- One hyper-parameter is searched, the others are defaults: with a momentum or betas of their own
  for each problem the order is another.
- Exact gradients at a constant rate favour what may use momentum, and not what steps by the sign,
  which comes no nearer than its rate and so needs a small one from the start.
- A rate on the grid may be lucky, and so may the first step below a target: neighbours differ by
  factors of 2 and 2.5.
- Rosenbrock's valley has two dimensions. A norm of a span, a mask or a clip says something else
  there than in a network.
- The digits are 400 test images; [the demo](demo/table.md) says how far trainings scatter. Less
  than that is no difference.
- With an average (`Ema`, `SWA`, and the x of the schedule-free rules) the average is judged, which
  trails behind where nothing is noisy.
- The schedule-free rules are here on the schedules of all the others, and not on those they are
  made for.
- What finds its rate needs steps to find it: from 1e-6 of the way on, in 600 or 1000 steps.
- `Rprop` is made for whole batches, and so not for noise, nor for the digits.
- `FTRL` is made for linear models that start at 0: where gradients are small it leaves hardly
  anything of the parameters that it is given, and a network's random weights are gone.
)";
  return r;
}

}  // namespace convergence
