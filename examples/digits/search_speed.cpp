// Measures how much time a search saves over training one by one, with threads and with successive
// halving. tools/search-speed runs it.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gradus/gradus.hpp>
#include <gradus/tune/search.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "../support/program.hpp"
#include "parallel.hpp"
#include "trial.hpp"

namespace {

namespace tune = gradus::tune;

const tune::Space space{{"rate", tune::log_range(1e-4, 1, 13)},
                        {"decay", tune::log_range(1e-3, 0.1, 2)},
                        {"beta2", tune::choice(0.9, 0.99, 0.999)}};
constexpr gradus::step_t whole = 900;
const tune::Grid grid{.steps = whole};
const tune::detail::Candidates all(space, grid);

// Trainings of the network with this seed.
class Task {
 public:
  Task(const digits::Digits& digits, std::uint64_t seed)
      : digits_(digits),
        seed_(seed),
        others_(digits.validation, digits.validation.size(), 1),
        validation_(others_.next()) {}

  auto operator()(const tune::Setting& s) const {
    digits::Network network(seed_);
    gradus::Optimizer opt{
        gradus::Warmup{50, gradus::Cosine{.start = s["rate"], .steps = whole - 50}},
        gradus::AdamW{.beta2 = s["beta2"], .weight_decay = s["decay"]}, network.params()};
    return [=, validation = validation_,
            batches = digits::Batches(digits_.train, 16, seed_)](gradus::step_t steps) mutable {
      while (opt.steps() < steps) {
        network.learn(batches.next());
        opt.step(network.params(), network.grads());
      }
      return network.learn(validation);
    };
  }

 private:
  const digits::Digits& digits_;
  std::uint64_t seed_;
  digits::Batches others_;
  std::span<const digits::Image* const> validation_;
};

// One way to search, and what it came to for each seed.
struct Way {
  std::string name;
  double steps = 0;
  std::function<tune::SearchResult(const Task&)> run{};
  std::vector<double> seconds{}, cpu{};  // on the wall; of all processors together
  std::vector<tune::SearchResult> found{};
};

// What a program does without the library.
tune::SearchResult one_by_one(const Task& task) {
  std::vector<tune::Trial> trials;
  for (std::size_t i = 0; i < all.count(); ++i)
    trials.push_back({all[i], whole, {task(all[i])(whole), ""}});
  return {space, std::move(trials)};
}
Way of_grid(std::size_t threads) {
  return {fmt::format("`Grid`, {} thread{}", threads, threads == 1 ? "" : "s"),
          static_cast<double>(all.count() * whole), [=](const Task& task) {
            return tune::search(space, grid, task, {.threads = threads, .progress = false});
          }};
}
Way of_halving(gradus::step_t first, std::size_t factor, std::size_t threads) {
  const tune::Halving how{grid, first, factor};
  Way way{fmt::format("`Halving` of it, `first` {}, `factor` {}, {} thread{}", first, factor,
                      threads, threads == 1 ? "" : "s")};
  gradus::step_t before = 0;
  for (const tune::Rung& rung : how.rungs(all.count())) {
    way.steps += static_cast<double>((rung.steps - before) * rung.trials);
    before = rung.steps;
  }
  way.run = [=](const Task& task) {
    return tune::search(space, how, task, {.threads = threads, .progress = false});
  };
  return way;
}

// Every way for one seed, then for the next: what else the machine does is shared out.
std::vector<Way> measure(const std::vector<Task>& tasks) {
  std::vector<Way> ways{
      {"a loop, one by one", static_cast<double>(all.count() * whole), one_by_one},
      of_grid(1),
      of_grid(2),
      of_halving(200, 2, 1),
      of_halving(200, 2, 2),
      of_halving(100, 3, 2)};
  digits::Progress progress("searching", tasks.size() * ways.size());
  for (const Task& task : tasks)
    for (Way& way : ways) {
      const std::clock_t used = std::clock();
      const auto start = std::chrono::steady_clock::now();
      way.found.push_back(way.run(task));
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
      way.seconds.push_back(spent.count());
      way.cpu.push_back(static_cast<double>(std::clock() - used) / CLOCKS_PER_SEC);
      progress.advance();
    }
  return ways;
}
double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  return x[x.size() / 2];
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

// The expected loss of the best of so many trainings, drawn at random from these, best first.
double best_of_some(const std::vector<tune::Trial>& trials, double count) {
  const auto n = static_cast<double>(trials.size()), k = std::floor(count);
  double r = 0, chance = k / n;  // that number i is drawn and none before it
  for (std::size_t i = 0; i < trials.size(); ++i) {
    r += chance * trials[i].outcome.loss;
    const auto left = n - static_cast<double>(i) - 1;  // behind it
    chance *= left > 0 ? (left + 1 - k) / left : 0;
  }
  return r;
}

// Whether no other program used the processors: the loop had all of one, and `Grid` all of two.
bool alone(const std::vector<Way>& ways) {
  const auto share = [&](std::size_t way, double threads) {
    return median(ways[way].cpu) / median(ways[way].seconds) / threads;
  };
  return share(0, 1) > 0.95 && share(2, 2) > 0.9;
}

// Seconds are written only if no other program used the processors.
std::string page(const std::vector<Way>& ways) {
  const bool timed = alone(ways);
  std::string r = "| | training steps | CPU time (loop: 1) |";
  if (timed) r += " seconds | times as fast |";
  r += " found the grid's best | loss above the grid's best | "
       "the same for whole trainings at random |\n|---|---|---|---|---|---|";
  r += timed ? "---|---|\n" : "\n";
  const Way& loop = ways[0];
  const std::size_t seeds = loop.found.size();
  for (const Way& way : ways) {
    std::size_t same = 0;
    double above = 0, some = 0;
    std::vector<double> speed, cost;
    for (std::size_t i = 0; i < seeds; ++i) {
      const auto& grid_trials = loop.found[i].trials();
      const double loss = way.found[i].best().outcome.loss;
      if (way.found[i].best() == grid_trials[0]) ++same;
      above += (loss / grid_trials[0].outcome.loss - 1) / static_cast<double>(seeds);
      some += (best_of_some(grid_trials, way.steps / whole) / grid_trials[0].outcome.loss - 1) /
              static_cast<double>(seeds);
      speed.push_back(loop.seconds[i] / way.seconds[i]);
      cost.push_back(way.cpu[i] / loop.cpu[i]);
    }
    r += fmt::format("| {} | {:.0f} | {:.2f} |", way.name, way.steps, median(cost));
    if (timed) r += fmt::format(" {:.2f} | {:.2f} |", median(way.seconds), median(speed));
    r += fmt::format(" {} of {} | {:.1f} % | {:.1f} % |\n", same, seeds, 100 * above, 100 * some);
  }
  return r;
}

int run(const std::string& out, std::size_t seeds) {
  const digits::Digits digits(digits::read(GRADUS_DIGITS));
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < seeds; ++i) tasks.emplace_back(digits, 101 + i);
  const std::vector<Way> ways = measure(tasks);
  const std::string text =
      page(ways) +
      fmt::format(
          "\n{} trainings of {} steps, {} processors ({}), {}. Times are medians of {} seeds, "
          "losses means.{}\n",
          all.count(), whole, std::thread::hardware_concurrency(), processor(), GRADUS_COMPILER,
          seeds,
          alone(ways) ? ""
                      : " Other programs used the processors too, so that seconds and "
                        "speed-ups are left out.");
  fmt::print("{}", text);
  if (out.empty()) return 0;
  std::string whole_page = digits::read_text(out, 1'000'000);
  const std::string begin = "<!-- begin: speed -->\n", end = "\n<!-- end: speed -->";
  const std::size_t from = whole_page.find(begin), to = whole_page.find(end);
  if (from == std::string::npos || to == std::string::npos || to < from)
    throw std::runtime_error(out + ": has no part for these figures");
  whole_page.replace(from + begin.size(), to - from - begin.size(), "\n" + text);
  support::show_page(whole_page, out);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures how much time a search saves over training one by one.",
               "tools/search-speed"};
  std::string out;
  std::size_t seeds = 5;
  app.add_option("--out", out, "write the table into this page");
  app.add_option("--seeds", seeds, "number of searches of each kind")->check(CLI::Range(1, 1000));
  return support::run(app, argc, argv, [&] { return run(out, seeds); });
}
