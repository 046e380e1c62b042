// gradus-plot: shows schedules, written as text, before a training.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <gradus/plot/plot.hpp>
#include <gradus/plot/svg.hpp>
#include <gradus/plot/terminal.hpp>
#include <gradus/survey/difference.hpp>
#include <gradus/survey/summarize.hpp>
#include <gradus/text/fmt.hpp>
#include <gradus/text/text.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../support/program.hpp"

namespace {

using gradus::step_t;
using gradus::io::AnySchedule;

constexpr std::uint64_t summed = 10'000'000, written = 100'000;

constexpr const char* about =
    "Shows schedules as a picture and a table. Write them as gradus::io::parse reads them.\n\n"
    "  gradus-plot \"warmup(500) then cosine(1e-3, 1e-5, 10000)\"\n"
    "  gradus-plot --log --steps 30000 \"step_decay(0.1, 10000)\" \"exponential(0.1, 2e-4)\"\n"
    "  gradus-plot --height 0 --rows 3 --svg rate.svg \"constant(1e-3) for 900 then linear(1e-3, "
    "0, 100)\"\n";

struct Options {
  std::vector<std::string> texts{};
  std::uint64_t steps = 0;
  std::size_t rows = 11;
  gradus::io::Canvas canvas{};
  bool log = false;
  std::string svg{}, csv{};
};

void declare(CLI::App& app, Options& o) {
  using CLI::Range;
  // 010 would be 8
  const CLI::Validator decimal(
      [](const std::string& text) {
        return text.size() > 1 && text[0] == '0' ? "must be without leading zeros" : "";
      },
      "");
  app.add_option("SCHEDULE", o.texts,
                 "schedules as text; if there are several, they are compared with the first")
      ->required();
  app.add_option("--steps", o.steps,
                 "steps to show [length of the longest schedule; 1000 if none ends]")
      ->check(Range(std::uint64_t{1}, std::uint64_t{1} << 62) & decimal);
  app.add_option("--rows", o.rows,
                 "rows of the table, evenly spaced over the steps; 0 for no table [11]")
      ->check(Range(0, 10'000) & decimal);
  app.add_option("--width", o.canvas.width, "width of the picture in characters [80]")
      ->check(Range(20, 1'000) & decimal);
  app.add_option("--height", o.canvas.height,
                 "height of the curves in lines; 0 for no picture [16]")
      ->check(Range(0, 1'000) & decimal);
  app.add_flag("--ascii", o.canvas.ascii, "use only ASCII characters");
  app.add_flag("--colour", o.canvas.colour,
               "distinguish several curves by colours instead of letters");
  app.add_flag("--log", o.log, "make the axis of rates logarithmic");
  app.add_option("--svg", o.svg, "write the picture to this file, as SVG");
  static_assert(written == 100'000);
  app.add_option(
      "--csv", o.csv,
      "write the rates of every step to this file; if there are more than 100000, evenly "
      "spaced samples");
}

std::vector<AnySchedule> parsed(const std::vector<std::string>& texts) {
  if (texts.size() > 26)
    throw std::runtime_error(
        fmt::format("SCHEDULE: must be 26 texts at most (got {})", texts.size()));
  std::vector<AnySchedule> r;
  for (const std::string& text : texts) {
    gradus::io::Parsed parsed = gradus::io::try_parse(text);
    if (!parsed) {
      constexpr std::string_view prefix = "gradus: ";
      const std::string why = parsed.error.message();
      throw std::runtime_error(why.substr(why.starts_with(prefix) ? prefix.size() : 0));
    }
    r.push_back(std::move(parsed.schedule));
  }
  return r;
}

// The number of steps to show: the length of the longest schedule.
step_t steps_of(const std::vector<AnySchedule>& schedules) {
  step_t longest = 0;
  for (const AnySchedule& s : schedules) longest = std::max(longest, s.length().steps());
  return longest == 0 ? 1'000 : longest;
}

// The name of one of several schedules in the legend and the table.
char letter(std::size_t i) { return static_cast<char>('a' + i); }

gradus::io::Chart chart(const std::vector<AnySchedule>& schedules, step_t steps, bool log) {
  gradus::io::Chart chart{"", {"step"}, {"rate", log}, {{}}};
  auto& series = chart.panels[0].series;
  for (const AnySchedule& s : schedules) {
    std::string name = gradus::io::to_string(s);
    const auto same = [&](const gradus::io::Series& other) { return other.name == name; };
    if (std::any_of(series.begin(), series.end(), same))
      name += fmt::format(" ({})", letter(series.size()));
    series.push_back(gradus::io::course(name, s, steps));
  }
  if (series.size() == 1) chart.title = series[0].name;
  return chart;
}

// A line for each of `count` steps.
template <class Line>
std::string lines(step_t steps, std::size_t count, const Line& line) {
  std::string r;
  gradus::each_sample(steps, count, [&](std::size_t, step_t t) { r += line(t) + "\n"; });
  return r;
}

std::string table(const std::vector<AnySchedule>& schedules, step_t steps, std::size_t rows) {
  const std::size_t width = std::max(std::to_string(steps).size(), std::string("step").size());
  std::string heading = fmt::format("{:>{}}", "step", width);
  for (std::size_t i = 0; i < schedules.size(); ++i)
    heading += fmt::format("  {:>12}", schedules.size() == 1 ? "rate" : std::string(1, letter(i)));
  return heading + "\n" + lines(steps, rows, [&](step_t t) {
           std::string r = fmt::format("{:>{}}", t, width);
           for (const AnySchedule& s : schedules) r += fmt::format("  {:>12.6g}", s(t));
           return r;
         });
}

std::string csv(const std::vector<AnySchedule>& schedules, step_t steps) {
  std::string heading = "step";
  for (const AnySchedule& s : schedules) heading += ",\"" + gradus::io::to_string(s) + "\"";
  const std::size_t rows = std::min<std::size_t>(steps, written) + 1;
  return heading + "\n" + lines(steps, rows, [&](step_t t) {
           std::string r = std::to_string(t);
           for (const AnySchedule& s : schedules) r += fmt::format(",{}", s(t));
           return r;
         });
}

// The summary of each schedule, and its largest difference from the first.
std::string summaries(const std::vector<AnySchedule>& schedules, step_t steps) {
  if (steps > summed) return fmt::format("No sum: more than {} steps.\n", summed);
  std::string r;
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    if (schedules.size() > 1) r += fmt::format("{}: ", letter(i));
    r += fmt::format("{}.\n", gradus::summarize(schedules[i], steps));
  }
  for (std::size_t i = 1; i < schedules.size(); ++i)
    r += fmt::format("Largest difference of {} and a: {}.\n", letter(i),
                     gradus::difference(schedules[i], schedules[0], steps));
  return r;
}

void plot(const Options& o) {
  const std::vector<AnySchedule> schedules = parsed(o.texts);
  const step_t steps = o.steps == 0 ? steps_of(schedules) : o.steps;
  const gradus::io::Chart picture = chart(schedules, steps, o.log);
  std::string text;
  if (o.canvas.height > 0) text += gradus::io::terminal(picture, o.canvas) + "\n";
  if (o.rows > 0) text += table(schedules, steps, o.rows) + "\n";
  text += summaries(schedules, steps);

  support::Files files;
  if (!o.svg.empty()) files.add(o.svg, gradus::io::svg(picture));
  if (!o.csv.empty()) files.add(o.csv, csv(schedules, steps));
  files.commit();
  std::fputs(text.c_str(), stdout);
  support::flush_output();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app(about, "gradus-plot");
  Options options;
  declare(app, options);
  return support::run(app, argc, argv, [&] {
    plot(options);
    return 0;
  });
}
