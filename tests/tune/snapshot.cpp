#include <gradus/tune/snapshot.hpp>

#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <array>
#include <span>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Snapshot;

TEST_CASE("A snapshot goes back, and the training repeats bit for bit", "[tune]") {
  const auto run = [](const auto& rule, auto zero) {
    using P = decltype(zero);
    std::vector<std::vector<P>> p{std::vector<P>(100, P(1.0F)), {}, std::vector<P>(33, P(2.0F))};
    gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .steps = 50}, rule, p};
    const auto train = [&] {
      for (int t = 0; t < 5; ++t) {
        std::vector<std::vector<float>> g;
        for (const auto& s : p) g.push_back(support::numbers<float>(s.size(), opt.steps()));
        opt.step(p, g);
      }
    };
    train();
    const Snapshot here(opt, p);
    const auto before = p;
    train();
    const auto after = p;
    here.restore(opt, p);
    CHECK((here.steps() == 5 && opt.steps() == 5));
    CHECK((support::same_bits(p[0], before[0]) && support::same_bits(p[2], before[2])));
    train();
    CHECK((support::same_bits(p[0], after[0]) && support::same_bits(p[2], after[2])));
  };
  run(gradus::Adam{}, 0.0F);
  run(gradus::NAdam{}, 0.0F);  // with a scalar
  run(gradus::Compensated{gradus::Adam{}}, gradus::bfloat16{});
}

TEST_CASE("A snapshot goes into another optimizer of its rule", "[tune]") {
  std::vector<std::vector<float>> p(2, std::vector<float>(10, 1)), q = p;
  const auto g = p;
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::LAMB{}, p};
  opt.step(p, g);
  const Snapshot here(opt, p);
  gradus::Optimizer other{gradus::Cosine{.start = 0.1, .steps = 50},
                          gradus::LAMB{.weight_decay = 0.1}, q};
  here.restore(other, q);
  CHECK((other.steps() == 1 && q == p && other.rule().weight_decay == 0.1));
  for (const char* slot : {"m", "v"})
    CHECK(support::same_bits<float>(opt.slot(slot), other.slot(slot)));
}

TEST_CASE("A snapshot refuses spans of other sizes, and changes nothing", "[tune]") {
  std::vector<float> p{1, 2, 3}, other{1, 2};
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::Adam{}, p};
  CHECK_THROWS_WITH((Snapshot{opt, other}),
                    "gradus::Snapshot.params[0] must have as many elements as its span of "
                    "parameters, 3 (got 2)");
  const Snapshot here(opt, p);
  opt.step(p, std::vector<float>{1, 1, 1});
  const std::vector<float> stepped = p;
  CHECK_THROWS(here.restore(opt, other));
  const std::array parts{std::span(p).first(1), std::span(p).last(2)};
  CHECK_THROWS_WITH(here.restore(opt, parts),
                    "gradus::Snapshot.params must be 1 spans, as at construction (got 2)");
  gradus::Optimizer of_parts{gradus::Constant{0.1}, gradus::Adam{}, parts};
  CHECK_THROWS_WITH(here.restore(of_parts, p),
                    "gradus::Snapshot.optimizer must be 1 spans, as at construction (got 2)");
  gradus::Optimizer of_two{gradus::Constant{0.1}, gradus::Adam{}, other};
  CHECK_THROWS_WITH(
      here.restore(of_two, p),
      "gradus::Snapshot.optimizer[0] must have as many elements as it had, 3 (got 2)");
  CHECK((opt.steps() == 1 && p == stepped));
  const gradus::Optimizer moved = std::move(opt);
  CHECK_THROWS(here.restore(opt, p));  // NOLINT: moved from
  const auto kept = std::move(here);
  CHECK_THROWS(here.restore(opt, p));  // NOLINT: moved from, both
  CHECK_THROWS((Snapshot{opt, p}));
}
