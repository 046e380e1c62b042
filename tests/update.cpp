#include <gradus/rule/adadelta.hpp>
#include <gradus/rule/adagrad.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamax.hpp>
#include <gradus/rule/amsgrad.hpp>
#include <gradus/rule/asgd.hpp>
#include <gradus/rule/centered_rmsprop_momentum.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/radam.hpp>
#include <gradus/rule/rprop.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/update.hpp>

#include <limits>
#include <string>

#include "support/rule_conformance.hpp"

using gradus::Context;
using gradus::NAdam;
using gradus::update;

namespace {

// Everything that one call may change, for a rule with slots and a scalar.
template <class T>
struct Caller {
  std::vector<T> p = support::numbers<T>(40, 1), g = support::numbers<T>(40, 2),
                 m = std::vector<T>(40), v = std::vector<T>(40);
  std::vector<double> scalars{1.0};

  bool operator==(const Caller& o) const {
    return support::same_bits(p, o.p) && support::same_bits(g, o.g) && support::same_bits(m, o.m) &&
           support::same_bits(v, o.v) && support::same_bits(scalars, o.scalars);
  }
};
constexpr Context context{0, 0.125};

// `call(caller)` is refused with this sentence and changes nothing.
template <class T, class F>
void refused(const std::string& sentence, const F& call) {
  Caller<T> caller;
  const Caller<T> before = caller;
  CHECK_THROWS_WITH(call(caller), sentence);
  CHECK(caller == before);
}
std::string overlap(const std::string& one, const std::string& other) {
  return "gradus::update." + one +
         " must not overlap another span of the call (got one that overlaps " + other + ")";
}

}  // namespace

TEST_CASE("update takes whatever converts to a span", "[update]") {
  std::vector<float> vector{1, 2};
  std::array<float, 2> array{1, 2};
  float raw[2] = {1, 2};
  const std::vector<float> grads{8, 16};
  update(gradus::SGD{}, context, vector, grads);
  update(gradus::SGD{}, context, array, std::span<const float, 2>(grads));
  update(gradus::SGD{}, context, std::span(raw), std::array<float, 2>{8, 16});
  CHECK((vector[0] == 0 && array[0] == 0 && raw[0] == 0));
  CHECK((vector[1] == 0 && array[1] == 0 && raw[1] == 0));
}

TEST_CASE("update of nothing does nothing", "[update]") {
  std::vector<double> none;
  double mu = 1;
  update(NAdam{}, context, none, none, none, none, std::span(&mu, 1));
  CHECK(mu != 1);  // a step without elements is still a step
}

TEST_CASE("start gives the slots their start values", "[update]") {
  const std::vector<float> p{1, 2, 3};
  std::vector<float> slot(3, 9.0F);
  gradus::start(gradus::Adagrad{.initial_accumulator_value = 0.25}, p, slot);
  CHECK(slot == std::vector<float>(3, 0.25F));
  gradus::start(gradus::Chain{gradus::SGD{}, gradus::Ema{}}, p, slot);
  CHECK(slot == p);
  gradus::start(gradus::SGD{}, p);
}

TEST_CASE("start refuses spans that are wrong, and writes nothing", "[update]") {
  Caller<float> c;
  const Caller<float> before = c;
  const gradus::Adam adam;
  const std::span<float> null(static_cast<float*>(nullptr), 40), first = std::span(c.m).first(39);
  CHECK_THROWS_WITH(gradus::start(adam, c.p, c.m, first),
                    "gradus::start.slots[1] must have as many elements as its span of parameters, "
                    "40 (got 39)");
  CHECK_THROWS_WITH(gradus::start(adam, null, c.m, c.v),
                    "gradus::start.params[0] must not be null with a size of 40 (got 40)");
  CHECK_THROWS_WITH(gradus::start(adam, c.p, c.m, null),
                    "gradus::start.slots[1] must not be null with a size of 40 (got 40)");
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(gradus::start(adam, c.p, c.m, c.m), Contains("must not overlap"));
  CHECK_THROWS_WITH(gradus::start(adam, c.p, c.p, c.m), Contains("must not overlap"));
  CHECK(c == before);
}

TEMPLATE_TEST_CASE("update refuses sizes that differ", "[update]", float, double) {
  using T = TestType;
  const std::string words = " must have as many elements as its span of parameters, 40 (got ";
  const auto first = [](auto& x, std::size_t n) { return std::span(x).first(n); };
  refused<T>("gradus::update.grads[0]" + words + "39)", [&](Caller<T>& c) {
    update(NAdam{}, context, c.p, first(c.g, 39), c.m, c.v, c.scalars);
  });
  refused<T>("gradus::update.slots[0]" + words + "0)", [&](Caller<T>& c) {
    update(NAdam{}, context, c.p, c.g, first(c.m, 0), c.v, c.scalars);
  });
  refused<T>("gradus::update.slots[1]" + words + "38)", [&](Caller<T>& c) {
    update(NAdam{}, context, c.p, c.g, c.m, first(c.v, 38), c.scalars);
  });
  refused<T>(
      "gradus::update.scalars[0] must have as many elements as the rule has, 1 (got 0)",
      [&](Caller<T>& c) { update(NAdam{}, context, c.p, c.g, c.m, c.v, first(c.scalars, 0)); });
}

TEMPLATE_TEST_CASE("update refuses spans that overlap", "[update]", float, double) {
  using T = TestType;
  const auto pair = [](std::vector<T>& x, std::size_t from) {
    return std::span(x).subspan(from, 20);
  };
  refused<T>(overlap("grads[0]", "params[0]"),
             [&](Caller<T>& c) { update(gradus::SGD{}, context, pair(c.p, 0), pair(c.p, 19)); });
  refused<T>(overlap("params[0]", "grads[0]"),
             [&](Caller<T>& c) { update(gradus::SGD{}, context, pair(c.p, 20), pair(c.p, 1)); });
  refused<T>(overlap("slots[0]", "params[0]"), [&](Caller<T>& c) {
    update(NAdam{}, context, pair(c.p, 0), pair(c.g, 0), pair(c.p, 10), pair(c.v, 0), c.scalars);
  });
  refused<T>(overlap("slots[1]", "slots[0]"), [&](Caller<T>& c) {
    update(NAdam{}, context, pair(c.p, 0), pair(c.g, 0), pair(c.m, 0), pair(c.m, 1), c.scalars);
  });
  refused<T>(overlap("slots[1]", "grads[0]"), [&](Caller<T>& c) {
    update(NAdam{}, context, pair(c.p, 0), pair(c.g, 0), pair(c.m, 0), pair(c.g, 10), c.scalars);
  });
  Caller<T> neighbours;
  CHECK_NOTHROW(update(gradus::SGD{}, context, pair(neighbours.p, 0), pair(neighbours.p, 20)));
}

TEST_CASE("update refuses scalars inside another span, null ones too", "[update]") {
  refused<double>(overlap("scalars[0]", "params[0]"), [](Caller<double>& c) {
    update(NAdam{}, context, c.p, c.g, c.m, c.v, std::span(c.p).subspan(3, 1));
  });
  refused<double>("gradus::update.scalars[0] must not be null with a size of 1 (got 1)",
                  [](Caller<double>& c) {
                    double* const null = nullptr;
                    update(NAdam{}, context, c.p, c.g, c.m, c.v, std::span(null, 1));
                  });
}

TEMPLATE_TEST_CASE("update refuses what is null or misaligned", "[update]", float, double) {
  using T = TestType;
  const std::span<T> null(static_cast<T*>(nullptr), 40);
  const std::string words = " must not be null with a size of 40 (got 40)";
  refused<T>("gradus::update.params[0]" + words,
             [&](Caller<T>& c) { update(gradus::SGD{}, context, null, c.g); });
  refused<T>("gradus::update.grads[0]" + words,
             [&](Caller<T>& c) { update(gradus::SGD{}, context, c.p, null); });
  refused<T>("gradus::update.slots[1]" + words,
             [&](Caller<T>& c) { update(NAdam{}, context, c.p, c.g, c.m, null, c.scalars); });
  std::vector<unsigned char> bytes(41 * sizeof(T));
  for (std::size_t past = 1; past < alignof(T); ++past) {
    const std::span<T> odd(reinterpret_cast<T*>(bytes.data() + past), 40);
    refused<T>("gradus::update.params[0] must be aligned to a multiple in bytes of " +
                   std::to_string(alignof(T)) + " (got " + std::to_string(past) + ")",
               [&](Caller<T>& c) { update(gradus::SGD{}, context, odd, c.g); });
  }
}

TEST_CASE("update is right where bias corrections have come to an end", "[update]") {
  for (const gradus::step_t t : {gradus::step_t{1} << 32, gradus::step_t{1} << 53,
                                 gradus::last_step - 1, ~gradus::step_t{0}}) {
    std::vector<double> p{1}, g{0.5}, m{0.5}, v{0.25};
    update(gradus::Adam{}, {t, 0.125}, p, g, m, v);
    CAPTURE(t);
    CHECK(p[0] == Approx(1 - 0.125 / (1 + 2e-8)).epsilon(1e-14));
  }
}

TEST_CASE("update counts steps exactly, also where float no longer does", "[update]") {
  const gradus::Adam rule{.beta1 = 1 - 0x1p-40, .beta2 = 0, .eps = 0x1p-100};
  for (const gradus::step_t t : {(gradus::step_t{1} << 24) + 1, (gradus::step_t{1} << 32) + 1}) {
    std::vector<double> p{0}, g{1}, m{1}, v{1};
    update(rule, {t, 1}, p, g, m, v);
    const double correction = -std::expm1(static_cast<double>(t + 1) * std::log1p(-0x1p-40));
    CAPTURE(t);
    CHECK(p[0] == Approx(-1 / correction).epsilon(1e-10));
  }
}

// A valid configuration gives NaN or infinity for finite numbers only where the formula does.
TEMPLATE_TEST_CASE("update stays finite for hyper-parameters at their limits", "[update]", float,
                   double) {
  using T = TestType;
  support::default_environment();
  const double just = sizeof(T) == 4 ? 0x1.fffffep-1 : 0x1.fffffffffffffp-1;
  const double tiny = static_cast<double>(std::numeric_limits<T>::min());
  support::Random random;
  const auto finite = [&](const auto& rule) {
    for (const double& rate : {0.0, 1e-30, 1.0}) {
      support::Run<std::decay_t<decltype(rule)>, T> run(rule, support::numbers<T>(40, 1));
      for (gradus::step_t t = 0; t < 20; ++t) {
        std::vector<T> g = support::numbers<T>(40, 10 + t);
        for (T& x : g) x *= random.below(4) == 0 ? static_cast<T>(tiny) : T{1};
        run.step(rule, {t, rate}, g);
      }
      bool r = true;
      for (const T& x : run.p) r = r && gradus::math::is_finite(x);
      CAPTURE(rate);
      CHECK(r);
    }
  };
  for (const double& b1 : {0.0, 0.5, just})
    for (const double& b2 : {0.0, 0.5, just})
      for (const double& eps : {tiny, 1e-8, 1.0}) {
        CAPTURE(b1, b2, eps);
        finite(gradus::Adam{b1, b2, eps});
        finite(NAdam{b1, b2, eps, 0});
        finite(NAdam{b1, b2, eps, 1e30});
        finite(gradus::AMSGrad{b1, b2, eps});
        finite(gradus::AMSGrad{.beta1 = b1, .beta2 = b2, .eps = eps, .max_corrected = true});
        finite(gradus::Adamax{b1, b2, eps});
        finite(gradus::RAdam{b1, b2, eps});
        finite(gradus::CenteredRMSpropMomentum{b2, b1, 1e-8});
        finite(gradus::Adadelta{b2, eps});
        finite(gradus::LAMB{b1, b2, eps, 0});
        finite(gradus::LAMB{b1, b2, eps, 1});
      }
  finite(gradus::Adagrad{.eps = tiny});
  finite(gradus::Adagrad{.rate_decay = 1e30});
  finite(gradus::ASGD{.lambda = 0, .alpha = 1e30});
  finite(gradus::Rprop{.initial_step_size = tiny, .min_step_size = tiny});
}
