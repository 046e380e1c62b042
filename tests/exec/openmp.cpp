#include <gradus/exec/openmp.hpp>

#include <set>
#include <vector>

#include "support/executors.hpp"

TEST_CASE("OpenMP's threads leave no trace", "[exec]") {
  for (const int threads : {0, 1, 2, 5}) support::leaves_no_trace(gradus::OpenMP{threads});
}

TEST_CASE("OpenMP takes as many threads as it is told", "[exec]") {
  std::vector<int> of(64, -1);
  gradus::OpenMP{3}(of.size(), [&](std::size_t i) { of[i] = omp_get_thread_num(); });
  const std::set<int> seen(of.begin(), of.end());
  CHECK((seen.count(-1) == 0 && !seen.empty() && seen.size() <= 3));
}
