// A trial that cannot go on has nothing that successive halving could stop.
// expect: Halving goes on with trainings: its trial returns what is called with steps
#include <gradus/tune/search.hpp>

int main() {
  const gradus::tune::Space space{{"rate", gradus::tune::log_range(1e-4, 1)}};
  const gradus::tune::Halving how{gradus::tune::Random{.trials = 9, .steps = 90}, 10};
  search(space, how, [](const gradus::tune::Setting& s) { return s["rate"]; });
}
