// What is compared, and how long a training is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace digits {

struct Training {
  std::size_t steps = 1000, batch = 8, every = 20;  // a sample every `every` steps
};

struct Comparison {
  std::vector<std::size_t> schedules{}, rules{};  // their places in the lists of trial.hpp
  std::optional<double> rate{};                   // the peak rate of all, in place of a search
  std::uint64_t seed = 1;
  std::size_t repeats = 7;  // with the seeds seed, seed + 1 ...
  Training training{};
};

}  // namespace digits
