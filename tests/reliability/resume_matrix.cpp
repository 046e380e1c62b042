// Every rule by every schedule, stopped at each of 200 steps; and every rule from every way of
// computing to every other.
#include <cstdio>
#include <exception>

#include "support/every_rule.hpp"
#include "support/resume.hpp"

namespace {

struct Counts {
  std::size_t runs = 0, resumed = 0, pairs = 0;
};

template <class P>
void add(Counts& counts) {
  support::for_every_rule<P>([&](const auto& rule) {
    for (const std::string& schedule : support::some_schedules()) {
      counts.resumed += support::resumes<P>(rule, schedule, 100, 200);
      ++counts.runs;
    }
    counts.pairs += support::resumes_across<P>(rule, gradus::exec::piece + 5);
  });
}

}  // namespace

int main() {
  try {
    Counts counts;
    add<float>(counts), add<double>(counts), add<gradus::bfloat16>(counts);
    std::printf(
        "runs of 200 steps (rule by schedule by type): %zu, stopped and resumed at each step, on "
        "%zu instruction sets in turn: %zu, and ended in the same bytes\n",
        counts.runs, support::paths().size(), counts.resumed);
    std::printf(
        "of each rule and type, saved and resumed in every pair of %zu ways (instruction set by "
        "1, 2, 4 threads): %zu pairs, which ended in the same bytes\n",
        support::ways().size(), counts.pairs);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "resume_matrix: %s\n", error.what());
    return 1;
  }
  return 0;
}
