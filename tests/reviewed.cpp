// The faults that the first review of the core found.
#include <gradus/gradus.hpp>

#include <limits>
#include <vector>

#include "support/catch.hpp"

using gradus::Constant;
using gradus::Context;

TEST_CASE("start refuses what update refuses, before anything is written", "[update]") {
  std::vector<double> p{1, 2}, v{3, 4};
  CHECK_THROWS_WITH(gradus::start(gradus::Adagrad{.initial_accumulator_value = -1}, p, v),
                    "gradus::Adagrad.initial_accumulator_value must be finite and >= 0 (got -1)");
  CHECK_THROWS_AS(gradus::start(gradus::Adagrad{.initial_accumulator_value = 0.5}, p, p),
                  gradus::Error);
  CHECK((p == std::vector<double>{1, 2} && v == std::vector<double>{3, 4}));
}

TEST_CASE("Sizes whose sum wraps round are refused", "[spans]") {
  float x[2] = {1, 2};
  const auto huge = std::numeric_limits<std::size_t>::max();
  std::vector<std::span<float>> list{{x, huge}, {x, 2}};
  CHECK_THROWS_AS((gradus::Optimizer{Constant{1.0}, gradus::Momentum{}, list}), gradus::Error);
}

TEST_CASE("A list that makes its vectors on the way is no list of spans", "[spans]") {
  struct Made {
    struct Iterator {
      std::vector<float> operator*() const { return {1}; }
      Iterator& operator++() { return *this; }
      bool operator!=(const Iterator&) const { return false; }
    };
    Iterator begin() const { return {}; }
    Iterator end() const { return {}; }
  };
  STATIC_REQUIRE_FALSE(gradus::SpanList<Made, const float>);
  STATIC_REQUIRE(gradus::SpanList<std::vector<std::vector<float>>, float>);
}

TEST_CASE("The same span twice is refused at construction already", "[spans]") {
  std::vector<float> w{1, 2};
  CHECK_THROWS_AS((gradus::Optimizer{Constant{1.0}, gradus::SGD{}, gradus::spans(w, w)}),
                  gradus::Error);
}

TEST_CASE("skip looks at the gradients as the rule sees them: scaled", "[optimizer]") {
  std::vector<float> p{1}, g{1e30f};
  gradus::Optimizer opt{Constant{1.0}, gradus::SGD{}, p, gradus::NonFinite::skip};
  CHECK_FALSE(opt.step(p, g, {.scale = 1e30}).applied);
  CHECK((p[0] == 1 && opt.steps() == 0));
  CHECK_THROWS_AS(opt.step(p, g, {.scale = 1e-60}), gradus::Error);
}

TEST_CASE("Norms of doubles whose squares underflow still clip", "[norm]") {
  std::vector<double> p{0, 0}, g{3e-170, 4e-170};
  gradus::update(gradus::Chain{gradus::ClipNorm{.max_norm = 1e-180}, gradus::SGD{}},
                 Context{0, 1.0}, p, g);
  CHECK(p[0] == Approx(-0.6e-180).epsilon(1e-12));
  CHECK(p[1] == Approx(-0.8e-180).epsilon(1e-12));
}

TEST_CASE("The tenth stage of a kind has a name of its own", "[chain]") {
  using gradus::Ema;
  const gradus::Chain chain{gradus::SGD{}, Ema{}, Ema{}, Ema{}, Ema{}, Ema{},
                            Ema{},         Ema{}, Ema{}, Ema{}, Ema{}};
  CHECK(chain.slots()[8].name.view() == "Ema9.average");
  CHECK(chain.slots()[9].name.view() == "Ema10.average");
}
