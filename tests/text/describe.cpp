#include <gradus/text/describe.hpp>

#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/cyclical.hpp>
#include <gradus/text/any_schedule.hpp>

#include <string>
#include <string_view>

#include "support/schedule_conformance.hpp"

using gradus::Cosine;
using gradus::step_t;
using gradus::io::describe;
using gradus::io::Description;

namespace {

struct Mine {
  static constexpr const char* name = "Mine";
  double operator()(step_t) const { return 1; }
};
struct MineWithFields {
  static constexpr const char* name = "MineWithFields";
  static constexpr const char* fields = "rate floor=";
  double rate = 0, floor = 0.5;
  double operator()(step_t) const { return rate; }
};
static_assert(gradus::io::Described<Cosine<>> && !gradus::io::Described<Mine>);
static_assert(gradus::io::Described<MineWithFields>);

template <class S>
std::string line(const S& schedule) {
  const Description d = describe(schedule);
  CHECK(std::string_view(d.c_str()) == d.text());
  return std::string(d);
}

}  // namespace

TEST_CASE("A description has the type, the fields and their values", "[io]") {
  CHECK(line(Cosine<>{.start = 0.1, .end = 1e-5, .steps = 100}) ==
        "Cosine{start=0.1, end=1e-05, steps=100}");
  CHECK(line(gradus::Cyclical<>{.low = 0, .high = 1.0 / 3, .up = 10}) ==
        "Cyclical{low=0, high=0.3333333333333333, up=10}");
}

TEST_CASE("A schedule of the user that names its fields is described by them", "[io]") {
  CHECK(line(MineWithFields{.rate = 0.1}) == "MineWithFields{rate=0.1}");
  CHECK(line(gradus::Warmup{10, MineWithFields{1, 2}}) ==
        "Warmup{steps=10, schedule=MineWithFields{rate=1, floor=2}}");
}

TEST_CASE("A description says what is inside", "[io]") {
  const std::string inner = "Cosine{start=0.1, steps=90}";
  const Cosine<> cosine{.start = 0.1, .steps = 90};
  CHECK(line(gradus::Warmup{10, cosine}) == "Warmup{steps=10, schedule=" + inner + "}");
  CHECK(line(gradus::Warmup{10, cosine, 0.25, gradus::Curve::root}) ==
        "Warmup{steps=10, schedule=" + inner + ", from=0.25, curve=root}");
  CHECK(line(gradus::Warmup{10, Mine{}}) == "Warmup{steps=10, schedule=Mine{...}}");
  int captured = 1;  // not default constructible: nothing is known of its defaults
  CHECK(line(gradus::Warmup{10, [captured](step_t) { return captured; }}) ==
        "Warmup{steps=10, schedule=a function of the step, curve=linear, power=1}");
}

TEST_CASE("A description of rows and points", "[io]") {
  using namespace gradus;
  CHECK(line(MultiStep{.start = 1, .boundaries = {30, 80}}) ==
        "MultiStep{start=1, boundaries={30, 80}}");
  CHECK(line(PiecewiseConstant{.start = 1, .points = {{30, 0.5}, {80, 0.1}}}) ==
        "PiecewiseConstant{start=1, points={{30, 0.5}, {80, 0.1}}}");
  CHECK(line(Sequence{For{5, Constant<>{1}}, [](step_t) { return 1; }}) ==
        "Sequence{For{steps=5, schedule=Constant{value=1}}, a function of the step}");
  CHECK(line(scale(Cosine<>{1, 0, 9}, 2)) ==
        "product{Cosine{start=1, steps=9}, Constant{value=2}}");
}

TEST_CASE("A schedule that was read from a text is described as if it had been written in C++",
          "[io]") {
  const auto cosine = Cosine<>{.start = 0.1, .steps = 100};
  CHECK(line(gradus::io::AnySchedule(gradus::Warmup{10, cosine})) ==
        line(gradus::Warmup{10, cosine}));
  CHECK(line(gradus::io::AnySchedule()) == "no schedule");
}

TEST_CASE("A description of what has no fields", "[io]") {
  CHECK(line([](step_t) { return 1; }) == "a function of the step");
  CHECK(line(Mine{}) == "Mine{...}");
}

TEST_CASE("Values are as few digits as tell them apart", "[io]") {
  CHECK(line(gradus::Constant<float>{0.1F}) == "Constant{value=0.1}");
  CHECK(line(gradus::Constant<>{0.1 + 0.2}) == "Constant{value=0.30000000000000004}");
  CHECK(line(gradus::Constant<>{1e300}) == "Constant{value=1e+300}");
  CHECK(line(Cosine<>{1, 0, -5}) == "Cosine{start=1, steps=-5}");
  CHECK(line(Cosine<>{1, 0, gradus::last_step}) == "Cosine{start=1, steps=9223372036854775807}");
}

TEST_CASE("A line that is too long ends in dots", "[io]") {
  Description d;
  d << std::string(600, 'x');
  CHECK(d.text() == std::string(508, 'x') + "...");
  d << "more";
  CHECK(d.text() == std::string(508, 'x') + "...");
  Description full;
  full << std::string(511, 'x') << "";
  CHECK(full.text() == std::string(511, 'x'));
}
