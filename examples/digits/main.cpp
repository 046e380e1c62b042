// Trains a small network on handwritten digits with every schedule and several rules, and shows
// the results. tools/demo runs it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "../support/program.hpp"
#include "data.hpp"
#include "run.hpp"

namespace {

using digits::Options;

// The places in the list of those that were asked for, in the list's order.
std::vector<std::size_t> places(const std::vector<std::string>& asked,
                                const std::vector<std::string>& all) {
  const auto has = [&](const std::string& name) {
    return std::find(asked.begin(), asked.end(), name) != asked.end();
  };
  std::vector<std::size_t> r;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (has("all") || has(all[i])) r.push_back(i);
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
  const auto one_of = [](std::vector<std::string> names) {
    names.insert(names.begin(), "all");
    return CLI::IsMember(names, CLI::ignore_case);
  };
  const CLI::Validator decimal(decimal_fault, "");  // 010 would be 8
  app.option_defaults()->always_capture_default();
  app.add_option("--schedule", o.schedules, "schedules to compare with a constant rate")
      ->transform(one_of(digits::schedule_names()));
  app.add_option("--rule", o.rules, "rules to train with")->transform(one_of(digits::rule_names()));
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
  o.what.schedules = places(o.schedules, digits::schedule_names());
  if (o.what.schedules.front() != 0) o.what.schedules.insert(o.what.schedules.begin(), 0);
  if (o.out.empty()) throw digits::Error("--out: must name a folder");
  o.what.rules = places(o.rules, digits::rule_names());
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
    digits::demo(options);
    support::flush_output();
    return 0;
  });
}
