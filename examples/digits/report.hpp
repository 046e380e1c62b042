// The results as text, Markdown, CSV and pictures.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <gradus/plot/svg.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "search.hpp"

namespace digits {

struct Report {
  const Comparison& what;
  const std::vector<Trial>& trials;
  std::vector<Row> rows{rows_of(trials, what.repeats)};
  std::vector<NamedSchedule> schedules{digits::schedules()};
  std::vector<NamedRule> rules{digits::rules()};

  const Row& at(std::size_t rule, std::size_t schedule) const {
    return *std::find_if(rows.begin(), rows.end(),
                         [&](const Row& r) { return r.rule == rule && r.schedule == schedule; });
  }
  const Row& constant(std::size_t rule) const { return at(rule, 0); }

  // A value, and its difference to the value of the best constant rate.
  struct Cell {
    std::string value, change{}, peak{};
  };
  Cell steps(const Row& row) const {
    const std::size_t own = row.fastest.steps, base = constant(row.rule).fastest.steps;
    if (own == Trial::never) return {"-"};
    Cell cell{fmt::format("{}", own), "", fmt::format("{:.4g}", row.fastest.peak)};
    if (row.schedule != 0 && base != Trial::never)
      cell.change = fmt::format("{:+.0f} %",
                                100 * (static_cast<double>(own) / static_cast<double>(base) - 1));
    return cell;
  }
  Cell accuracy(const Row& row) const {
    const double own = row.best.accuracy, base = constant(row.rule).best.accuracy;
    Cell cell{fmt::format("{:.1f} %", 100 * own), "", fmt::format("{:.4g}", row.best.peak)};
    if (row.schedule != 0) cell.change = fmt::format("{:+.1f}", 100 * (own - base));
    return cell;
  }

  // Explains the numbers.
  std::string caption() const {
    double variance = 0;
    for (const Row& row : rows) variance += row.best.variance / static_cast<double>(rows.size());
    const std::string several = fmt::format(
        ". The steps are the median of {} trainings (-: most did not reach 95 %);\nthe "
        "accuracies are their mean, with a standard error of {:.1f} for a difference",
        what.repeats, 100 * std::sqrt(2 * variance / static_cast<double>(what.repeats)));
    return fmt::format(
        "{} steps with batches of {}{}.\n{} chosen on separate images, separately for the "
        "steps and for the accuracy. A value\nwith a sign is the difference to the best constant "
        "rate.",
        what.training.steps, what.training.batch, what.repeats == 1 ? ", one training" : several,
        what.rate ? "The constant rate was" : "Each peak rate was");
  }

  std::string text() const {
    std::string s;
    for (const std::size_t rule : what.rules) {
      s += fmt::format("{:<14}{:>13}{:>8}{:>10}{:>18}{:>6}{:>10}\n", name_of(rules[rule]),
                       "steps to 95 %", "", "peak rate", "final accuracy", "", "peak rate");
      for (const std::size_t schedule : what.schedules) {
        const Row& row = at(rule, schedule);
        const Cell number = steps(row), share = accuracy(row);
        s += fmt::format("  {:<12}{:>13}{:>8}{:>10}{:>18}{:>6}{:>10}\n", schedules[schedule].name,
                         number.value, number.change, number.peak, share.value, share.change,
                         share.peak);
      }
      s += '\n';
    }
    return s;
  }

  // A table with a row for each schedule and a column for each rule.
  template <class F>
  std::string matrix(const F& cell) const {
    std::string head = "| |", line = "|---|", body;
    for (const std::size_t rule : what.rules) {
      head += fmt::format(" {} |", name_of(rules[rule]));
      line += "---|";
    }
    for (const std::size_t schedule : what.schedules) {
      body += fmt::format("| {} |", schedules[schedule].name);
      for (const std::size_t rule : what.rules) {
        const Cell c = cell(at(rule, schedule));
        body += c.change.empty() ? fmt::format(" {} |", c.value)
                                 : fmt::format(" {} ({}) |", c.value, c.change);
      }
      body += '\n';
    }
    return head + '\n' + line + '\n' + body;
  }
  std::string markdown() const {
    std::string s = "# Schedules and rules on the digits\n\n<!-- Written by tools/demo. -->\n\n";
    s += "![Final test accuracy](overview.svg)\n\n";
    if (what.repeats > 1) s += "A bar reaches one standard error of the mean to each side.\n\n";
    s += "<!-- begin: table -->\n\n";
    s += "Steps to 95 % test accuracy:\n\n";
    s += matrix([&](const Row& row) { return steps(row); });
    s += "\nFinal test accuracy:\n\n";
    s += matrix([&](const Row& row) { return accuracy(row); });
    s += '\n' + caption() + "\n\n<!-- end: table -->\n\n## The schedules\n\n";
    s += fmt::format("n = {}; the peak rate is in [the table](table.csv).\n\n```cpp\n",
                     what.training.steps);
    for (const std::size_t schedule : what.schedules)
      s += fmt::format("{:<12} {}\n", schedules[schedule].name, schedules[schedule].code);
    s += "```\n\n";
    for (const std::string_view name : {"steps", "rates", "loss", "accuracy"})
      s += fmt::format("![{0}]({0}.svg)\n\n", name);
    s.pop_back();
    return s;
  }

  std::string table_csv() const {
    std::string s =
        "rule,schedule,steps_to_95,steps_to_95_at_peak_rate,final_accuracy,"
        "final_accuracy_at_peak_rate\n";
    for (const Row& r : rows)
      s += fmt::format("{},{},{},{},{},{}\n", name_of(rules[r.rule]), schedules[r.schedule].name,
                       r.fastest.steps == Trial::never ? "" : fmt::format("{}", r.fastest.steps),
                       r.fastest.steps == Trial::never ? "" : fmt::format("{}", r.fastest.peak),
                       r.best.accuracy, r.best.peak);
    return s;
  }
  std::string curves_csv() const {
    std::string s = "rule,schedule,peak_rate,seed,step,rate,loss,test_accuracy\n";
    for (const Trial& t : trials)
      for (const Sample& p : t.samples)
        s += fmt::format("{},{},{},{},{},{},{},{}\n", name_of(rules[t.rule]),
                         schedules[t.schedule].name, t.peak, t.seed, p.step, p.rate,
                         std::isnan(p.loss) ? "nan" : fmt::format("{}", p.loss), p.accuracy);
    return s;
  }

  // A panel for each schedule, with one curve for each rule, smoothed as a mean of five samples.
  gradus::io::Chart curves(const std::string& title, double Sample::* value,
                           double unit = 1) const {
    gradus::io::Chart chart{title, {"step"}, {}, {}, 3, 240, 160};
    chart.x.low = 0;
    chart.x.high = static_cast<double>(what.training.steps);
    for (const std::size_t schedule : what.schedules) {
      gradus::io::Panel& panel = chart.panels.emplace_back();
      panel.title = schedules[schedule].name;
      for (const std::size_t rule : what.rules) {
        gradus::io::Series& series = panel.series.emplace_back();
        series.name = name_of(rules[rule]);
        const std::vector<Sample>& curve = at(rule, schedule).best.curve;
        for (std::size_t i = 2; i + 2 < curve.size(); ++i) {
          double sum = 0;
          for (std::size_t k = i - 2; k <= i + 2; ++k) sum += curve[k].*value;
          series.points.push_back({static_cast<double>(curve[i].step), sum / 5 / unit});
        }
      }
    }
    return chart;
  }
  gradus::io::Chart loss() const {
    gradus::io::Chart chart = curves("Training loss", &Sample::loss);
    chart.y.logarithmic = true;
    return chart;
  }
  gradus::io::Chart accuracy() const {
    gradus::io::Chart chart = curves("Test accuracy, %", &Sample::accuracy, 0.01);
    chart.y.low = 90;
    chart.y.high = 98;
    return chart;
  }
  gradus::io::Chart rates() const {
    gradus::io::Chart chart{
        "The rate over a training, as a fraction of its peak", {"step"}, {}, {}, 3, 240, 120};
    chart.x.high = static_cast<double>(what.training.steps);
    for (const std::size_t schedule : what.schedules) {
      gradus::io::Panel& panel = chart.panels.emplace_back();
      panel.title = schedules[schedule].name;
      gradus::io::Series& series = panel.series.emplace_back();
      series.area = true;
      const Rate rate = schedules[schedule].make(1, what.training.steps);
      // Most points on straight lines are left out; a jump has both of its points.
      const std::size_t last = what.training.steps - 1;
      const auto bend = [&](std::size_t t) {
        return std::fabs(rate(t - 1) - 2 * rate(t) + rate(t + 1)) > 1e-3;
      };
      for (std::size_t t = 0; t <= last; ++t)
        if (t % 8 == 0 || t == last || bend(t))
          series.points.push_back({static_cast<double>(t), rate(t)});
    }
    return chart;
  }

  // A line for each schedule, a dot on it for each rule.
  template <class F>
  gradus::io::Chart dots(const std::string& title, const F& value) const {
    gradus::io::Chart chart{title, {}, {}, {{}}, 1, 560, 400};
    for (const std::size_t schedule : what.schedules)
      chart.y.labels.push_back(schedules[schedule].name);
    for (const std::size_t rule : what.rules) {
      gradus::io::Series& series = chart.panels[0].series.emplace_back();
      series.name = name_of(rules[rule]);
      series.dots = true;
      for (std::size_t i = 0; i < what.schedules.size(); ++i) {
        series.points.push_back(value(at(rule, what.schedules[i])));
        series.points.back().y = static_cast<double>(i);
      }
    }
    return chart;
  }
  gradus::io::Chart overview() const {
    return dots("Final test accuracy, %", [&](const Row& r) {
      return gradus::io::ChartPoint{
          100 * r.best.accuracy, 0,
          100 * std::sqrt(r.best.variance / static_cast<double>(what.repeats))};
    });
  }
  gradus::io::Chart first_steps() const {
    return dots("Steps to 95 % test accuracy", [](const Row& r) {  // NaN: not shown
      const std::size_t steps = r.fastest.steps;
      return gradus::io::ChartPoint{steps == Trial::never ? std::nan("")
                                                          : static_cast<double>(steps)};
    });
  }
};

}  // namespace digits
