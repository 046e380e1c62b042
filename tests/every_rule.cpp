// What every rule must do in an optimizer. Its own test registers it, where it is compiled;
// every_plain_chain.cpp, every_adam_chain.cpp and every_storage.cpp do the same for the wrappers.
#include <gradus/gradus.hpp>

#include "support/catch.hpp"
#include "support/every_rule.hpp"
#include "support/in_an_optimizer.hpp"
#include "support/registry.hpp"

TEST_CASE("Every rule resumes at each of 200 steps, bit for bit", "[io][resume]") {
  std::size_t i = 0;
  support::for_every_rule([&](const auto& rule, auto... /*digest*/) {
    support::resumes_by_schedule(support::registered_to_save(rule), i++);
  });
}

TEST_CASE("A step of any rule does not allocate, and one that is skipped leaves no trace",
          "[optimizer][allocations]") {
  support::for_every_rule([](const auto& rule, auto... /*digest*/) {
    CAPTURE(gradus::io::kind_of(rule));
    support::skips_without_trace(support::registered_to_save(rule));
  });
}
