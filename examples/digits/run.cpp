// Trains with every schedule and rule that is asked for, and writes the results.
#include "run.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "../support/files.hpp"
#include "report.hpp"
#include "search.hpp"

namespace {

template <class Named>
std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> r;
  for (const Named& one : all) r.emplace_back(digits::name_of(one));
  return r;
}

}  // namespace

std::vector<std::string> digits::schedule_names() { return names_of(schedules()); }
std::vector<std::string> digits::rule_names() { return names_of(rules()); }

void digits::demo(const Options& o) {
  const Digits digits(read(o.data, o.rows));
  support::Files::try_folder(o.out);
  std::vector<Trial> trials = digits::trials(o.what);
  fmt::print("{} digits: {} for training, {} for choosing the rate, {} for the test.\n", o.rows,
             digits.train.size(), digits.validation.size(), digits.test.size());
  fmt::print("{} trainings of {} steps.\n\n", trials.size(), o.what.training.steps);
  std::fflush(stdout);
  run(trials, digits, o.what.training, o.threads);

  const Report report{o.what, trials};
  support::Files files;
  const auto add = [&](const char* name, const std::string& text) {
    files.add(std::filesystem::path(o.out) / name, text);
  };
  add("overview.svg", gradus::io::svg(report.overview()));
  add("steps.svg", gradus::io::svg(report.first_steps()));
  add("rates.svg", gradus::io::svg(report.rates()));
  add("loss.svg", gradus::io::svg(report.loss()));
  add("accuracy.svg", gradus::io::svg(report.accuracy()));
  add("table.md", report.markdown());
  add("table.csv", report.table_csv());
  add("curves.csv", report.curves_csv());
  files.commit();
  fmt::print("{}{}\n\nWritten to {}:\n", report.text(), report.caption(), o.out);
  fmt::print("  overview.svg, steps.svg, rates.svg, loss.svg, accuracy.svg\n");
  fmt::print("  table.md, table.csv   the table\n");
  fmt::print("  curves.csv            every training, point by point\n");
}
