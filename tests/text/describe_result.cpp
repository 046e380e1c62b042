#include <gradus/text/describe_result.hpp>

#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/step_decay.hpp>

#include "support/catch.hpp"

using gradus::Cosine;
using gradus::io::describe;

TEST_CASE("Results in a line", "[io]") {
  CHECK(describe(gradus::StepResult{12, 0.1 + 0.2, true}).text() == "step 12: rate 0.3");
  CHECK(describe(gradus::StepResult{12, 1e-5, false}).text() == "step 12: rate 1e-05, skipped");
  CHECK(describe(gradus::StepResult{12, 1e-5, false, true}).text() ==
        "step 12: rate 1e-05, frozen");
  CHECK(describe(gradus::Difference{9, 0.25}).text() == "0.25 at step 9");
  CHECK(describe(gradus::Difference{}).text() == "none");
  CHECK(describe(summarize(gradus::Warmup{10, Cosine<>{0.1, 0, 90}}, 100)).text() ==
        "100 steps: first 0.01, last 3.04586e-05, peak 0.1 at 9, lowest 3.04586e-05 at 99, sum "
        "5.1, mean 0.051, no jumps");
  CHECK(describe(summarize(gradus::StepDecay<>{0.1, 30}, 100)).text() ==
        "100 steps: first 0.1, last 0.0001, peak 0.1 at 0, lowest 0.0001 at 90, sum 3.331, mean "
        "0.03331, 3 jumps, the first at 30");
}
