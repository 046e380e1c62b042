#include <gradus/training/exchange.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/schedule_free_adamw.hpp>
#include <gradus/rule/schedule_free_sgd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/schedule/constant.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/folder.hpp"
#include "support/rule_conformance.hpp"

using gradus::Constant;
using gradus::exchange;
using gradus::Optimizer;

namespace {

const std::vector<std::size_t> lengths{60, 0, 3, 37};

template <class R>
struct Training {
  std::vector<float> p = support::numbers<float>(100, 1);
  Optimizer<Constant<>, R, float> opt;
  explicit Training(const R& rule, int steps = 5)
      : opt(Constant<>{0.1}, rule, support::cut(p, lengths)) {
    for (int t = 0; t < steps; ++t) step();
  }
  void step() {
    const std::vector<float> g = support::numbers<float>(100, 2 + opt.steps());
    opt.step(support::cut(p, lengths), support::cut(g, lengths));
  }
  void exchange(const char* slot) { gradus::exchange(opt, support::cut(p, lengths), slot); }
};

template <class R>
void goes_there_and_back(const R& rule, const char* slot) {
  Training<R> training(rule), same(rule);
  const std::vector<float> trained = training.p;
  const std::span<const float> kept = training.opt.slot(slot);
  const std::vector<float> average(kept.begin(), kept.end());
  training.exchange(slot);
  CHECK(support::same_bits(training.p, average));
  CHECK(support::same_bits<float>(training.opt.slot(slot), std::span<const float>(trained)));
  CHECK_FALSE(support::same_bits(training.p, trained));
  training.exchange(slot);
  CHECK(support::same_bits(training.p, trained));
  training.step(), same.step();
  CHECK(support::same_bits(training.p, same.p));
}

}  // namespace

TEST_CASE("The weights to evaluate are exchanged for the parameters, and back, bit for bit",
          "[exchange]") {
  goes_there_and_back(gradus::ScheduleFreeSGD{}, "x");
  goes_there_and_back(gradus::ScheduleFreeAdamW{}, "x");
  goes_there_and_back(gradus::Chain{gradus::Adam{}, gradus::Ema{0.9}}, "Ema.average");
}

TEST_CASE("What was saved is loaded, whichever weights are in place", "[exchange][io]") {
  using R = gradus::ScheduleFreeAdamW;
  const support::Folder folder;
  const std::string file = folder / "state";
  const auto named = [](auto& t) { return gradus::io::named("p", t.p); };
  for (const bool evaluating : {false, true}) {
    CAPTURE(evaluating);
    Training<R> training{R{}}, other(R{}, 2);
    if (evaluating) training.exchange("x");
    gradus::io::save(file, training.opt, named(training));
    if (evaluating) training.exchange("x");
    gradus::io::load(file, other.opt, named(other));
    if (evaluating) other.exchange("x");
    CHECK(support::same_bits(training.p, other.p));
    for (int t = 0; t < 3; ++t) training.step(), other.step();
    CHECK(support::same_bits(training.p, other.p));
    training.exchange("x"), other.exchange("x");
    CHECK(support::same_bits(training.p, other.p));
  }
}

TEST_CASE("An exchange that is refused has changed nothing", "[exchange]") {
  Training<gradus::ScheduleFreeSGD> training{gradus::ScheduleFreeSGD{}};
  const std::vector<float> trained = training.p;
  auto& opt = training.opt;
  const auto refused = [&](const std::vector<std::size_t>& cut, const auto& slot) {
    const std::string words =
        support::words_of([&] { exchange(opt, support::cut(training.p, cut), slot); });
    CHECK(support::same_bits(training.p, trained));
    return words;
  };
  CHECK(refused({60, 0, 3}, "x") ==
        "gradus::exchange.params must be 4 spans, as at construction (got 3)");
  CHECK(refused({60, 0, 3, 37, 0}, "x") ==
        "gradus::exchange.params must be 4 spans, as at construction (got 5)");
  CHECK(refused({60, 3, 0, 37}, "x") ==
        "gradus::exchange.params[1] must have as many elements as its span of parameters, 0 (got "
        "3)");
  CHECK_FALSE(refused(lengths, "y").empty());
  CHECK_FALSE(refused(lengths, 7).empty());
  std::vector<gradus::bfloat16> halves(4);
  Optimizer master{Constant<>{0.1}, gradus::Master{gradus::ScheduleFreeSGD{}}, halves};
  CHECK(support::words_of([&] { exchange(master, halves, "x"); }) ==
        "gradus::Optimizer.slot must be asked for as what it is stored as: slot<E>(j) (got 1)");
}
