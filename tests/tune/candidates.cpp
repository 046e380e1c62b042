#include <gradus/tune/candidates.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace gradus::tune;
using gradus::tune::detail::Candidates;

TEST_CASE("A grid is what nested loops would be", "[tune][search]") {
  const Space space{{"rate", log_range(1e-3, 10)},
                    {"decay", Range{.low = 0, .high = 0.1, .points = 3}},
                    {"rule", choice("a", "b")}};
  const Candidates all(space, Grid{.points = 5});
  REQUIRE(all.count() == 5 * 3 * 2);
  std::size_t i = 0;
  for (const double rate : {1e-3, 1e-2, 1e-1, 1.0, 10.0})
    for (const double decay : {0.0, 0.05, 0.1})
      for (const char* rule : {"a", "b"}) {
        const Setting s = all[i];
        CHECK(s.trial() == i++);
        CHECK(s["rate"] == Approx(rate).epsilon(1e-12));
        CHECK((s["decay"] == decay && s.text("rule") == rule));
      }
  CHECK((all[0]["rate"] == 1e-3 && all[29]["rate"] == 10));  // the ends are exact
  CHECK(all.describe() == space.describe() + "; grid 5 x 3 x 2");
}

TEST_CASE("A grid of whole numbers has each once", "[tune][search]") {
  const auto points = [](const Range& range, std::size_t count) {
    const Space space{{"n", range}};
    const Candidates all(space, Grid{.points = count});
    std::vector<double> r;
    for (std::size_t i = 0; i < all.count(); ++i) r.push_back(all[i]["n"]);
    return r;
  };
  CHECK(points({.low = 1, .high = 3, .whole = true}, 10) == std::vector<double>{1, 2, 3});
  CHECK(points({.low = 1, .high = 64, .logarithmic = true, .whole = true}, 4) ==
        std::vector<double>{1, 4, 16, 64});
}

TEST_CASE("Random points are uniform on each scale", "[tune][search]") {
  const Space space{{"rate", log_range(1e-4, 1)},
                    {"decay", Range{-1, 3}},
                    {"n", Range{.low = 3, .high = 6, .whole = true}},
                    {"m", Range{.low = 1, .high = 8, .logarithmic = true, .whole = true}},
                    {"beta", choice(0.5, 0.9, 0.99)}};
  constexpr std::size_t trials = 30'000;
  const Candidates all(space, Random{.trials = trials, .seed = 3});
  std::array<int, 4> rate{}, decay{}, n{};
  std::array<int, 8> m{};
  std::array<int, 3> beta{};
  const auto count = [](auto& in, double at) { ++in.at(static_cast<std::size_t>(at)); };
  for (std::size_t i = 0; i < trials; ++i) {
    const Setting s = all[i];
    count(rate, std::log10(s["rate"]) + 4);
    count(decay, s["decay"] + 1);
    count(n, s["n"] - 3);
    count(m, s["m"] - 1);
    count(beta, s["beta"] == 0.5 ? 0 : s["beta"] == 0.9 ? 1 : 2);
  }
  const auto near = [](int got, double share) {  // within five standard deviations
    const double mean = share * trials;
    return std::fabs(got - mean) < 5 * std::sqrt(mean * (1 - share));
  };
  for (const int x : rate) CHECK(near(x, 0.25));
  for (const int x : decay) CHECK(near(x, 0.25));
  for (const int x : n) CHECK(near(x, 0.25));
  for (const int x : beta) CHECK(near(x, 1.0 / 3));
  for (std::size_t k = 0; k < 8; ++k)  // in [k + 1, k + 2) of [1, 9)
    CHECK(near(
        m[k], std::log((static_cast<double>(k) + 2) / (static_cast<double>(k) + 1)) / std::log(9)));
}

TEST_CASE("Random points are a function of seed and number", "[tune][search]") {
  const Space space{{"a", Range{0, 1}}, {"b", Range{0, 1}}};
  const Candidates few(space, Random{.trials = 10, .seed = 5}),
      many(space, Random{.trials = 1000, .seed = 5}), other(space, Random{.trials = 10, .seed = 6});
  std::set<double> values;
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(few[i] == many[i]);
    for (const auto& candidates : {few, other})
      values.insert({candidates[i]["a"], candidates[i]["b"]});
  }
  CHECK(values.size() == 40);
  CHECK(few.describe() == "a 0..1; b 0..1; random, seed 5");

  const Candidates both({{"a", Range{0, 1}}, {"b", log_range(1e-3, 1)}},
                        Random{.trials = 10, .seed = 5});
  CHECK(both[3]["a"] == 0x1.1359163d37357p-1);  // on every machine: files of old searches are read
  CHECK(both[3]["b"] == 0x1.ed2fb5b956be4p-10);
}

TEST_CASE("Halving's rungs", "[tune][search]") {
  const auto rungs = [](std::size_t trials, int first, int steps, std::size_t factor = 3) {
    return Halving{Random{.trials = trials, .steps = steps}, first, factor}.rungs(trials);
  };
  CHECK(rungs(81, 1, 81) == std::vector<Rung>{{1, 81}, {3, 27}, {9, 9}, {27, 3}, {81, 1}});
  CHECK(rungs(64, 50, 1000) == std::vector<Rung>{{50, 64}, {150, 21}, {450, 7}, {1000, 2}});
  CHECK(rungs(4, 1, 20, 2) == std::vector<Rung>{{1, 4}, {2, 2}, {4, 1}, {8, 1}, {16, 1}, {20, 1}});
  CHECK(rungs(5, 100, 100) == std::vector<Rung>{{100, 5}});
  const Halving endless{Random{.trials = 2, .steps = gradus::last_step}, 1, 1'000'000'000};
  CHECK(endless.rungs(2).back() == Rung{gradus::last_step, 1});
}

TEST_CASE("Fields outside their domain are refused by name", "[tune][search]") {
  const Space space{{"a", log_range(1, 2)}, {"b", Range{0, 1}}};
  const auto refuses = [&](const char* sentence, const auto& how) {
    CHECK_THROWS_WITH(Candidates(space, how), sentence);
  };
  refuses("gradus::tune::Grid.points must be in [2, 1000000] (got 0)", Grid{.points = 0});
  refuses("gradus::tune::Grid.points must be in [2, 1000000] (got 1)", Grid{.points = 1});
  refuses("gradus::tune::Grid.points must make 1000000 combinations at most (got 2000)",
          Grid{.points = 2000});
  refuses("gradus::tune::Grid.steps must be >= 0 (got -1)", Grid{.steps = -1});
  refuses("gradus::tune::Random.trials must be in [1, 1000000] (got 0)", Random{});
  refuses("gradus::tune::Random.steps must be >= 0 (got -3)", Random{.trials = 1, .steps = -3});
  const auto halving = [](const char* sentence, const Halving& how) {
    CHECK_THROWS_WITH(how.rungs(9), sentence);
  };
  const Random whole{.trials = 9, .steps = 100};
  halving("gradus::tune::Random.trials must be in [1, 1000000] (got 0)", {});
  halving("gradus::tune::Halving.of.steps must be > 0 (got 0)", {Random{.trials = 9}, 10});
  halving("gradus::tune::Halving.first must be given", {whole});
  halving("gradus::tune::Halving.first must be > 0 (got -1)", {whole, -1});
  halving("gradus::tune::Halving.first must be <= the steps of a whole training (got 101)",
          {whole, 101});
  halving("gradus::tune::Halving.factor must be in [2, 2^31) (got 1)", {whole, 10, 1});
}
