// As every_rule.cpp, for the list for_every_adam_chain.
#include <gradus/gradus.hpp>

#include "support/catch.hpp"
#include "support/every_rule.hpp"
#include "support/in_an_optimizer.hpp"

TEST_CASE(
    "Every chain around Adam or one like it resumes at each of 200 steps, bit for bit, and a "
    "skipped step leaves no trace",
    "[io][resume][optimizer][allocations]") {
  std::size_t i = 0;
  support::for_every_adam_chain([&](const auto& rule) {
    CAPTURE(gradus::io::kind_of(rule));
    const auto make = support::saved_optimizers_of<float>(rule);
    support::resumes_by_schedule(make, i++);
    support::skips_without_trace(make);
  });
}
