// What the playground's page asks gradus: schedules, rules and walks, as functions that JavaScript
// can call. A call passes texts through `input`, and leaves its results in `answer` (a text) and
// `numbers`. Native programs can call the same functions, to compare the bits.
#include <gradus/math/bits.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/plot/plot.hpp>
#include <gradus/survey/difference.hpp>
#include <gradus/survey/summarize.hpp>
#include <gradus/text/describe_result.hpp>
#include <gradus/text/parse_rule.hpp>
#include <gradus/text/text.hpp>
#include <gradus/text/to_cpp.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#define PLAYGROUND_FUNCTION(name) extern "C" [[clang::export_name(#name)]]

namespace {

namespace io = gradus::io;
using gradus::step_t;

constexpr std::size_t places = 8;  // for schedules, and for rules
std::array<io::AnySchedule, places> schedules;
std::array<io::AnyRule, places> rules;

std::string text;            // what `input` was filled with
std::string answer_text;     // the last result that is a text
std::vector<double> result;  // the last result of numbers

// A call that gradus refuses ends the module; the page shows the sentence and starts a new one.
[[noreturn]] void stop(const char* sentence) {
  answer_text = sentence;
  __builtin_trap();
}
const bool stops = (gradus::on_error = stop, true);

const char* answered(std::string s) {
  answer_text = std::move(s);
  return answer_text.c_str();
}
bool accepted(const io::TextError& error) {
  answer_text = error ? error.message() : "";
  return !error;
}
step_t steps_of(double steps) { return static_cast<step_t>(steps); }

// A landscape: the loss of two parameters, and its gradient.
struct Landscape {
  double (*loss)(double x, double y);
  std::array<double, 2> (*gradient)(double x, double y);
};
constexpr std::array landscapes{
    Landscape{[](double x, double y) { return (x * x + y * y) / 2; },  // a bowl
              [](double x, double y) { return std::array{x, y}; }},
    Landscape{[](double x, double y) { return (x * x + 30 * y * y) / 2; },  // a ravine
              [](double x, double y) { return std::array{x, 30 * y}; }},
    Landscape{[](double x, double y) {  // Rosenbrock's valley, less steep
                const double a = 1 - x, b = y - x * x;
                return (a * a + 100 * b * b) / 50;
              },
              [](double x, double y) {
                const double b = y - x * x;
                return std::array{(-2 * (1 - x) - 400 * x * b) / 50, 4 * b};
              }},
    Landscape{[](double x, double y) {  // a saddle between two valleys
                return x * x / 2 - y * y / 2 + y * y * y * y / 4 + 0.25;
              },
              [](double x, double y) { return std::array{x, y * y * y - y}; }},
};

// The path of a rule: x, y and loss before the first step and after each step, as long as they are
// finite.
template <class R>
void take_path(const io::AnySchedule& schedule, const R& rule, const Landscape& land, step_t steps,
               std::array<double, 2> p) {
  gradus::Optimizer<io::AnySchedule, R, double> optimizer(schedule, rule, p);
  for (step_t t = 0;; ++t) {
    const double loss = land.loss(p[0], p[1]);
    if (!std::isfinite(p[0]) || !std::isfinite(p[1]) || !std::isfinite(loss)) return;
    result.insert(result.end(), {p[0], p[1], loss});
    if (t == steps) return;
    const std::array<double, 2> g = land.gradient(p[0], p[1]);
    optimizer.step(p, g, {.loss = loss});
  }
}

// "cosine start end= steps past= exponent= k="
std::string signature(std::string_view name, const io::Fields& fields) {
  std::string r(name);
  for (const io::Field& f : fields)
    if (f.kind != io::Field::Kind::follows)
      r += io::detail::concat({" ", f.name, f.kind == io::Field::Kind::has_default ? "=" : ""});
  return r + "\n";
}

}  // namespace

// Room for a text of that many bytes, which the next call reads.
PLAYGROUND_FUNCTION(input) char* input(std::uint32_t size) {
  text.resize(size);
  return text.data();
}
PLAYGROUND_FUNCTION(answer) const char* answer() { return answer_text.c_str(); }
PLAYGROUND_FUNCTION(numbers) const double* numbers() { return result.data(); }
PLAYGROUND_FUNCTION(count) std::uint32_t count() {
  return static_cast<std::uint32_t>(result.size());
}

// Reads a schedule or a rule into a place. After an error, the answer is its message.
PLAYGROUND_FUNCTION(read_schedule) bool read_schedule(std::uint32_t place) {
  io::Parsed parsed = io::try_parse(text);
  schedules[place] = std::move(parsed.schedule);
  return accepted(parsed.error);
}
PLAYGROUND_FUNCTION(read_rule) bool read_rule(std::uint32_t place) {
  const io::ParsedRule parsed = io::try_parse_rule(text);
  rules[place] = parsed.rule;
  return accepted(parsed.error);
}

// What can be written: a line for each schedule, an empty line, and a line for each rule.
PLAYGROUND_FUNCTION(names) const char* names() {
  std::string r;
  for (const io::detail::ScheduleKind* kind :
       io::detail::every_kind<io::Schedules<io::detail::Child>>)
    if (kind->form <= io::detail::Form::prefix) r += signature(kind->word, kind->fields);
  for (const io::detail::Shorthand& s : io::detail::shorthands)
    r += signature(s.kind->word, s.kind->fields);
  r += "\n";
  for (const io::detail::RuleKind& kind : io::detail::rule_kinds<io::AnyRule>)
    r += signature(kind.name, kind.fields);
  return answered(std::move(r));
}

PLAYGROUND_FUNCTION(schedule_text) const char* schedule_text(std::uint32_t place) {
  return answered(io::to_string(schedules[place]));
}
PLAYGROUND_FUNCTION(schedule_cpp) const char* schedule_cpp(std::uint32_t place) {
  return answered(io::to_cpp(schedules[place]));
}
// The number of steps; 0 if it has no end.
PLAYGROUND_FUNCTION(length) double length(std::uint32_t place) {
  return static_cast<double>(schedules[place].length().steps());
}
PLAYGROUND_FUNCTION(rate) double rate(std::uint32_t place, double t) {
  return schedules[place](steps_of(t));
}
// The first so many rates.
PLAYGROUND_FUNCTION(rates) void rates(std::uint32_t place, double steps) {
  result.clear();
  for (step_t t = 0; t < steps_of(steps); ++t) result.push_back(schedules[place](t));
}
// The points t, rate of a curve.
PLAYGROUND_FUNCTION(curve) void curve(std::uint32_t place, double steps, std::uint32_t columns) {
  result.clear();
  for (const io::ChartPoint& p : io::course("", schedules[place], steps_of(steps), columns).points)
    result.insert(result.end(), {p.x, p.y});
}
// first, last, sum, mean, peak (t, rate), lowest (t, rate), the number of jumps, and the steps of
// up to 100 jumps.
PLAYGROUND_FUNCTION(summary) void summary(std::uint32_t place, double steps) {
  std::array<step_t, 100> jumps{};
  const gradus::Summary s = gradus::summarize(schedules[place], steps_of(steps), jumps);
  result = {s.first,
            s.last,
            s.sum,
            s.mean,
            static_cast<double>(s.peak.t),
            s.peak.rate,
            static_cast<double>(s.lowest.t),
            s.lowest.rate,
            static_cast<double>(s.jumps)};
  for (std::size_t i = 0; i < std::min<step_t>(s.jumps, jumps.size()); ++i)
    result.push_back(static_cast<double>(jumps[i]));
}
PLAYGROUND_FUNCTION(difference)
const char* difference(std::uint32_t a, std::uint32_t b, double steps) {
  return answered(std::string(
      io::describe(gradus::difference(schedules[a], schedules[b], steps_of(steps))).text()));
}

PLAYGROUND_FUNCTION(loss) double loss(std::uint32_t landscape, double x, double y) {
  return landscapes[landscape].loss(x, y);
}
// Walks from (x, y); the numbers are x, y, loss of each step.
PLAYGROUND_FUNCTION(walk)
void walk(std::uint32_t schedule, std::uint32_t rule, std::uint32_t landscape, double steps,
          double x, double y) {
  result.clear();
  std::visit(
      [&](const auto& r) {
        take_path(schedules[schedule], r, landscapes[landscape], steps_of(steps), {x, y});
      },
      rules[rule]);
}

// A number that depends on every bit of the numbers (FNV-1a).
PLAYGROUND_FUNCTION(digest) std::uint64_t digest() {
  std::uint64_t r = 0xcbf29ce484222325;
  for (const double x : result)
    for (int shift = 0; shift < 64; shift += 8)
      r = (r ^ (gradus::math::to_bits(x) >> shift & 0xff)) * 0x100000001b3;
  return r;
}
