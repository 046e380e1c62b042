#include <gradus/gradus.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::step_t;
using gradus::StepResult;

namespace {

constexpr gradus::Cosine<> in_tokens{.start = 0.5, .end = 0, .steps = 1'000};

}  // namespace

TEST_CASE("The position says where the schedule is evaluated, not which update it is",
          "[position]") {
  std::vector<double> p{1}, q{1}, g{0.5};
  gradus::Optimizer opt{in_tokens, gradus::Adam{}, p};
  gradus::Optimizer by_hand{[](step_t t) { return t == 0 ? 0.5 : in_tokens(700); }, gradus::Adam{},
                            q};
  CHECK(opt.rate(700) == in_tokens(700));
  CHECK(opt.step(p, g, {.position = 0}) == StepResult{0, 0.5, true});
  CHECK(opt.step(p, g, {.position = 700}) == StepResult{1, in_tokens(700), true});
  by_hand.step(q, g);
  by_hand.step(q, g);
  CHECK(p == q);  // the bias corrections are those of updates 1 and 2
  CHECK(opt.steps() == 2);
  CHECK(opt.rate() == in_tokens(2));
  CHECK(opt.step(p, g, {.factor = 0.5, .position = 1'000}) == StepResult{2, 0, true});
}

TEST_CASE("What varies follows the position, too", "[position]") {
  std::vector<double> p{1}, q{1}, g{0.5};
  const auto decay = [](step_t t) { return static_cast<double>(t) / 1'000; };
  gradus::Optimizer opt{in_tokens,
                        gradus::vary<&gradus::AdamW::weight_decay>(gradus::AdamW{}, decay), p};
  gradus::Optimizer by_hand{gradus::Constant<>{in_tokens(300)}, gradus::AdamW{.weight_decay = 0.3},
                            q};
  opt.step(p, g, {.position = 300});
  by_hand.step(q, g);
  CHECK(p == q);
  const auto bad = [](step_t t) { return t < 300 ? 0.1 : -1.0; };
  const auto rule = gradus::vary<&gradus::AdamW::weight_decay>(gradus::AdamW{}, bad);
  gradus::Optimizer refuses{in_tokens, rule, p};
  CHECK_THROWS_WITH(refuses.step(p, g, {.position = 300}),
                    "gradus::AdamW.weight_decay must be finite and >= 0 (got -1)");
  CHECK(refuses.steps() == 0);
}

TEST_CASE("A position that is none is refused, as is a bad rate there", "[position]") {
  std::vector<double> p{1}, g{0.5};
  gradus::Optimizer opt{[](step_t t) { return t < 10 ? 0.5 : -1.0; }, gradus::Momentum{}, p};
  const auto refused = [&](step_t position, const char* sentence) {
    CHECK_THROWS_WITH(opt.step(p, g, {.position = position}), sentence);
    CHECK((p[0] == 1 && opt.steps() == 0 && opt.slot(0)[0] == 0));
  };
  refused(10, "gradus::Optimizer.schedule must return a finite rate >= 0 (got -1)");
  refused(gradus::last_step + 1,
          "gradus::StepOptions.position must be in [0, 2^63) (got -9.22337204e+18)");
  const unsigned tokens = 100, burn = 101;
  CHECK_THROWS_WITH(opt.step(p, g, {.position = tokens - burn}),
                    "gradus::StepOptions.position must be in [0, 2^63) (got -1)");
  CHECK_THROWS_WITH(opt.seek(tokens - burn),
                    "gradus::Optimizer.seek must be in [0, 2^63) (got -1)");
  CHECK_THROWS_WITH(opt.rate(step_t{0} - 1),
                    "gradus::StepOptions.position must be in [0, 2^63) (got -1)");
  opt.seek(10);  // the step alone would be refused
  CHECK(opt.step(p, g, {.position = 9}).t == 10);
}
