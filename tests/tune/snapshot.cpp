#include <gradus/tune/snapshot.hpp>

#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/schedule/cosine.hpp>

#include <array>
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

TEST_CASE("A snapshot refuses spans of other sizes, and changes nothing", "[tune]") {
  std::vector<float> p{1, 2, 3}, other{1, 2};
  gradus::Optimizer opt{gradus::Cosine{.start = 0.1, .steps = 50}, gradus::Adam{}, p};
  CHECK_THROWS_WITH((Snapshot{opt, other}),
                    "gradus::Snapshot.params must be of the sizes that the optimizer was made for "
                    "(got 3)");
  const Snapshot here(opt, p);
  opt.step(p, std::vector<float>{1, 1, 1});
  CHECK_THROWS(here.restore(opt, other));
  CHECK_THROWS(here.restore(
      opt, std::array<std::span<float>, 2>{std::span(p).first(1), std::span(p).last(2)}));
  CHECK(opt.steps() == 1);
}
