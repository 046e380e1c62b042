#include <gradus/feedback/plateau.hpp>

#include <gradus/optimizer.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "support/feedback_data.hpp"

using gradus::Counting;
using gradus::Goal;
using gradus::Margin;
using gradus::Plateau;

namespace {

// At compile time, too: with a patience of 2, the fourth metric reduces the value.
constexpr double after(int evaluations, Counting counting) {
  Plateau p{.factor = 0.5, .patience = 2, .counting = counting};
  for (int i = 0; i < evaluations; ++i) p(1);
  return p.value();
}
static_assert(after(3, Counting::pytorch) == 1 && after(4, Counting::pytorch) == 0.5);
static_assert(after(2, Counting::keras) == 1 && after(3, Counting::keras) == 0.5);

}  // namespace

TEST_CASE("Plateau counts as PyTorch does", "[feedback]") {
  const Plateau d{.start = 0.1};
  support::follows("pytorch", d);
  support::follows("pytorch_patience",
                   Plateau{.factor = 0.5, .patience = 2, .start = 0.1, .least_change = 1e-6});
  support::follows("pytorch_none",
                   Plateau{.factor = 0.9, .patience = 0, .cooldown = 2, .start = 0.1});
  support::follows(
      "pytorch_max",
      Plateau{.factor = 0.5, .patience = 3, .threshold = 0.05, .goal = Goal::max, .start = 0.1});
  support::follows("pytorch_abs", Plateau{.factor = 0.7,
                                          .patience = 2,
                                          .threshold = 0.1,
                                          .margin = Margin::absolute,
                                          .start = 0.1});
  support::follows("pytorch_max_abs", Plateau{.factor = 0.8,
                                              .patience = 1,
                                              .threshold = 0.02,
                                              .margin = Margin::absolute,
                                              .goal = Goal::max,
                                              .start = 0.1});
  support::follows(
      "pytorch_cooldown",
      Plateau{.factor = 0.5, .patience = 2, .cooldown = 5, .start = 0.1, .floor = 1e-3});
}

TEST_CASE("Plateau counts as Keras does", "[feedback]") {
  const Plateau d{
      .margin = Margin::absolute, .start = 0.1, .least_change = 0, .counting = Counting::keras};
  support::follows("keras", d);
  Plateau p = d;
  p.factor = 0.5, p.patience = 3, p.threshold = 0.05;
  support::follows("keras_patience", p);
  p = d, p.factor = 0.5, p.patience = 2, p.cooldown = 3, p.floor = 0.004;
  support::follows("keras_cooldown", p);
  p = d, p.goal = Goal::max, p.factor = 0.7, p.patience = 2, p.cooldown = 1;
  support::follows("keras_max", p);
  p = d, p.factor = 0.9, p.patience = 0;
  support::follows("keras_none", p);
}

TEST_CASE("A plateau of negative metrics", "[feedback]") {
  // A threshold relative to a negative best: a metric that is slightly worse is not better.
  Plateau low{.factor = 0.5, .patience = 0, .threshold = 0.1};
  CHECK(low(-1) == 1);
  CHECK(low(-0.95) == 0.5);   // PyTorch counts this as better
  CHECK(low(-1.05) == 0.25);  // better by less than a tenth
  CHECK(low(-1.15) == 0.25);
  CHECK(low.state.best == -1.15);
  // Goal::max with negative metrics: the first one is better than none.
  Plateau high{.factor = 0.5, .patience = 0, .threshold = 0.1, .goal = Goal::max};
  CHECK(high(-2) == 1);
  CHECK(high.state.best == -2);
  CHECK(high(-1) == 1);
  CHECK(high(-0.95) == 0.5);
  high.margin = Margin::absolute;
  CHECK(high(-0.95) == 0.25);  // -1 + 0.1, not -1 * 0.1
  CHECK(high(-0.85) == 0.25);
}

TEST_CASE("A metric that is no number is bad, also the first", "[feedback]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {nan, infinity, -infinity}) {
    Plateau p{.factor = 0.5, .patience = 1};
    CHECK((p(bad) == 1 && p(bad) == 0.5));
    CHECK(p(3) == 0.5);
    CHECK(p.state.best == 3);
    CHECK((p(bad) == 0.5 && p(bad) == 0.25 && p.state.best == 3));
  }
}

TEST_CASE("A plateau's factor goes into a step; its state is four doubles", "[feedback]") {
  std::vector<float> p{1}, g{1};
  gradus::Optimizer opt{gradus::Constant{0.5}, gradus::SGD{}, p};
  Plateau plateau{.factor = 0.5, .patience = 0};
  plateau(1), plateau(1);
  CHECK(opt.step(p, g, {.factor = plateau.value()}).rate == 0.25);
  const auto saved = std::bit_cast<std::array<double, 4>>(plateau.state);
  Plateau other{.factor = 0.5, .patience = 0};
  other.state = std::bit_cast<Plateau::State>(saved);
  CHECK((other.value() == 0.5 && other(1) == 0.25));
  Plateau at_floor{.factor = 0.5, .patience = 0, .floor = 0.4};
  at_floor(1);
  CHECK((at_floor(1) == 0.5 && at_floor(1) == 0.4 && at_floor(1) == 0.4));
}

TEST_CASE("A plateau refuses bad fields before it takes note of anything", "[feedback]") {
  Plateau bad{.factor = 1};
  CHECK_THROWS_WITH(bad(1), "gradus::Plateau.factor must be in (0, 1) (got 1)");
  CHECK(std::isnan(bad.state.best));
  const auto says = [](const Plateau& p, const char* sentence) {
    CHECK_THROWS_WITH(gradus::refuse_if(p.check()), sentence);
    CHECK_THROWS_WITH(p.value(), sentence);  // before the first metric
  };
  says({.factor = 0}, "gradus::Plateau.factor must be in (0, 1) (got 0)");
  says({.patience = -1}, "gradus::Plateau.patience must be >= 0 (got -1)");
  says({.threshold = -1}, "gradus::Plateau.threshold must be finite and >= 0 (got -1)");
  says({.threshold = 1}, "gradus::Plateau.threshold must be < 1 where it is relative (got 1)");
  says({.cooldown = -2}, "gradus::Plateau.cooldown must be >= 0 (got -2)");
  says({.start = 0}, "gradus::Plateau.start must be finite and > 0 (got 0)");
  says({.floor = 2}, "gradus::Plateau.floor must be <= start (got 2)");
  says({.least_change = -1}, "gradus::Plateau.least_change must be finite and >= 0 (got -1)");
  CHECK(!Plateau{.threshold = 1, .margin = Margin::absolute}.check());
}
