// Every rule by every schedule, stopped at each of 200 steps; and every rule from every way of
// computing to every other.
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "support/every_rule.hpp"
#include "support/how_far.hpp"
#include "support/resume.hpp"

namespace {

struct Counts {
  std::size_t runs = 0, ended = 0, all = 0;

  void add(std::size_t more) {
    ended += more;
    support::say_how_far(++runs, all);
  }
};

std::size_t rules() {  // of all three types
  std::size_t r = 0;
  support::for_everything<float>([&](const auto&) { ++r; });
  support::for_everything<double>([&](const auto&) { ++r; });
  support::for_everything<gradus::bfloat16>([&](const auto&) { ++r; });
  return r;
}

template <class P>
void add_steps(Counts& counts) {
  support::for_everything<P>([&](const auto& rule) {
    const auto make = support::saved_optimizers_of<P>(rule);
    for (const std::string& schedule : support::some_schedules())
      counts.add(support::resumes<P>(make, gradus::io::parse(schedule), 100, 200));
  });
}
template <class P>
void add_pairs(Counts& counts) {
  support::for_everything<P>([&](const auto& rule) {
    counts.add(support::resumes_across<P>(support::saved_optimizers_of<P>(rule),
                                          gradus::exec::piece + 5, true));
  });
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  Counts counts;
  try {
    if (what == "steps") {
      counts.all = rules() * support::some_schedules().size();
      add_steps<float>(counts), add_steps<double>(counts), add_steps<gradus::bfloat16>(counts);
      std::printf(
          "runs of 200 steps (rule by schedule by type): %zu, each stopped at each of its steps "
          "and resumed, on %zu instruction sets in turn: %zu continued runs, all of which ended in "
          "the bytes of the uninterrupted one\n",
          counts.runs, support::paths().size(), counts.ended);
    } else if (what == "pairs") {
      counts.all = rules();
      add_pairs<float>(counts), add_pairs<double>(counts), add_pairs<gradus::bfloat16>(counts);
      std::printf(
          "rules and types: %zu, each saved in %zu ways (instruction set by 1, 2, 4 threads) and "
          "resumed in each of them: %zu pairs, all of which ended in the bytes of an uninterrupted "
          "run on the scalar path and one thread\n",
          counts.runs, support::ways().size(), counts.ended);
    } else {
      std::fputs("usage: resume_matrix steps | pairs\n", stderr);
      return 2;
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "resume_matrix: %s\n", error.what());
    return 1;
  }
  return 0;
}
