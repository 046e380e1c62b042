#include <gradus/text/fmt.hpp>

#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include "support/catch.hpp"

TEST_CASE("Schedules and results in fmt's formats", "[io]") {
  const gradus::Cosine<> cosine{.start = 0.1, .end = 1e-5, .steps = 100};
  CHECK(fmt::format("a {}.", cosine) == "a Cosine{start=0.1, end=1e-05, steps=100}.");
  CHECK(fmt::format("{:>20}|", gradus::Constant<>{1}) == "   Constant{value=1}|");
  CHECK(fmt::format("{}", gradus::StepResult{12, 0.25, true}) == "step 12: rate 0.25");
  CHECK(fmt::format("{}", gradus::difference(cosine, cosine, 100)) == "none");
  CHECK(fmt::format("{:.9}", gradus::summarize(cosine, 100)) == "100 steps");
}
