#include <gradus/text/to_cpp.hpp>

#include <gradus/text/text.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "support/catch.hpp"

namespace io = gradus::io;

namespace {

// The expression on one line.
std::string one_line(std::string_view expression) {
  std::string r;
  for (const char c : expression)
    if (c != ' ' || !(r.ends_with(' ') || r.ends_with('{') || r.ends_with('('))) r += c;
  return r;
}

}  // namespace

// The text must become this C++ expression, which must make the same schedule.
#define SAME(text, ...)                                \
  do {                                                 \
    CAPTURE(text);                                     \
    const io::AnySchedule read = io::parse(text);      \
    CHECK(io::to_cpp(read) == one_line(#__VA_ARGS__)); \
    CHECK(io::AnySchedule(__VA_ARGS__) == read);       \
  } while (false)

TEST_CASE("A schedule is written as the C++ expression that makes it") {
  SAME("0.1", gradus::Constant{.value = 0.1});
  SAME("cosine(1, 0, 100)", gradus::Cosine{.start = 1.0, .steps = 100});
  SAME(
      "cosine(1e-3, 1e-5, 1234567, past=mirror, k=0.5)",
      gradus::Cosine{
          .start = 0.001, .end = 1e-5, .steps = 1'234'567, .past = gradus::Past::mirror, .k = 0.5});
  SAME("exponential_decay(0.1, 0.99, every=10, staircase=true, limit=0.01)",
       gradus::ExponentialDecay{
           .start = 0.1, .factor = 0.99, .every = 10, .staircase = true, .limit = 0.01});
  SAME("cyclical(1e-4, 1e-2, 100, shape=triangular2)",
       gradus::Cyclical{.low = 1e-4, .high = 0.01, .up = 100, .shape = gradus::Cycle::triangular2});
}

TEST_CASE("Lists are written as C++ lists") {
  SAME("multi_step(0.1, [30, 60, 2000], boundary=after)",
       gradus::MultiStep{
           .start = 0.1, .boundaries = {30, 60, 2'000}, .boundary = gradus::Boundary::after});
  SAME("points([0: 0, 100: 1, 1000: 0.1], curve=cosine)",
       gradus::Points{.points = {{0, 0.0}, {100, 1.0}, {1'000, 0.1}},
                      .curve = gradus::Curve::cosine});
  SAME("piecewise_constant(1, [5: 0.5])",
       gradus::PiecewiseConstant{.start = 1.0, .points = {{5, 0.5}}});
  SAME("table([1, 0.5, 1e30], past=repeat)",
       gradus::Table{.values = std::vector{1.0, 0.5, 1e30}, .past = gradus::Past::repeat});
}

TEST_CASE("Schedules of schedules are written as C++ expressions") {
  SAME("warmup(500, from=0.01, curve=geometric) then cosine(1e-3, 0, 9500)",
       gradus::Warmup{.steps = 500,
                      .schedule = gradus::Cosine{.start = 0.001, .steps = 9'500},
                      .from = 0.01,
                      .curve = gradus::Curve::geometric});
  SAME("0.5 for 10 then linear(1, 0, 20) then 2",
       gradus::Sequence{gradus::For{.steps = 10, .schedule = gradus::Constant{.value = 0.5}},
                        gradus::Linear{.start = 1.0, .steps = 20}, gradus::Constant{.value = 2.0}});
  SAME("2 * cosine(1, 0, 9) * 0.5",
       gradus::product(gradus::Constant{.value = 2.0}, gradus::Cosine{.start = 1.0, .steps = 9},
                       gradus::Constant{.value = 0.5}));
  SAME("1 + 2 * 3", gradus::sum(gradus::Constant{.value = 1.0},
                                gradus::product(gradus::Constant{.value = 2.0},
                                                gradus::Constant{.value = 3.0})));
  SAME("min(1, 2, max(3, 4))",
       gradus::minimum(
           gradus::Constant{.value = 1.0}, gradus::Constant{.value = 2.0},
           gradus::maximum(gradus::Constant{.value = 3.0}, gradus::Constant{.value = 4.0})));
  SAME("clamp(inverse_sqrt(0.1, 100), 0.01, 1)",
       gradus::Clamp{
           .schedule = gradus::InverseSqrt{.start = 0.1, .tau = 100}, .low = 0.01, .high = 1.0});
  SAME("repeat(cosine(1, 0, 10) then 0.1 for 5, times=3)",
       gradus::Repeat{.schedule =
                          gradus::Sequence{
                              gradus::Cosine{.start = 1.0, .steps = 10},
                              gradus::For{.steps = 5, .schedule = gradus::Constant{.value = 0.1}}},
                      .times = 3});
  SAME("noise(0.1, 0.05, seed=18446744073709551615, spread=normal)",
       gradus::Noise{.schedule = gradus::Constant{.value = 0.1},
                     .amount = 0.05,
                     .seed = 18'446'744'073'709'551'615u,
                     .spread = gradus::Spread::normal});
  SAME("per_epoch(10, stretch(shift(reverse(linear(1, 0, 20)), 5), 20, 40))",
       gradus::PerEpoch{
           .steps = 10,
           .schedule = gradus::Stretch{
               .schedule =
                   gradus::Shift{
                       .schedule =
                           gradus::Reverse{.schedule = gradus::Linear{.start = 1.0, .steps = 20}},
                       .by = 5},
               .from = 20,
               .to = 40}});
  SAME("opposite(cyclical(1e-4, 1e-2, 100), high=0.9)",
       gradus::Opposite{.schedule = gradus::Cyclical{.low = 1e-4, .high = 0.01, .up = 100},
                        .high = 0.9});
  CHECK(io::to_cpp(io::AnySchedule()).empty());
}
