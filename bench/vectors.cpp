// The memory of std::vector: gradus, and the fastest exact hand loop.
#include <string>

#include "bench.hpp"

namespace bench {
namespace {

template <class R>
void add_rule(const R& rule, hand::Loop loop) {
  const auto name = std::string("vectors/") + R::name + "/";
  add(name + "update", [=](benchmark::State& s) { run_update(s, rule, Place::vector); });
  add(name + "Optimizer", [=](benchmark::State& s) { run_step(s, rule, Place::vector); });
  add(name + "hand",
      [=](benchmark::State& s) { run_hand(s, loop, gradus::slot_count<R>, Place::vector); });
}

}  // namespace

void add_vectors() {
  const hand::Loops& best = hand::O3_native_no_errno::loops;
  add_rule(gradus::SGD{}, best.sgd);
  add_rule(gradus::Momentum{}, best.momentum);
  add_rule(gradus::Adam{}, best.adam);
}

}  // namespace bench
