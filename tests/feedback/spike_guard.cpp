#include <gradus/feedback/spike_guard.hpp>

#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/tune/snapshot.hpp>

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using gradus::SpikeGuard;
using gradus::Verdict;

namespace {
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
}  // namespace

TEST_CASE("A spike is what lies many deviations above the window", "[feedback]") {
  SpikeGuard<8> guard{.limit = 2};
  std::vector<double> all;
  for (int i = 0; i < 40; ++i) {
    const double loss = i == 20 ? 9 : i == 3 ? 50 : 2 + 0.01 * (i * 5 % 7);
    all.push_back(loss);
    const Verdict verdict = guard(loss);
    CAPTURE(i);
    CHECK(verdict == (i == 20 ? Verdict::skip : Verdict::go));  // no verdict before 8 losses
    if (i < 7) continue;
    double mean = 0, squares = 0;
    for (std::size_t j = all.size() - 8; j < all.size(); ++j) mean += all[j] / 8;
    for (std::size_t j = all.size() - 8; j < all.size(); ++j)
      squares += (all[j] - mean) * (all[j] - mean) / 8;
    CHECK(guard.z() == Approx((loss - mean) / std::sqrt(squares)).margin(1e-9));
  }
  SpikeGuard<4> level{.limit = 1.5};
  for (int i = 0; i < 9; ++i) CHECK((level(1) == Verdict::go && level.z() == 0));
  SpikeGuard<> full;
  for (int i = 0; i < 127; ++i) full(i % 2);
  CHECK((full(100) == Verdict::skip && full.z() > 11));
}

TEST_CASE("A loss that is no number is skipped, and not remembered", "[feedback]") {
  SpikeGuard<4> guard{.limit = 1.5, .patience = 0};
  for (const double bad : {not_a_number, infinity, -infinity}) {
    CHECK(guard(bad) == Verdict::skip);
    CHECK(guard.state.seen == 0);
  }
  for (int i = 0; i < 4; ++i) CHECK(guard(i % 2) == Verdict::go);
  for (int i = 0; i < 20; ++i) CHECK(guard(not_a_number) == Verdict::skip);
  CHECK(guard(9) == Verdict::skip);  // 1.73
}

TEST_CASE("A loss whose square is no number is a spike, too", "[feedback]") {
  for (const double loss : {1e150, 1e200, 1.7e308, -1e200}) {
    SpikeGuard<16> guard{.limit = 3};
    for (int i = 0; i < 16; ++i) CHECK(guard(1 + 0.1 * (i % 3)) == Verdict::go);
    const auto window = guard.state.losses;
    CHECK(guard(loss) == Verdict::skip);
    CHECK(guard.state.losses == window);
    CHECK((guard(1) == Verdict::go && guard(5) == Verdict::skip));
  }
}

TEST_CASE("Spikes in a row go back to a snapshot, at a smaller rate", "[feedback]") {
  std::vector<float> p{1, 2}, g{1, 1};
  gradus::Optimizer opt{gradus::Constant{0.5}, gradus::SGD{}, p};
  SpikeGuard<4> guard{.limit = infinity, .patience = 3, .floor = 0.2};
  for (int i = 0; i < 4; ++i) guard(1);
  opt.step(p, g);
  const gradus::Snapshot good(opt, p);
  const std::vector<float> there = p;
  opt.step(p, g), opt.step(p, g);
  CHECK((guard(not_a_number) == Verdict::skip && guard(not_a_number) == Verdict::skip));
  SpikeGuard<4> copy = guard, restored{.limit = infinity, .patience = 3, .floor = 0.2};
  restored.state = guard.state;
  CHECK(guard(not_a_number) == Verdict::rollback);
  CHECK((copy(not_a_number) == Verdict::rollback && restored(not_a_number) == Verdict::rollback));
  good.restore(opt, p);
  CHECK((p == there && opt.steps() == 1 && guard.value() == 0.5));
  CHECK(opt.step(p, g, {.factor = guard.value()}).rate == 0.25);
  CHECK((guard(not_a_number) == Verdict::skip && guard(1) == Verdict::go &&
         guard(not_a_number) == Verdict::skip));
  guard(not_a_number), guard(not_a_number);
  CHECK(guard.value() == 0.25);
  guard(not_a_number), guard(not_a_number), guard(not_a_number);
  CHECK(guard.value() == 0.2);
}

TEST_CASE("A loss that jumps and stays there is a spike twice, and goes back", "[feedback]") {
  const auto full = [](SpikeGuard<> guard) {
    for (int i = 0; i < 128; ++i) CHECK(guard(1 + 0.01 * (i * 5 % 7)) == Verdict::go);
    return guard;
  };
  SpikeGuard<> guard = full({});
  CHECK((guard(100) == Verdict::skip && guard(100) == Verdict::rollback));
  CHECK(guard.value() == 0.5);
  SpikeGuard<> patient = full({.patience = 3});
  CHECK((patient(100) == Verdict::skip && patient(100) == Verdict::skip));
  CHECK(patient(100) == Verdict::go);  // z is now 6.5
  SpikeGuard<> stricter = full({.limit = 5, .patience = 4});
  for (int i = 0; i < 3; ++i) CHECK(stricter(100) == Verdict::skip);
  CHECK(stricter(100) == Verdict::rollback);
}

TEST_CASE("A spike guard refuses bad fields", "[feedback]") {
  const auto says = [](SpikeGuard<> s, const char* sentence) {
    CHECK_THROWS_WITH(s.value(), sentence);  // before the first loss
    CHECK_THROWS_WITH(s.z(), sentence);
    CHECK_THROWS_WITH(s(1), sentence);
    CHECK(s.state.seen == 0);
  };
  says({.limit = 0}, "gradus::SpikeGuard.limit must be > 0 (got 0)");
  says({.limit = 11.3},
       "gradus::SpikeGuard.limit must be < sqrt(Window - 1), or infinite (got 11.3)");
  says({.patience = -1}, "gradus::SpikeGuard.patience must be >= 0 (got -1)");
  says({.factor = 2}, "gradus::SpikeGuard.factor must be in (0, 1] (got 2)");
  says({.state = {.at = 128}}, "gradus::SpikeGuard.state.at must be in [0, Window) (got 128)");
  says({.floor = -1}, "gradus::SpikeGuard.floor must be finite and >= 0 (got -1)");
}
