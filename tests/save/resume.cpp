// A training that is stopped and continued has the same bits as one that is not, for every
// schedule, type and path; every_rule.cpp tests every rule. tools/reliability tests all
// combinations.
#include <gradus/gradus.hpp>

#include <string>

#include "support/catch.hpp"
#include "support/resume.hpp"

using namespace gradus;

TEST_CASE("Every schedule resumes at each of 200 steps, bit for bit", "[io][resume]") {
  for (const std::string& schedule : support::some_schedules()) {
    CAPTURE(schedule);
    // Not a function as elsewhere: the schedule itself, whose kind the file has.
    const auto make = [&](const support::AnyRate&, const std::vector<std::span<float>>& params,
                          NonFinite policy) {
      return std::make_unique<support::ErasedSavedOptimizer<SGD, float, io::AnySchedule>>(
          io::parse(schedule), SGD{}, params, policy);
    };
    CHECK(support::resumes<float>(make, {}, 100, 200) == 200);
  }
}

TEST_CASE("Doubles and halves resume at each of 200 steps, bit for bit", "[io][resume]") {
  const auto rate = [](step_t) { return 0.01; };
  const auto doubles = support::saved_optimizers_of<double>(NAdam{});
  const auto halves = support::saved_optimizers_of<bfloat16>(Compensated{stored<bfloat16>(Adam{})});
  CHECK(support::resumes<double>(doubles, rate, 100, 200) == 200);
  CHECK(support::resumes<bfloat16>(halves, rate, 100, 200) == 200);
}

TEST_CASE("What any path and threads have saved resumes on all others", "[io][resume]") {
  const auto pairs = [](const auto& rule) {
    const auto make = support::saved_optimizers_of<float>(rule);
    return support::resumes_across<float>(make, 3 * exec::piece + 5);
  };
  const std::size_t all = support::ways().size();  // all have written the file of which all go on
  CHECK(pairs(LAMB{}) == all);
  CHECK(pairs(stored<Signed8, Positive8>(AdamW{.weight_decay = 0.01})) == all);
}
