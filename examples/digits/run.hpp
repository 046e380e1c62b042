// The options of the program, which main.cpp reads, and what run.cpp does with them. They are two
// files, so that neither takes long to compile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "comparison.hpp"
#include "data.hpp"

namespace digits {

struct Options {
  Comparison what{};
  std::vector<std::string> schedules{"all"}, rules{"SGD", "Momentum", "RMSprop", "Adam"};
  std::string data = GRADUS_DIGITS, out = "demo-results";
  std::size_t rows = digits::rows, threads = std::max(1U, std::thread::hardware_concurrency());
};

// The names in the lists of trial.hpp.
std::vector<std::string> schedule_names();
std::vector<std::string> rule_names();

void demo(const Options& o);

}  // namespace digits
