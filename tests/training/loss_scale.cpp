#include <gradus/groups.hpp>
#include <gradus/training/loss_scale.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Constant;
using gradus::float16;
using gradus::LossScale;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::StepResult;

namespace {

constexpr StepResult good{0, 0, true}, bad{0, 0, false};

// `n` results, all good or all bad.
constexpr LossScale after(LossScale s, const StepResult& result, int n = 1) {
  for (int i = 0; i < n; ++i) s.update(result);
  return s;
}

static_assert(LossScale{}.value == 65536 && LossScale{}.interval == gradus::Length(2000));
static_assert(after({}, bad).value == 32768 && after({}, bad, 3).value == 8192);
static_assert(after({.interval = 3}, good, 2).value == 65536);
static_assert(after({.interval = 3}, good, 3).value == 131072);
static_assert(after({.interval = 3}, good, 3).good == 0);
static_assert(LossScale{}.options({.scale = 0.5, .factor = 2}).scale == 0x1p-17);
static_assert(LossScale{}.options({.scale = 0.5, .factor = 2}).factor == 2);

}  // namespace

TEST_CASE("A skipped step begins the interval anew", "[loop]") {
  LossScale s = after({.interval = 3}, good, 2);
  CHECK(s.good == 2);
  CHECK(s.update(bad));
  CHECK((s.value == 32768 && s.good == 0));
  CHECK_FALSE(s.update(good));
  CHECK_FALSE(s.update(good));
  CHECK(s.update(good));
  CHECK(s.value == 65536);
  CHECK(after({}, good, 1999).value == 65536);
  CHECK(after({}, good, 2000).value == 131072);
}

// GradScaler's `_amp_update_scale_`, written from its documentation.
TEST_CASE("LossScale follows GradScaler where that has neither floor nor ceiling", "[loop]") {
  float scale = 1024;
  int tracker = 0;
  LossScale s{
      .value = 1024, .growth = 3, .backoff = 0.25, .interval = 4, .floor = 1e-30, .ceiling = 1e30};
  support::Random random;
  for (int t = 0; t < 300; ++t) {
    const bool found_inf = random.below(6) == 0;
    if (found_inf) {
      scale *= 0.25F;
      tracker = 0;
    } else if (++tracker == 4) {
      scale *= 3;
      tracker = 0;
    }
    s.update({0, 0, !found_inf});
    CAPTURE(t);
    CHECK(s.value == Approx(scale).epsilon(1e-5));
    CHECK(s.good == static_cast<std::uint64_t>(tracker));
  }
}

TEST_CASE("It keeps between floor and ceiling", "[loop]") {
  LossScale s{.value = 8, .interval = 1, .floor = 3, .ceiling = 20};
  CHECK((s.update(bad) && s.value == 4));
  CHECK((s.update(bad) && s.value == 3));
  CHECK_FALSE(s.update(bad));
  CHECK((s.update(good) && s.value == 6));
  CHECK((s.update(good) && s.value == 12));
  CHECK((s.update(good) && s.value == 20));
  CHECK_FALSE(s.update(good));
  CHECK(s.value == 20);
  CHECK(after({}, bad, 1000).value == 1);
  CHECK(after({.interval = 1}, good, 1000).value == 0x1p24);
}

TEST_CASE("Groups teach it, too", "[loop]") {
  LossScale s;
  CHECK(s.update(gradus::GroupsResult{}));
  CHECK(s.value == 32768);
  CHECK_FALSE(s.update(gradus::GroupsResult{{}, true}));
  CHECK(s.good == 1);
  // Every group frozen: no gradient was looked at, which is neither good nor bad.
  CHECK_FALSE(s.update(gradus::GroupsResult{{}, false, 0, true}));
  CHECK((s.value == 32768 && s.good == 1));
}

TEST_CASE("A scale that overflows for ever ends at the floor", "[loop]") {
  LossScale s;
  for (int t = 0; t < 100; ++t) s.update(bad);
  CHECK((s.value == 1 && s.good == 0));
  CHECK_FALSE(s.update(bad));  // tells so: nothing is left to change
}

TEST_CASE("A fixed scale stays", "[loop]") {
  const LossScale s = LossScale::fixed(1024);
  CHECK_FALSE(s.check());
  CHECK(after(s, bad, 10).value == 1024);
  CHECK(after(s, good, 5000).value == 1024);
  CHECK(s.options().scale == 0x1p-10);
}

TEST_CASE("Saved as its fields, it goes on where it was", "[loop]") {
  LossScale s = after(after({.interval = 5}, bad, 2), good, 4), saved{.interval = 5};
  saved.value = s.value;
  saved.good = s.good;
  CHECK(saved == s);
  CHECK((saved.update(good) && saved.value == 32768));
}

TEST_CASE("LossScale names the field that is wrong, and keeps its value", "[loop]") {
  const double nan = support::nan<double>(), inf = support::infinity<double>();
  const auto refuses = [](LossScale s, const std::string& sentence) {
    LossScale same = s;
    CHECK_THROWS_WITH(s.update(bad), sentence);
    CHECK_THROWS_WITH(s.options(), sentence);
    CHECK_THROWS_WITH(s.scale(), sentence);
    CHECK(support::to_bits(s.value) == support::to_bits(same.value));
    CHECK(s.good == same.good);
  };
  const auto each = [&](const char* field, double LossScale::* member) {
    for (const auto& [x, got] : {std::pair{0.0, "0"}, {-1.0, "-1"}, {nan, "nan"}, {inf, "inf"}}) {
      LossScale s;
      s.*member = x;
      refuses(s, std::string("gradus::LossScale.") + field + " must be finite and > 0 (got " + got +
                     ")");
    }
  };
  each("value", &LossScale::value);
  each("growth", &LossScale::growth);
  each("floor", &LossScale::floor);
  each("ceiling", &LossScale::ceiling);
  for (const auto& [x, got] : {std::pair{0.0, "0"}, {-1.0, "-1"}, {1.5, "1.5"}, {nan, "nan"}})
    refuses({.backoff = x},
            std::string("gradus::LossScale.backoff must be in (0, 1] (got ") + got + ")");
  refuses({.growth = 0.5}, "gradus::LossScale.growth must be >= 1 (got 0.5)");
  refuses({.interval = 0}, "gradus::LossScale.interval must be > 0 (got 0)");
  refuses({.interval = -1}, "gradus::LossScale.interval must be > 0 (got -1)");
  refuses({.value = 0.5}, "gradus::LossScale.value must be >= floor (got 0.5)");
  refuses({.value = 0x1p25}, "gradus::LossScale.value must be <= ceiling (got 33554432)");
  refuses(
      {.ceiling = 0x1p127},
      "gradus::LossScale.ceiling must be <= 2^126: its inverse is a float (got 1.70141183e+38)");
  CHECK_FALSE(LossScale{.value = 0x1p126, .ceiling = 0x1p126}.check());
}

// ---- In a training ----------------------------------------------------------------------------

namespace {

// Fits y = w x with inputs and gradients in float16. The loss is the mean of (y - 1e-4 x w)^2 / 2:
// its gradients are of some 1e-9, which float16 does not have.
float fitted(LossScale scale, int steps = 400) {
  std::vector<float> w{0, 0};
  const std::vector<float> truth{0.75F, -0.5F};
  const float unit = 0x1p-14F;
  Optimizer opt{Constant<>{0x1p28}, gradus::SGD{}, w, NonFinite::skip};
  support::Random random;
  for (int t = 0; t < steps; ++t) {
    std::vector<float16> grads;
    for (std::size_t i = 0; i < w.size(); ++i) {
      const float error = unit * (w[i] - truth[i]);
      const float upstream = static_cast<float>(scale.scale()) * error;  // in the backward pass
      grads.push_back(float16(upstream * unit));
    }
    scale.update(opt.step(w, grads, scale.options()));
  }
  return std::max(std::abs(w[0] - truth[0]), std::abs(w[1] - truth[1]));
}

}  // namespace

TEST_CASE("Gradients that float16 would lose arrive with a scale, and not without", "[loop]") {
  CHECK(fitted(LossScale::fixed(1)) == 0.75F);
  CHECK(fitted(LossScale::fixed(0x1p16)) < 1e-3F);
  CHECK(fitted({}) < 1e-3F);
}

TEST_CASE("A scale that is too high is found in a few skipped steps, which leave no trace",
          "[loop]") {
  std::vector<float16> p{float16(1.0F), float16(-2.0F)}, q = p;
  const auto rule = gradus::Master{gradus::Adam{}};
  Optimizer opt{Constant<>{0x1p-4}, rule, p, NonFinite::skip}, plain{Constant<>{0x1p-4}, rule, q};
  LossScale scale{.value = 0x1p20};
  std::vector<float> values;
  while (opt.steps() < 5) {
    // A gradient of 2^-2 or so; float16 ends below 2^16.
    std::vector<float16> g;
    for (const float x : {0x1.8p-2F, -0x1p-3F})
      g.push_back(float16(static_cast<float>(scale.scale()) * x));
    const auto r = opt.step(p, g, scale.options());
    if (!r.applied) CHECK((r.t == 0 && support::same_bits(p, {float16(1.0F), float16(-2.0F)})));
    values.push_back(static_cast<float>(scale.value));
    scale.update(r);
  }
  CHECK(values ==
        std::vector<float>{0x1p20F, 0x1p19F, 0x1p18F, 0x1p17F, 0x1p17F, 0x1p17F, 0x1p17F, 0x1p17F});
  for (int t = 0; t < 5; ++t) plain.step(q, std::vector<float>{0x1.8p-2F, -0x1p-3F});
  CHECK(p == q);  // powers of two change no digit
}
