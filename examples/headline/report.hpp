// The results as Markdown, CSV and pictures.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <gradus/plot/svg.hpp>
#include <string>
#include <vector>

#include "contest.hpp"

namespace headline {

struct Report {
  const digits::Digits& digits;
  const Budget& budget;
  const std::vector<Entry>& entries;

  // The entry with the constant rate with which an entry is compared.
  const Entry& constant(const Entry& entry) const {
    return *std::find_if(entries.begin(), entries.end(), [&](const Entry& e) {
      return e.who->rule == entry.who->against && e.who->how == "constant";
    });
  }
  std::size_t steps_of(std::size_t length) const { return budget.steps * (length + 1) / lengths; }

  // The shortest length after which the mean accuracy is at least the goal; `lengths` if there is
  // none.
  static std::size_t shortest(const Entry& entry, double accuracy) {
    std::size_t i = 0;
    while (i < lengths && mean(entry.accuracy[i]) < accuracy) ++i;
    return i;
  }

  static std::string setting(const tune::Setting& s) {
    std::string r;
    for (const auto& [name, value] : s.values()) {
      r += r.empty() ? "" : ", ";
      r += value.is_text() ? value.text() : fmt::format("{} {:.2g}", name, value.number());
    }
    return r;
  }

  std::string row(const Entry& entry) const {
    const Entry& base = constant(entry);
    const std::vector<double>&last = entry.accuracy.back(), &base_last = base.accuracy.back();
    const double goal = mean(base_last);
    const auto gain = difference(last, base_last);
    const std::size_t own = shortest(entry, goal), other = shortest(base, goal);
    const auto steps = [](std::size_t n) {
      return n == Run::never ? std::string("-") : fmt::format("{}", n);
    };
    std::string s =
        fmt::format("| {} | {} | {} | {:.2f} ± {:.2f} |", entry.who->rule, entry.who->how,
                    setting(entry.best), 100 * mean(last), 100 * standard_error(last));
    s += &entry == &base
             ? " |"
             : fmt::format(" {:+.2f} ± {:.2f} |", 100 * mean(gain), 100 * standard_error(gain));
    s += fmt::format(" {} ({} to {}) |", steps(quantile(entry.steps, 0.5)),
                     steps(quantile(entry.steps, 0.25)), steps(quantile(entry.steps, 0.75)));
    s += own == lengths ? " - |" : fmt::format(" {} |", steps_of(own));
    s += own == lengths || &entry == &base
             ? " |\n"
             : fmt::format(
                   " {:+.0f} % |\n",
                   100 * (static_cast<double>(own + 1) / static_cast<double>(other + 1)) - 100);
    return s;
  }

  // The gain of schedules, and the gain of an average of the weights, over the best constant rate.
  std::string finding() const {
    return finding("schedule", "A schedule") +
           finding("constant, averaged", "An average of the weights at a constant rate");
  }
  std::string finding(const std::string& how, const std::string& what) const {
    std::string gains, cuts;
    for (const Entry& entry : entries) {
      if (entry.who->how != how) continue;
      const Entry& base = constant(entry);
      const double goal = mean(base.accuracy.back());
      const std::size_t own = shortest(entry, goal), other = shortest(base, goal);
      const char* between = gains.empty() ? "" : ", ";
      gains += fmt::format("{}{} {:+.2f}", between, entry.who->rule,
                           100 * mean(difference(entry.accuracy.back(), base.accuracy.back())));
      cuts += own == lengths ? fmt::format("{}{} never", between, entry.who->rule)
                             : fmt::format("{}{} {} of {}", between, entry.who->rule, steps_of(own),
                                           steps_of(other));
    }
    return fmt::format(
        "- **{}**, compared with the best constant rate, changes the final accuracy by these "
        "points: {}.\n  Steps of the shortest training that is as accurate as the constant rate: "
        "{}.\n",
        what, gains, cuts);
  }

  std::string markdown() const {
    std::string s = "# How much schedules improve training on the digits\n\n";
    s += "<!-- Written by tools/headline. -->\n\n";
    s += fmt::format(
        "Does a schedule shorten training or improve accuracy, compared with a constant rate that "
        "is chosen well? This page\ntunes both with the same effort, on a 64-32-10 network "
        "and images of digits: {} for training, {} for tuning, {} for\nthe final test.\n\n",
        digits.train.size(), digits.validation.size(), digits.test.size());
    s += fmt::format(
        "**The effort.** Each row has {} settings, drawn at random: rates over three powers of "
        "ten, or, for a rule that finds its\nrate, a factor over one power of ten. Each setting is "
        "trained {} times for {} steps with batches of {}. The setting with\nthe best mean "
        "validation accuracy at the end is then trained with {} new seeds, and evaluated once on "
        "the test images. The\nsame is done with the setting that reached {:.0f} % in the fewest "
        "steps.\n\n",
        budget.trials, budget.tuning_seeds, budget.steps, batch, budget.seeds, 100 * target);
    s += "<!-- begin: finding -->\n\n" + finding() + "\n<!-- end: finding -->\n\n";
    s += "![Test accuracy by the length of the training](lengths.svg)\n\n";
    s += "The bands here, and the bars in the next picture, reach one standard error to "
         "each side.\n\n";
    s += fmt::format(
        "| Rule | Rate | Chosen | Final accuracy, % | difference to the constant rate | Steps to "
        "{:.0f} "
        "% "
        "(quartiles) | Shortest training as good | |\n|---|---|---|---|---|---|---|---|\n",
        100 * target);
    for (const Entry& entry : entries) s += row(entry);
    s += "\n± is the standard error of the mean over the seeds. For a difference it is computed "
         "seed by seed, because both rows start\nwith the same weights and see the same batches. A "
         "rule without a rate, or without a schedule, is compared with the\nconstant rate of the "
         "rule that it replaces.\n\n*Shortest training as good* is the shortest length, in tenths "
         "of the steps, at which a training is on average as accurate\nas the constant rate after "
         "all steps. Its schedule is made for that length, and everything else is as chosen. For "
         "the\nconstant rate itself it is the first length at which it was as accurate as at its "
         "end. A dash means never.\n\n";
    s += "![Final accuracy](accuracy.svg)\n\n";
    s += "`tools/headline` computes everything again, with the same numbers on every machine.\n";
    return s;
  }

  std::string csv() const {
    std::string s = "rule,how,chosen,steps,seed,test_accuracy\n";
    for (const Entry& e : entries)
      for (std::size_t i = 0; i < lengths; ++i)
        for (std::size_t seed = 0; seed < e.accuracy[i].size(); ++seed)
          s += fmt::format("\"{}\",{},\"{}\",{},{},{}\n", e.who->rule, e.who->how, setting(e.best),
                           steps_of(i), seed + 1, e.accuracy[i][seed]);
    return s;
  }

  // A panel for each rule with a constant rate, with the entries that are compared with it.
  gradus::io::Chart by_length() const {
    gradus::io::Chart chart{
        "Test accuracy by the length of the training, %", {"steps"}, {}, {}, 2, 380, 220};
    chart.x.low = 0;
    chart.y.low = 90;
    chart.y.high = 98;
    for (const Entry& base : entries) {
      if (base.who->how != "constant") continue;
      gradus::io::Panel& panel = chart.panels.emplace_back();
      panel.title = base.who->rule;
      for (const Entry& entry : entries) {
        if (entry.who->rule != base.who->rule) continue;
        gradus::io::Series& series = panel.series.emplace_back();
        series.name = entry.who->how;
        series.strong = entry.who->how == "schedule";
        for (std::size_t i = 0; i < lengths; ++i)
          series.points.push_back({static_cast<double>(steps_of(i)), 100 * mean(entry.accuracy[i]),
                                   100 * standard_error(entry.accuracy[i])});
      }
    }
    return chart;
  }
  gradus::io::Chart accuracy() const {
    gradus::io::Chart chart{"Final test accuracy, %", {}, {}, {{}}, 1, 560, 450};
    std::vector<gradus::io::Series>& all = chart.panels[0].series;
    for (const Entry& entry : entries) {
      std::vector<std::string>& labels = chart.y.labels;
      auto label = std::find(labels.begin(), labels.end(), entry.who->rule);
      if (label == labels.end()) label = labels.insert(label, entry.who->rule);
      auto series = std::find_if(all.begin(), all.end(), [&](const gradus::io::Series& s) {
        return s.name == entry.who->how;
      });
      if (series == all.end()) series = all.insert(all.end(), {entry.who->how, {}, true});
      series->points.push_back({100 * mean(entry.accuracy.back()),
                                static_cast<double>(label - labels.begin()),
                                100 * standard_error(entry.accuracy.back())});
    }
    return chart;
  }
};

}  // namespace headline
