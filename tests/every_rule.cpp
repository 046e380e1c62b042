// What every rule, chain and way to store state must do in an optimizer, each compiled once.
#include <gradus/gradus.hpp>

#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/every_rule.hpp"
#include "support/resume.hpp"

using gradus::NonFinite;
using gradus::step_t;

TEST_CASE("Every rule resumes at each of 200 steps, bit for bit", "[io][resume]") {
  std::size_t i = 0;
  support::for_everything<float>([&](const auto& rule) {
    const auto& all = support::some_schedules();
    const std::string& schedule = all[i++ % all.size()];
    CAPTURE(i, schedule);
    CHECK(support::resumes<float>(rule, schedule, 100, 200) == 200);
  });
}

TEST_CASE("A step of any rule does not allocate, and one that is skipped leaves no trace",
          "[optimizer][allocations]") {
  constexpr std::size_t n = 100;
  const support::Folder folder;
  const auto schedule = gradus::io::parse("0.01");
  support::for_everything<float>([&]<class R>(const R& rule) {
    using Run = support::Training<float, R>;
    CAPTURE(gradus::io::kind_of(rule));
    Run run(rule, schedule, n, 1, NonFinite::skip);
    for (step_t t = 0; t < 3; ++t) {
      const std::vector<float> g = Run::numbers_of(n, 10 + t);
      CHECK(support::allocations([&] { run.step(g); }) == 0);
    }
    run.save(folder / "before");
    for (const float bad : {support::nan<float>(), support::infinity<float>()})
      for (const std::size_t at : {std::size_t{0}, n / 3, n - 1}) {
        std::vector<float> g = Run::numbers_of(n, 20);
        g[at] = bad;
        bool applied = true;
        CHECK(support::allocations([&] { applied = run.step(g).applied; }) == 0);
        CHECK_FALSE(applied);
      }
    run.save(folder / "after");
    CHECK(support::bytes_of(folder / "after") == support::bytes_of(folder / "before"));
  });
}
