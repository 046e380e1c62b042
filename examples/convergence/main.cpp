// Trains with every rule on a quadratic, on Rosenbrock's valley and on the digits, and writes the
// results as a page. tools/convergence runs it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <thread>

#include "../support/program.hpp"
#include "page.hpp"
#include "table.hpp"

namespace {

struct Options {
  std::string data = GRADUS_DIGITS, out{};
  std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
  bool quick = false;
};

// A rule that does not reach the quick target on the quadratic has a defect.
int verdict(const std::vector<convergence::Method>& methods,
            const std::vector<convergence::Row>& rows) {
  int failures = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!rows[i].quadratic) {
      fmt::print(stderr, "{}: does not reach the target on the quadratic\n", methods[i].name);
      ++failures;
    }
  return failures == 0 ? 0 : 1;
}

int run(const Options& o) {
  convergence::Settings settings;
  const auto methods = convergence::methods(), rate_free = convergence::rate_free();
  const auto searched = [&](const digits::Digits* images) {
    return convergence::rows(methods, convergence::rates, images, settings, o.threads);
  };
  const auto found = [&](const digits::Digits* images) {
    return convergence::rows(rate_free, convergence::rate_of_one, images, settings, o.threads);
  };
  if (o.quick) {
    settings = {.part = 1e-4, .most = 2'000, .fewest = false};
    const int failures = verdict(methods, searched(nullptr));
    settings.part = 1e-3;  // these rules must first find their rate, and may be cautious
    return failures + verdict(rate_free, found(nullptr));
  }
  const digits::Digits digits(digits::read(o.data));
  const std::string page =
      convergence::page(methods, searched(&digits), rate_free, found(&digits), settings);
  support::show_page(page, o.out);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(
      "Trains with every rule of gradus, each at its best rate, on a quadratic, on Rosenbrock's\n"
      "valley and on handwritten digits. The page is the same in every run and on every machine.",
      "tools/convergence");
  Options o;
  app.option_defaults()->always_capture_default();
  app.add_flag("--quick", o.quick,
               "check only that every rule reaches the target on the quadratic");
  app.add_option("--threads", o.threads, "rules at the same time; the results do not depend on it")
      ->check(CLI::Range(1, 256));
  app.add_option("--data", o.data,
                 "file of images: 64 numbers from 0 to 16 and the digit, one image per line");
  app.add_option("--out", o.out, "the page to write [default: standard output]");
  return support::run(app, argc, argv, [&] { return run(o); });
}
