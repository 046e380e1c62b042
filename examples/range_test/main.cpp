// Compares the rates that a scan and range tests suggest with the best of a fine grid, and writes
// the results as a page. tools/range-test runs it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>

#include "../support/program.hpp"
#include "page.hpp"
#include "table.hpp"

namespace {

struct Options {
  std::string data = GRADUS_DIGITS, out{};
  std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  std::uint64_t rates = range_test::Settings{}.scan.rates.steps();
  std::uint64_t steps = range_test::Settings{}.scan.steps.steps();
  bool quick = false;
};

int run(const Options& o) {
  range_test::Settings settings;
  settings.scan.rates = o.rates, settings.scan.steps = o.steps;
  if (o.quick) settings.steps = 30, settings.seeds = settings.searches = 1, settings.rates = 4;
  const digits::Digits images(digits::read(o.data));
  const std::string page =
      range_test::page(range_test::rows(images, settings, o.threads), settings);
  support::show_page(page, o.out);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Compares the rates that gradus::RateScan and gradus::RangeTest suggest with the best of a "
      "fine\ngrid, on handwritten digits and two synthetic problems. The page is the same in every "
      "run and on every machine.",
      "tools/range-test");
  Options o;
  app.option_defaults()->always_capture_default();
  app.add_flag("--quick", o.quick, "use few rates and steps, to check that it runs");
  app.add_option("--threads", o.threads,
                 "problems at the same time; the results do not depend on it")
      ->check(CLI::Range(1, 256));
  app.add_option("--rates", o.rates, "number of rates in a scan")->check(CLI::Range(2, 1000));
  app.add_option("--steps", o.steps, "steps at each rate of a scan")->check(CLI::Range(1, 10000));
  app.add_option("--data", o.data,
                 "file of images: 64 numbers from 0 to 16 and the digit, one image per line");
  app.add_option("--out", o.out, "the page to write [default: standard output]");
  return support::run(app, argc, argv, [&] { return run(o); });
}
