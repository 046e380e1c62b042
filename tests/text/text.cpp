#include <gradus/text/text.hpp>

#include <array>
#include <clocale>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/schedule/flat_then_cosine.hpp>
#include <gradus/schedule/warmup_stable_decay.hpp>

#include "support/catch.hpp"
#include "support/schedule_conformance.hpp"

using gradus::step_t;
using gradus::io::AnySchedule;
using gradus::io::parse;
using gradus::io::Parsed;
using gradus::io::to_string;
using gradus::io::try_parse;

namespace {

/// Compares a schedule bit for bit, also after printing and reading it.
void check_reading(const std::string& text, const AnySchedule& schedule,
                   const std::function<double(step_t)>& values, const std::string& canonical) {
  CAPTURE(text);
  const AnySchedule read = parse(text);
  CHECK(read == schedule);
  CHECK_FALSE(read.check());
  CHECK(to_string(read) == canonical);
  CHECK(parse(canonical) == read);
  conformance::Random random;
  for (step_t t = 0; t < 300; ++t)
    for (const step_t u : {t, random.step()})
      CHECK(conformance::bits(read(u)) == conformance::bits(values(u)));
}
template <class S>
void reads_as(const std::string& text, const S& schedule, const std::string& canonical) {
  check_reading(text, schedule, schedule, canonical);
}
template <class S>
void reads_as(const std::string& text, const S& schedule) {
  reads_as(text, schedule, text);
}

std::string refused(std::string_view text) {
  const Parsed parsed = try_parse(text);
  CHECK(parsed.schedule == AnySchedule());
  try {
    static_cast<void>(parse(text));
  } catch (const gradus::Error& error) {
    CHECK(error.what() == parsed.error.message());
    const std::string message = error.what();
    return message.substr(0, message.find('\n'));
  }
  return "taken";
}

using gradus::Boundary;
using gradus::Clamp;
using gradus::Constant;
using gradus::Cosine;
using gradus::Curve;
using gradus::Cyclical;
using gradus::For;
using gradus::Linear;
using gradus::MultiStep;
using gradus::Noise;
using gradus::Opposite;
using gradus::Past;
using gradus::PerEpoch;
using gradus::PiecewiseConstant;
using gradus::Points;
using gradus::Ramp;
using gradus::Repeat;
using gradus::Reverse;
using gradus::Sequence;
using gradus::Shift;
using gradus::Spread;
using gradus::StepDecay;
using gradus::Stretch;
using gradus::Table;
using gradus::Warmup;

constexpr Cosine<> cosine{1e-3, 1e-5, 100};

}  // namespace

static_assert(gradus::Schedule<AnySchedule> && gradus::HasCheck<AnySchedule>);
static_assert(std::copyable<AnySchedule> && std::equality_comparable<AnySchedule>);
static_assert(noexcept(std::declval<const AnySchedule&>()(step_t{})));
static_assert(std::convertible_to<Cosine<>, AnySchedule>);
static_assert(std::convertible_to<Warmup<AnySchedule>, AnySchedule>);
static_assert(!std::convertible_to<Cosine<float>, AnySchedule>);
static_assert(!std::convertible_to<Warmup<Cosine<float>>, AnySchedule>);
static_assert(!std::convertible_to<double, AnySchedule>);

TEST_CASE("A text is the schedule that C++ would say", "[io]") {
  reads_as("warmup(500) then cosine(1e-3, steps=10000, end=1e-5)",
           Warmup<Cosine<>>{500, {1e-3, 1e-5, 10'000}},
           "warmup(500) then cosine(0.001, 1e-5, 10000)");
  reads_as("cosine(0.001, 1e-5, 100)", cosine);
  reads_as("cosine(steps=1e2, end=0.00001, start=1e-3)", cosine, "cosine(0.001, 1e-5, 100)");
  reads_as("  cosine ( 1_0e-4 ,\n steps = 1_00, # steps\n end = .1e-4 ) # all\r\n", cosine,
           "cosine(0.001, 1e-5, 100)");
  reads_as("constant(0.5)", Constant<>{0.5});
  reads_as("0.5", Constant<>{0.5}, "constant(0.5)");
  reads_as("-0", Constant<>{-0.0}, "constant(-0)");
  reads_as("step_decay(0.1, 30)", StepDecay<>{0.1, 30});
  reads_as("ramp(0.1, 1, 30, curve=power, power=2, past=mirror)",
           Ramp<>{0.1, 1, 30, Curve::power, 2, Past::mirror});
  reads_as("linear(1, 0, 9223372036854775807)", Linear<>{1, 0, gradus::last_step});
  reads_as("multi_step(1, [30, 60, 80], boundary=after)",
           MultiStep<3>{1, {30, 60, 80}, 0.1, Boundary::after});
  reads_as("piecewise_constant(1, [30: 0.5, 80: 0.1])",
           PiecewiseConstant<2>{1, {{30, 0.5}, {80, 0.1}}});
  reads_as("points([0: 0, 10: 1, 200: 0.5], curve=cosine)",
           Points<3>{{{0, 0}, {10, 1}, {200, 0.5}}, Curve::cosine});
  reads_as("table([1, 0.5, 0.25], past=repeat)", Table{std::array{1.0, 0.5, 0.25}, Past::repeat});
}

TEST_CASE("A text composes schedules", "[io]") {
  reads_as("warmup(5, from=0, curve=root) then constant(1) for 10 then cosine(1, 0, 90)",
           Warmup<Sequence<For<Constant<>>, Cosine<>>>{
               5, Sequence{For<Constant<>>{10, {1}}, Cosine<>{1, 0, 90}}, 0.0, Curve::root});
  reads_as("constant(1) for 3 then constant(2) for 4 then constant(3)",
           Sequence{For<Constant<>>{3, {1}}, For<Constant<>>{4, {2}}, Constant<>{3}});
  reads_as("(constant(1) for 3 then constant(2) for 4) then constant(3)",
           Sequence{Sequence{For<Constant<>>{3, {1}}, For<Constant<>>{4, {2}}}, Constant<>{3}});
  reads_as("(constant(1) for 3 then constant(2)) for 7 for 9",
           For<For<Sequence<For<Constant<>>, Constant<>>>>{
               9, {7, Sequence{For<Constant<>>{3, {1}}, Constant<>{2}}}});
  reads_as("(warmup(9) then cosine(0.001, 1e-5, 100)) then constant(2)",
           Sequence{Warmup<Cosine<>>{9, cosine}, Constant<>{2}});
  reads_as("0.5 * cosine(0.001, 1e-5, 100)", product(Constant<>{0.5}, cosine));
  reads_as("cosine(0.001, 1e-5, 100) * 0.5", scale(cosine, 0.5));
  reads_as("cosine(0.001, 1e-5, 100) * 0.5 * 3", product(cosine, Constant<>{0.5}, Constant<>{3}));
  reads_as("0.5 * (2 * 3)", product(Constant<>{0.5}, product(Constant<>{2}, Constant<>{3})));
  reads_as("1 + 2 * 3", sum(Constant<>{1}, product(Constant<>{2}, Constant<>{3})));
  reads_as("(1 + 2) * 3", product(sum(Constant<>{1}, Constant<>{2}), Constant<>{3}));
  reads_as("1 + 2 + 3 for 10", For<decltype(sum(Constant<>{1}, Constant<>{2}, Constant<>{3}))>{
                                   10, sum(Constant<>{1}, Constant<>{2}, Constant<>{3})});
  reads_as("min(cosine(0.001, 1e-5, 100), constant(5e-4), constant(7e-4))",
           minimum(cosine, Constant<>{5e-4}, Constant<>{7e-4}),
           "min(cosine(0.001, 1e-5, 100), constant(5e-4), constant(7e-4))");
  reads_as("max(1 for 2 then 3, min(4))",
           maximum(Sequence{For<Constant<>>{2, {1}}, Constant<>{3}}, Constant<>{4}),
           "max(constant(1) for 2 then constant(3), constant(4))");
  reads_as("clamp(cosine(0.001, 1e-5, 100), 1e-4, high=5e-4)", Clamp<Cosine<>>{cosine, 1e-4, 5e-4},
           "clamp(cosine(0.001, 1e-5, 100), 1e-4, 5e-4)");
  reads_as("repeat(cosine(0.001, 1e-5, 100), steps=50, times=2)", Repeat<Cosine<>>{cosine, 50, 2});
  reads_as("repeat(constant(1) for 2 then constant(2) for 3)",
           Repeat<Sequence<For<Constant<>>, For<Constant<>>>>{
               Sequence{For<Constant<>>{2, {1}}, For<Constant<>>{3, {2}}}});
  reads_as("reverse(cosine(0.001, 1e-5, 100))", Reverse<Cosine<>>{cosine});
  reads_as("shift(cosine(0.001, 1e-5, 100), -5)", Shift<Cosine<>>{cosine, -5});
  reads_as("stretch(cosine(0.001, 1e-5, 100), 1, 3)", Stretch<Cosine<>>{cosine, 1, 3});
  reads_as("per_epoch(7, cosine(0.001, 1e-5, 100))", PerEpoch<Cosine<>>{7, cosine});
  reads_as("opposite(cyclical(0, 1, 5), high=0.9, low=0.8)",
           Opposite<Cyclical<>>{{.low = 0, .high = 1, .up = 5}, 0.9, 0.8});
  reads_as("noise(constant(1), 0.5, seed=18446744073709551615, spread=normal)",
           Noise<Constant<>>{{1}, 0.5, ~std::uint64_t{0}, 1, Spread::normal});
}

TEST_CASE("A number may have any number of digits", "[io]") {
  const std::string zeros(100, '0');
  reads_as("0." + zeros + "25", Constant<>{2.5e-101}, "constant(2.5e-101)");
  reads_as(zeros + "25" + zeros + "e-100", Constant<>{25}, "constant(25)");
  reads_as("constant(1) for " + zeros + "12", For<Constant<>>{12, {1}}, "constant(1) for 12");
  reads_as("cosine(1, 0, 12" + zeros + "e-100)", Cosine<>{1, 0, 12}, "cosine(1, 0, 12)");
  const std::string digits = "0.1000000000000000055511151231257827021181583404541015625";
  reads_as(digits + zeros + "1", Constant<>{0.1}, "constant(0.1)");
}

TEST_CASE("A number is the same where the standard library does not read it", "[io]") {
  const auto check = [](const std::string& word) {
    CAPTURE(word);
    const char *const first = word.data(), *const last = first + word.size();
    double expected = 0.5, read = 0.5;
    const auto [end, error] = gradus::io::detail::from_chars(first, last, expected);
    const auto mine = gradus::io::detail::from_chars_by_strtod(first, last, read);
    CHECK((mine.ec == std::errc::invalid_argument) ==
          (error == std::errc::invalid_argument || end != last));
    if (mine.ec == std::errc::invalid_argument) return;
    CHECK(mine.ec == error);
    CHECK(read == (error == std::errc{} ? expected : 0.5));
  };
  std::istringstream words(
      "0 -0 1 -.5 5. . - 1e 1e+ 1e5 1E-5 1.e2 1.2.3 0x10 1f 1e400 -1e400 1e-400 0e-400 0.000e999 "
      "4.9e-324 2e-324 1e-310 2.2250738585072011e-308 1.7976931348623157e308 0.1 "
      "1.7976931348623159e308 9007199254740993");
  for (std::string word; words >> word;) check(word);
  conformance::Random random;
  for (int i = 0; i < 2'000; ++i)
    check(std::to_string(random.step()) + "." + std::to_string(random.step()) + "e" +
          std::to_string(static_cast<int>(random.below(700)) - 370));
}

TEST_CASE("A whole number may have a point and a power of ten", "[io]") {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"1e4", 10'000},
      {"1e18", 1'000'000'000'000'000'000},
      {"9007199254740993e0", 9'007'199'254'740'993},  // no double
      {"9.223372036854775807e18", 9'223'372'036'854'775'807},
      {"2.5e1", 25},
      {"2.50", -1},
      {"25.", 25},
      {"0.5e1", 5},
      {".5e+1", 5},
      {"1200e-2", 12},
      {"1_200E-2", 12},
      {"0e999999999999999999999", 0},
      {"0e-999999999999999999999", 0},
      {"1e-999999999999999999999", -1},
  };
  for (const auto& [text, steps] : cases) {
    CAPTURE(text);
    const std::string whole = std::string("constant(1) for ") + text;
    if (steps < 0) {
      CHECK(try_parse(whole).error.sentence.starts_with("expected a whole number of steps"));
    } else {
      CHECK(parse(whole) == AnySchedule(For<Constant<>>{steps, {1}}));
    }
  }
  reads_as("noise(constant(1), 0.5, seed=1e5)", Noise<Constant<>>{{1}, 0.5, 100'000},
           "noise(constant(1), 0.5, seed=100000)");
}

TEST_CASE("A text calls the functions of C++ that return a schedule made of others", "[io]") {
  reads_as("flat_then_cosine(0.1, 75, 25)", gradus::flat_then_cosine(0.1, 75, 25),
           "constant(0.1) for 75 then cosine(0.1, 0, 25)");
  reads_as("flat_then_cosine(0.1, flat=75, end=1e-3, steps=25)",
           gradus::flat_then_cosine(0.1, 75, 25, 1e-3),
           "constant(0.1) for 75 then cosine(0.1, 0.001, 25)");
  reads_as("warmup_stable_decay(0.1, 5, 60, 20)", gradus::warmup_stable_decay(0.1, 5, 60, 20),
           "warmup(5) then constant(0.1) for 60 then ramp(0.1, 0, 20)");
  reads_as("warmup_stable_decay(0.1, 5, 60, 20, end=1e-3, curve=root)",
           gradus::warmup_stable_decay(0.1, 5, 60, 20, 1e-3, Curve::root),
           "warmup(5) then constant(0.1) for 60 then ramp(0.1, 0.001, 20, curve=root)");
  reads_as("2 * flat_then_cosine(0.1, 75, 25) for 50 then 1",
           Sequence{For<decltype(product(Constant<>{2}, gradus::flat_then_cosine(0.1, 75, 25)))>{
                        50, product(Constant<>{2}, gradus::flat_then_cosine(0.1, 75, 25))},
                    Constant<>{1}},
           "2 * (constant(0.1) for 75 then cosine(0.1, 0, 25)) for 50 then constant(1)");
}

TEST_CASE("A length of 0 in a text is what it is in C++", "[io]") {
  const Cosine<> none{1, 0, 0};
  reads_as("warmup(0) then cosine(0.001, 1e-5, 100)", Warmup<Cosine<>>{0, cosine});
  reads_as("constant(1) for 0 then constant(2)", Sequence{For<Constant<>>{0, {1}}, Constant<>{2}});
  reads_as("constant(1) for 0", For<Constant<>>{0, {1}});
  reads_as("cosine(1, 0, 0) then constant(2)", Sequence{none, Constant<>{2}});
  reads_as("cosine(0.001, 1e-5, 100) then cosine(1, 0, 0)", Sequence{cosine, none});
  reads_as("constant(1) for 5 then cosine(1, 0, 0) then constant(2)",
           Sequence{For<Constant<>>{5, {1}}, none, Constant<>{2}});
  reads_as("2 * cosine(1, 0, 0) then constant(2)",
           Sequence{product(Constant<>{2}, none), Constant<>{2}});
  reads_as("flat_then_cosine(0.1, 0, 25)", gradus::flat_then_cosine(0.1, 0, 25),
           "constant(0.1) for 0 then cosine(0.1, 0, 25)");
  reads_as("flat_then_cosine(0.1, 25, 0)", gradus::flat_then_cosine(0.1, 25, 0),
           "constant(0.1) for 25 then cosine(0.1, 0, 0)");
  for (const int warmup : {0, 4})
    for (const int stable : {0, 6})
      for (const int decay : {0, 10})
        if (stable + decay > 0)
          reads_as("warmup_stable_decay(0.1, " + std::to_string(warmup) + ", " +
                       std::to_string(stable) + ", " + std::to_string(decay) + ")",
                   gradus::warmup_stable_decay(0.1, warmup, stable, decay),
                   "warmup(" + std::to_string(warmup) + ") then constant(0.1) for " +
                       std::to_string(stable) + " then ramp(0.1, 0, " + std::to_string(decay) +
                       ")");
}

TEST_CASE("A text drives an optimizer", "[io]") {
  std::vector<float> p(10, 1.0f), q = p;
  const std::vector<float> g(10, 0.5f);
  gradus::Optimizer a{parse("warmup(5) then cosine(0.1, 0, 100)"), gradus::Adam{}, p};
  gradus::Optimizer b{Warmup<Cosine<>>{5, {0.1, 0, 100}}, gradus::Adam{}, q};
  for (int i = 0; i < 50; ++i) {
    a.step(p, g);
    b.step(q, g);
  }
  CHECK(p == q);
}

TEST_CASE("A schedule of any kind is made of those of C++, and of its own", "[io]") {
  const AnySchedule inner = cosine;
  const AnySchedule outer = Warmup<AnySchedule>{9, inner};
  CHECK(outer == AnySchedule(Warmup<Cosine<>>{9, cosine}));
  CHECK(outer.size() == 2);
  CHECK(AnySchedule(Sequence{outer, inner}) ==
        parse("(warmup(9) then cosine(1e-3, 1e-5, 100)) then cosine(1e-3, 1e-5, 100)"));
  CHECK(AnySchedule(Sequence{cosine}) == inner);
  CHECK(AnySchedule(product(cosine)) == inner);
  CHECK(outer.length() == gradus::Length(109));
  CHECK(inner.length() == gradus::Length(100));
  CHECK(AnySchedule(Constant<>{1}).length().is_endless());
  CHECK_FALSE(inner == outer);
}

TEST_CASE("A schedule of any kind without a schedule is refused", "[io]") {
  const AnySchedule none;
  CHECK(none(0) == 0);
  CHECK(none.length() == gradus::Length());
  CHECK(to_string(none).empty());
  CHECK(conformance::refusal(none) == "gradus::AnySchedule.size must be > 0 (got 0)");
  CHECK_THROWS_WITH(AnySchedule(Warmup<AnySchedule>{5, none}),
                    "gradus::AnySchedule.size must be > 0 (got 0)");
  AnySchedule some = cosine;
  const AnySchedule moved = std::move(some);
  CHECK(moved == AnySchedule(cosine));
  CHECK(some.check());  // NOLINT: what is left is what is tested
  CHECK(some(5) == 0);
}

TEST_CASE("A schedule of any kind checks what it is", "[io]") {
  CHECK(conformance::refusal(AnySchedule(Cosine<>{-1, 0, 10})) ==
        "gradus::Cosine.start must be finite and >= 0 (got -1)");
  CHECK(conformance::refusal(AnySchedule(Warmup<Cosine<>>{5, {1, 0, 0}})) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(conformance::refusal(AnySchedule(Points<1>{{{-1, 0}}})) ==
        "gradus::Points.points.at must be >= 0 and ascending (got -1)");
  AnySchedule deep = cosine;
  for (std::size_t i = 1; i < AnySchedule::max_depth; ++i) deep = Shift<AnySchedule>{deep, 1};
  CHECK(deep(70) == cosine(7));
  CHECK(parse(to_string(deep)) == deep);
  CHECK_THROWS_AS(AnySchedule(Shift<AnySchedule>{deep, 1}), gradus::Error);
  AnySchedule wide = cosine;
  while (wide.size() < 500) wide = gradus::sum(wide, wide);
  CHECK_THROWS_AS(AnySchedule(gradus::sum(wide, wide)), gradus::Error);
}

TEST_CASE("What is wrong with a text is one sentence, and a place", "[io]") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "1: expected a schedule, found the end of the text"},
      {" # nothing", "11: expected a schedule, found the end of the text"},
      {"cosin(1, 2)", "1: expected a schedule, found 'cosin'; did you mean 'cosine'?"},
      {"Cosine(1, 2)", "1: expected a schedule, found 'Cosine'; did you mean 'cosine'?"},
      {"xyzzy(1)", "1: expected a schedule, found 'xyzzy'"},
      {"then", "1: expected a schedule, found 'then'"},
      {")", "1: expected a schedule, found ')'"},
      {"cosine", "7: expected '(', found the end of the text"},
      {"cosine(1, 0, 2", "15: expected ',' or ')', found the end of the text"},
      {"cosine(1 2)", "10: expected ',' or ')', found '2'"},
      {"cosine(1, 0, 2))",
       "16: expected 'then', 'for', '+', '*' or the end of the text, found ')'"},
      {"cosine(1, 0, 2, 3)",
       "17: expected ')' or the name of a further field of cosine (start, end, steps, past, "
       "exponent, k), found '3'"},
      {"cosine(start=1, 2)",
       "17: expected ')' or the name of a further field of cosine (start, end, steps, past, "
       "exponent, k), found '2'"},
      {"cosine(1)", "9: expected a value for 'steps' of cosine(start, end, steps), found ')'"},
      {"cosine(1, 1000)",
       "15: expected a value for 'steps' of cosine(start, end, steps), found ')'"},
      {"linear(1, 1000, past=repeat)",
       "28: expected a value for 'steps' of linear(start, end, steps), found ')'"},
      {"cosine(1, 1000, end=0)", "17: expected each field of cosine once, found 'end' again"},
      {"warmup() then 1", "8: expected a value for 'steps' of warmup(steps), found ')'"},
      {"cosine(1, 0, 2,)", "16: expected a value after ',', found ')'"},
      {"cosine(,)", "8: expected a number for 'start', found ','"},
      {"cosine(1, 0, steps=2, )", "23: expected a value after ',', found ')'"},
      {"multi_step(1, [30, 60,])", "23: expected a value after ',', found ']'"},
      {"points([0: 1,\t])", "15: expected a value after ',', found ']'"},
      {"table([1, 2,])", "13: expected a value after ',', found ']'"},
      {"min(1, 2,)", "10: expected a schedule, found ')'"},
      {"cosine(steps=5)",
       "15: expected a value for 'start' of cosine(start, end, steps), found ')'"},
      {"cosine(1, 0, 2, start=3)", "17: expected each field of cosine once, found 'start' again"},
      {"cosine(1, steps=2, end=3, end=4)",
       "27: expected each field of cosine once, found 'end' again"},
      {"cosine(1, stesp=2)",
       "11: expected a field of cosine (start, end, steps, past, exponent, k), found 'stesp'; did "
       "you mean 'steps'?"},
      {"warmup(5, schedule=1)",
       "11: expected a field of warmup (steps, from, curve, power), found 'schedule'"},
      {"cosine(nan, 2)", "8: expected a number for 'start', found 'nan'"},
      {"cosine(-inf, 2)", "8: expected a number for 'start', found '-inf'"},
      {"cosine(1e999, 2)", "8: expected a number that a double holds for 'start', found '1e999'"},
      {"cosine(1e-999, 2)", "8: expected a number that a double holds for 'start', found '1e-999'"},
      {"cosine(0x1p3, 2)", "8: expected a number for 'start', found '0x1p3'"},
      {"cosine(1__0, 2)", "8: expected a number for 'start', found '1__0'"},
      {"cosine(1_, 2)", "8: expected a number for 'start', found '1_'"},
      {"cosine(+1, 2)", "8: expected a number for 'start', found '+'"},
      {"cosine(1, 0, 2.5)", "14: expected a whole number of steps for 'steps', found '2.5'"},
      {"cosine(1, 0, 1e19)", "14: expected a number of steps below 2^63 for 'steps', found '1e19'"},
      {"cosine(1, 0, 1e30)", "14: expected a number of steps below 2^63 for 'steps', found '1e30'"},
      {"cosine(1, 0, 1.5e-9223372036854775808)",
       "14: expected a whole number of steps for 'steps', found '1.5e-9223372036854775808'"},
      {"cosine(1, 0, 1e-3)", "14: expected a whole number of steps for 'steps', found '1e-3'"},
      {"cosine(1, 0, 2.55e1)", "14: expected a whole number of steps for 'steps', found '2.55e1'"},
      {"1 for 1e99999999999999999999",
       "7: expected a number of steps below 2^63 for 'steps', found '1e99999999999999999999'"},
      {"cosine(1, 0, abc)", "14: expected a number of steps for 'steps', found 'abc'"},
      {"cosine(1, 0, 9223372036854775808)",
       "14: expected a number of steps below 2^63 for 'steps', found '9223372036854775808'"},
      {"cosine(1, 0, -2)", "14: gradus::Cosine.steps must be > 0 (got -2)"},
      {"cosine(1, 0, 0)", "14: gradus::Cosine.steps must be > 0 (got 0)"},
      {"cosine(1, -1, 9)", "11: gradus::Cosine.end must be finite and >= 0 (got -1)"},
      {"ramp(1, 0, 2, past=mirorr)",
       "20: expected 'hold', 'mirror' or 'repeat' for 'past', found 'mirorr'"},
      {"polynomial(1, 0, 2, cycle=1)", "27: expected 'true' or 'false' for 'cycle', found '1'"},
      {"noise(1, 0.1, seed=-1)", "20: expected a whole number below 2^64 for 'seed', found '-1'"},
      {"multi_step(1, 30)", "15: expected '[' and a list for 'boundaries', found '30'"},
      {"multi_step(1, [30, 20])",
       "15: gradus::MultiStep.boundaries must be > 0 and ascending (got 20)"},
      {"multi_step(1, [30", "18: expected ',' or ']', found the end of the text"},
      {"points([0 1])", "11: expected ':' between step and value, found '1'"},
      {"points([0: -1])", "8: gradus::Points.points.value must be finite and >= 0 (got -1)"},
      {"points([])", "8: gradus::Points.points must not be empty (got 0)"},
      {"table([])", "7: gradus::Table.values must not be empty (got 0)"},
      {"opposite(0.1)", "10: gradus::Opposite.schedule must be a Cyclical or a OneCycle (got 0)"},
      {"warmup(5)", "10: expected 'then' and a schedule, found the end of the text"},
      {"warmup(5) then", "15: expected a schedule, found the end of the text"},
      {"2 * warmup(5) then 1",
       "5: expected '(' before a schedule that others follow, found 'warmup'"},
      {"warmup(5, curve=geometric) then 1",
       "1: gradus::Warmup.from must be > 0 for the geometric curve (got 0)"},
      {"1 then 2", "3: expected 'for' and a number of steps after what has no end, found 'then'"},
      {"cosine_restarts(1, 0, 10) then 2",  // its steps are those of the first cycle
       "27: expected 'for' and a number of steps after what has no end, found 'then'"},
      {"1 for -1 then 2", "7: gradus::For.steps must be >= 0 (got -1)"},
      {"cosine(1, 0, 0) then cosine(2, 0, 0)", "35: gradus::Cosine.steps must be > 0 (got 0)"},
      {"1 for 5 then warmup(5) then cosine(1, 0, 0)",
       "42: gradus::Cosine.steps must be > 0 (got 0)"},
      {"1 then cosine(1, 0, 0)",
       "3: expected 'for' and a number of steps after what has no end, found 'then'"},
      {"2 * cosine(1, 0, 0)", "18: gradus::Cosine.steps must be > 0 (got 0)"},
      {"(cosine(1, 0, 0) then 1 for 5) + cosine(1, 0, 0)",
       "47: gradus::Cosine.steps must be > 0 (got 0)"},
      {"repeat(1 for 0)", "1: gradus::Repeat.steps must be > 0 (got 0)"},
      {"per_epoch(0, cosine(1, 0, 5)) then 1", "11: gradus::PerEpoch.steps must be > 0 (got 0)"},
      {"flat_then_cosine(1, 5)",
       "22: expected a value for 'steps' of flat_then_cosine(rate, flat, steps), found ')'"},
      {"flat_then_cosine(-1, 5, 5)",
       "18: gradus::flat_then_cosine.rate must be finite and >= 0 (got -1)"},
      {"flat_then_cosine(1, -5, 5)", "21: gradus::flat_then_cosine.flat must be >= 0 (got -5)"},
      {"flat_then_cosine(1, 5, -5)", "24: gradus::flat_then_cosine.steps must be >= 0 (got -5)"},
      {"flat_then_cosine(1, 5, 5, end=-1)",
       "31: gradus::flat_then_cosine.end must be finite and >= 0 (got -1)"},
      {"flat_then_cosine(1, 0, 0)",
       "24: gradus::flat_then_cosine.steps must be > 0 where flat is 0 (got 0)"},
      {"warmup_stable_decay(1, 2, 3)",
       "28: expected a value for 'decay' of warmup_stable_decay(peak, warmup, stable, decay), "
       "found ')'"},
      {"warmup_stable_decay(-1, 2, 3, 4)",
       "21: gradus::warmup_stable_decay.peak must be finite and >= 0 (got -1)"},
      {"warmup_stable_decay(1, -2, 3, 4)",
       "24: gradus::warmup_stable_decay.warmup must be >= 0 (got -2)"},
      {"warmup_stable_decay(1, 2, -3, 4)",
       "27: gradus::warmup_stable_decay.stable must be >= 0 (got -3)"},
      {"warmup_stable_decay(1, 2, 3, -4)",
       "30: gradus::warmup_stable_decay.decay must be >= 0 (got -4)"},
      {"warmup_stable_decay(1, 2, 0, 0)",
       "30: gradus::warmup_stable_decay.decay must be > 0 where stable is 0 (got 0)"},
      {"warmup_stable_decay(1, 2, 3, 4, end=0, curve=geometric)",
       "37: gradus::warmup_stable_decay.end must be > 0 for the geometric curve (got 0)"},
      {"warmup_stable_decays(1)",
       "1: expected a schedule, found 'warmup_stable_decays'; did you mean "
       "'warmup_stable_decay'?"},
      {"1 for then 2", "7: expected a number of steps for 'steps', found 'then'"},
      {"(1", "3: expected ')', found the end of the text"},
      {"min()", "5: expected a schedule, found ')'"},
      {"min(1, 2", "9: expected ')', found the end of the text"},
      {"1 ; 2", "3: expected 'then', 'for', '+', '*' or the end of the text, found ';'"},
      {"1 \xc3\xa9",
       "3: expected 'then', 'for', '+', '*' or the end of the text, found a character beyond "
       "ASCII"},
      {"1 \x01",
       "3: expected 'then', 'for', '+', '*' or the end of the text, found a control character"},
      {"# \xc3\xa9t\xc3\xa9\n", "1: expected a schedule, found the end of the text"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    const std::string where =
        std::string_view(text).ends_with('\n') ? "line 2, column " : "column ";
    CHECK(refused(text) == "gradus: " + where + expected);
  }
}

TEST_CASE("An error shows the line, and a caret under the place", "[io]") {
  CHECK(try_parse("warmup(500) then cosine(1e-3 10000)").error.message() ==
        "gradus: column 30: expected ',' or ')', found '10000'\n"
        "  warmup(500) then cosine(1e-3 10000)\n"
        "                               ^");
  const auto error = try_parse("warmup(500) then\n\tcosin\xc3\xa9(1) # \xc3\xa9\n").error;
  CHECK(error.line == 2);
  CHECK(error.column == 2);
  CHECK(error.excerpt == "   cosin?(1) # ?\n   ^");
  const auto wide = try_parse(std::string(100, ' ') + "?" + std::string(100, '!')).error;
  CHECK(wide.column == 101);
  CHECK(wide.excerpt == "  ..." + std::string(50, ' ') + "?" + std::string(24, '!') + "...\n" +
                            std::string(55, ' ') + "^");
  CHECK(error.line == 2);
  CHECK_FALSE(try_parse("1").error);
}

TEST_CASE("A text of any size is read or refused, quickly", "[io]") {
  constexpr std::size_t million = 1'000'000;
  const auto many = [](const std::string& s) {
    std::string r;
    while (r.size() < million) r += s;
    return r;
  };
  const std::string too_many = "expected at most 1000 schedules, at most 64 deep, found more";
  const auto what = [](const std::string& text) { return try_parse(text).error.sentence; };
  CHECK(what(many("(")) == "expected at most 64 levels of parentheses, found '('");
  CHECK(what(many("min(")) == "expected at most 64 levels of parentheses, found 'min'");
  CHECK(what(many("reverse(")) == "expected at most 64 levels of parentheses, found 'reverse'");
  CHECK(what(many("1+") + "1") == too_many);
  CHECK(what(many("1*") + "1") == too_many);
  CHECK(what(many("1 for 1 then ") + "1") == too_many);
  CHECK(what(many("warmup(1) then ") + "1") == too_many);
  CHECK(what("1" + many(" for 1")) == too_many);
  CHECK(what("min(" + many("1,") + "1)") == too_many);
  CHECK(what("table([" + many("1,") + "1])") == "expected at most 1000 values, found '1'");
  CHECK(what(many(" ")) == "expected a schedule, found the end of the text");
  CHECK(what(many("#\n")) == "expected a schedule, found the end of the text");
  CHECK(what(many("a")) == "expected a schedule, found '" + std::string(40, 'a') + "...'");
  CHECK(what(many("9")) == "expected a number that a double holds for 'value', found '" +
                               std::string(40, '9') + "...'");
  CHECK(what("1 for " + many("9")) == "expected a number of steps below 2^63 for 'steps', found '" +
                                          std::string(40, '9') + "...'");
  CHECK(what("0." + many("0")).empty());
  CHECK(what("cosine(1, 0, " + many("0") + "5)").empty());
  CHECK(what(many("cosine(1, 0, 0) + ") + "1") == too_many);
  CHECK(to_string(parse(std::string(64 - 1, '(') + "1" + std::string(64 - 1, ')'))) ==
        "constant(1)");
}

TEST_CASE("The locale does not matter", "[io]") {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const char* name : {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8"})
    if (std::setlocale(LC_ALL, name) != nullptr) break;
  CHECK(to_string(parse("cosine(0.5, 1.25e-3, 1000000)")) == "cosine(0.5, 0.00125, 1000000)");
  std::setlocale(LC_ALL, before.c_str());
}
