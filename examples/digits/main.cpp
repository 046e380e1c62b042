// Trains a small network on handwritten digits with every schedule and several rules, and shows
// the results. tools/demo runs it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "../support/program.hpp"
#include "data.hpp"
#include "report.hpp"
#include "search.hpp"

namespace {

struct Options {
  digits::Comparison what{};
  std::vector<std::string> schedules{"all"}, rules{"SGD", "Momentum", "RMSprop", "Adam"};
  std::string data = GRADUS_DIGITS, out = "demo-results";
  std::size_t rows = digits::rows, threads = std::max(1U, std::thread::hardware_concurrency());
};

template <class Named>
std::vector<std::string> names(const std::vector<Named>& all) {
  std::vector<std::string> r{"all"};
  for (const Named& one : all) r.emplace_back(digits::name_of(one));
  return r;
}

// The places in the list of those that were asked for, in the list's order.
template <class Named>
std::vector<std::size_t> places(const std::vector<std::string>& asked,
                                const std::vector<Named>& all) {
  const auto has = [&](std::string_view name) {
    return std::find(asked.begin(), asked.end(), name) != asked.end();
  };
  std::vector<std::size_t> r;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (has("all") || has(digits::name_of(all[i]))) r.push_back(i);
  return r;
}

std::string rate_fault(const std::string& text) {
  double rate = 0;
  const bool number = CLI::detail::lexical_cast(text, rate);
  if (number && rate >= 1e-9 && rate <= 1e30) return "";
  return fmt::format("must be from 1e-9 to 1e30 (got {})", digits::shown(text));
}

std::string decimal_fault(const std::string& text) {
  if (text.size() < 2 || text[0] != '0') return "";
  return fmt::format("must be without leading zeros (got {})", digits::shown(text));
}

void declare(CLI::App& app, Options& o) {
  using CLI::Range;
  const auto one_of = [](const auto& all) { return CLI::IsMember(names(all), CLI::ignore_case); };
  const CLI::Validator decimal(decimal_fault, "");  // 010 would be 8
  app.option_defaults()->always_capture_default();
  app.add_option("--schedule", o.schedules, "schedules to compare with a constant rate")
      ->transform(one_of(digits::schedules()));
  app.add_option("--rule", o.rules, "rules to train with")->transform(one_of(digits::rules()));
  app.add_option("--rate", o.what.rate, "peak rate of every schedule [default: the best of five]")
      ->default_str("")
      ->check(CLI::Validator(rate_fault, "from 1e-9 to 1e30"));
  app.add_option("--steps", o.what.training.steps, "updates in a training")
      ->check(Range(10, 100'000) & decimal);
  app.add_option("--batch", o.what.training.batch, "images in a step")
      ->check(Range(1, 50) & decimal);
  app.add_option("--seed", o.what.seed, "seed of the first training with each schedule and rule")
      ->check(Range(std::int64_t{0}, std::int64_t{1} << 62) & decimal);
  app.add_option("--repeat", o.what.repeats, "trainings of each, with consecutive seeds")
      ->check(Range(1, 100) & decimal);
  app.add_option("--threads", o.threads,
                 "trainings at the same time; the results do not depend on it")
      ->check(Range(1, 256) & decimal);
  app.add_option("--data", o.data,
                 "file of images: 64 numbers from 0 to 16 and the digit, one image per line");
  app.add_option("--rows", o.rows, "lines in that file")->check(Range(100, 1'000'000) & decimal);
  app.add_option("--out", o.out, "folder for pictures, tables and curves");
}

void settle(Options& o) {
  o.what.schedules = places(o.schedules, digits::schedules());
  if (o.what.schedules.front() != 0) o.what.schedules.insert(o.what.schedules.begin(), 0);
  if (o.out.empty()) throw digits::Error("--out: must name a folder");
  o.what.rules = places(o.rules, digits::rules());
}

void demo(const Options& o) {
  const digits::Digits digits(digits::read(o.data, o.rows));
  support::Files::try_folder(o.out);
  std::vector<digits::Trial> trials = digits::trials(o.what);
  fmt::print("{} digits: {} for training, {} for choosing the rate, {} for the test.\n", o.rows,
             digits.train.size(), digits.validation.size(), digits.test.size());
  fmt::print("{} trainings of {} steps.\n\n", trials.size(), o.what.training.steps);
  std::fflush(stdout);
  digits::run(trials, digits, o.what.training, o.threads);

  const digits::Report report{o.what, trials};
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
  support::flush_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Trains a small network on handwritten digits with schedules and rules of gradus.\n"
      "The numbers are the same in every run and on every machine.",
      "tools/demo");
  Options options;
  declare(app, options);
  return support::run(app, argc, argv, [&] {
    settle(options);
    demo(options);
    return 0;
  });
}
