// The best constant rate, the best schedule, and rules that need no rate, tuned with the same
// effort. tools/headline runs it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "../support/program.hpp"
#include "report.hpp"

namespace {

struct Options {
  headline::Budget budget{};
  std::vector<std::string> rules{};
  std::string data = GRADUS_DIGITS, out = "headline-results";
};

void declare(CLI::App& app, Options& o, const std::vector<headline::Contestant>& all) {
  using CLI::Range;
  std::vector<std::string> names;
  for (const headline::Contestant& who : all) names.push_back(who.rule);
  app.option_defaults()->always_capture_default();
  app.add_option("--rule", o.rules, "rules to compare [default: all]")
      ->default_str("")
      ->check(CLI::IsMember(names));
  app.add_option("--trials", o.budget.trials, "settings to try for each row")
      ->check(Range(1, 10'000));
  app.add_option("--tuning-seeds", o.budget.tuning_seeds, "trainings of each setting")
      ->check(Range(1, 100));
  app.add_option("--seeds", o.budget.seeds, "final trainings of the chosen setting")
      ->check(Range(2, 1000));
  app.add_option("--steps", o.budget.steps, "updates in a training")->check(Range(100, 100'000));
  app.add_option("--threads", o.budget.threads,
                 "trainings at the same time; the results do not depend on it")
      ->check(Range(1, 256));
  app.add_option("--data", o.data,
                 "file of images: 64 numbers from 0 to 16 and the digit, one image per line");
  app.add_option("--out", o.out, "folder for the page, the pictures and the table");
}

// The rows that the user wants, and the constant rates with which they are compared.
std::vector<headline::Contestant> chosen(const Options& o, std::vector<headline::Contestant> all) {
  if (o.rules.empty()) return all;
  const auto asked = [&](const std::string& rule) {
    return std::find(o.rules.begin(), o.rules.end(), rule) != o.rules.end();
  };
  std::vector<std::string> bases;
  for (const headline::Contestant& who : all)
    if (asked(who.rule)) bases.push_back(who.against);
  std::erase_if(all, [&](const headline::Contestant& who) {
    const bool base =
        who.how == "constant" && std::find(bases.begin(), bases.end(), who.rule) != bases.end();
    return !asked(who.rule) && !base;
  });
  return all;
}

void run(const Options& o, const std::vector<headline::Contestant>& contestants) {
  const digits::Digits digits(digits::read(o.data));
  support::Files::try_folder(o.out);
  const std::vector<headline::Entry> entries = headline::contest(contestants, digits, o.budget);
  const headline::Report report{digits, o.budget, entries};
  support::Files files;
  const auto add = [&](const char* name, const std::string& text) {
    files.add(std::filesystem::path(o.out) / name, text);
  };
  add("README.md", report.markdown());
  add("runs.csv", report.csv());
  add("lengths.svg", gradus::io::svg(report.by_length()));
  add("accuracy.svg", gradus::io::svg(report.accuracy()));
  files.commit();
  fmt::print("{}\nWritten to {}: README.md, lengths.svg, accuracy.svg, runs.csv\n",
             report.finding(), o.out);
  support::flush_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Tunes constant rates, schedules and rules that need no rate with the same effort, on\n"
      "handwritten digits, and compares the results. The numbers are the same on every machine.",
      "tools/headline");
  Options options;
  options.budget.threads = std::max(1U, std::thread::hardware_concurrency());
  const std::vector<headline::Contestant> all = headline::contestants();
  declare(app, options, all);
  return support::run(app, argc, argv, [&] {
    if (options.out.empty()) throw digits::Error("--out: must name a folder");
    run(options, chosen(options, all));
    return 0;
  });
}
