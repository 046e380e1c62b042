// What every optimizer does, whatever its rule.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/resume.hpp"

namespace support {

/// Resumes at each of 200 steps, with the i-th schedule.
inline void resumes_by_schedule(const MakeSaved<float>& rule, std::size_t i) {
  const std::string& schedule = some_schedules()[i % some_schedules().size()];
  CAPTURE(i, schedule);
  CHECK(resumes<float>(rule, gradus::io::parse(schedule), 100, 200) == 200);
}

/// Allocates nothing in a step, and leaves nothing behind when it is skipped.
inline void skips_without_trace(const MakeSaved<float>& rule) {
  using Run = Training<float>;
  constexpr std::size_t n = 100;
  const Folder folder;
  Run run(rule, [](gradus::step_t) { return 0.01; }, n, 1, gradus::NonFinite::skip);
  for (gradus::step_t t = 0; t < 3; ++t) {
    const std::vector<float> g = Run::numbers_of(n, 10 + t);
    CHECK(allocations([&] { run.step(g); }) == 0);
  }
  run.save(folder / "before");
  for (const float bad : {nan<float>(), infinity<float>()})
    for (const std::size_t at : {std::size_t{0}, n / 3, n - 1}) {
      std::vector<float> g = Run::numbers_of(n, 20);
      g[at] = bad;
      bool applied = true;
      CHECK(allocations([&] { applied = run.step(g).applied; }) == 0);
      CHECK_FALSE(applied);
    }
  run.save(folder / "after");
  CHECK(bytes_of(folder / "after") == bytes_of(folder / "before"));
}

}  // namespace support
