#include <version>

#if defined(__cpp_lib_format)  // not every library has it yet
#include <gradus/text/format.hpp>

#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include "support/catch.hpp"

TEST_CASE("Schedules and results in std's formats", "[io]") {
  const gradus::Cosine<> cosine{.start = 0.1, .end = 1e-5, .steps = 100};
  CHECK(std::format("a {}.", cosine) == "a Cosine{start=0.1, end=1e-05, steps=100}.");
  CHECK(std::format("{:>20}|", gradus::Constant<>{1}) == "   Constant{value=1}|");
  CHECK(std::format("{}", gradus::StepResult{12, 0.25, true}) == "step 12: rate 0.25");
  CHECK(std::format("{}", gradus::difference(cosine, cosine, 100)) == "none");
  CHECK(std::format("{:.9}", gradus::summarize(cosine, 100)) == "100 steps");
}
#endif
