// A step at a rate of 0 is the limit of steps at smaller and smaller rates. So the first step of a
// warmup, a factor of 0 and a pause are no special cases.
#include <gradus/gradus.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/every_rule.hpp"
#include "support/scalar_run.hpp"

using gradus::Context;
using gradus::step_t;

namespace {

constexpr std::size_t n = 8;

template <class R, class T>
using Run = support::ScalarRun<R, T, n>;

// Five steps: step `at` at the rate `rate`, and the others at 1/32.
template <class R, class T, class P>
Run<R, T> run(const R& rule, step_t at, double rate, step_t steps) {
  Run<R, T> r;
  support::Random random(3);
  for (T& x : r.p) x = static_cast<T>(static_cast<P>(random.number<T>() + T{2}));
  r.start(rule);
  for (step_t t = 0; t < steps; ++t) {
    for (T& x : r.g) x = random.number<T>();
    r.template step<P>(rule, {t, t == at ? rate : 0x1p-5, 0.75});
  }
  return r;
}

template <class A>
double largest(const A& a) {
  double r = 0;
  for (const auto& x : a) r = std::fmax(r, std::fabs(static_cast<double>(x)));
  return r;
}
// Whether two lists differ by no more than a small fraction of their largest number.
template <class A>
bool near(const A& a, const A& b, double part) {
  A difference = a;
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return largest(difference) <= part * std::fmax(1, std::fmax(largest(a), largest(b)));
}

// The rules that are not continuous at a rate of 0. FTRL's z is in units of 1 / rate. A step of
// length 0 has no direction, but Hypergradient uses the direction at the next step.
template <class R>
constexpr bool state_follows = !std::is_same_v<R, gradus::FTRL>;
template <class R>
constexpr bool next_step_follows =
    !std::is_same_v<R, gradus::Chain<gradus::Adam, gradus::Hypergradient>>;

template <class P, class R>
void is_the_limit(const R& rule) {
  using T = gradus::arithmetic_t<P>;
  constexpr bool half = sizeof(P) == 2;
  const double part =
      half ? 0x1p-5 : std::sqrt(static_cast<double>(std::numeric_limits<T>::epsilon()));
  for (const double& rate :
       {0x1p-40, 1e-30, static_cast<double>(std::numeric_limits<T>::denorm_min()), 0x1p-1074})
    for (const step_t at : {step_t{0}, step_t{2}})
      for (const step_t steps : {at + 1, at + 3}) {
        // The parameters before FTRL's first step have an influence that depends on beta.
        if (std::is_same_v<R, gradus::FTRL> && at == 0) continue;
        if (!next_step_follows<R> && steps > at + 1) continue;
        CAPTURE(rate, at, steps);
        const auto zero = run<R, T, P>(rule, at, 0, steps),
                   tiny = run<R, T, P>(rule, at, rate, steps);
        CHECK(near(zero.p, tiny.p, part));
        if (!state_follows<R>) continue;
        for (std::size_t j = 0; j < zero.slots.size(); ++j) {
          CAPTURE(j);
          CHECK(near(zero.slots[j], tiny.slots[j], part));
        }
        CHECK(near(zero.scalars, tiny.scalars, part));
        CHECK(near(zero.span_scalars, tiny.span_scalars, part));
      }
}

}  // namespace

TEMPLATE_TEST_CASE("A rate of 0 is the limit of smaller and smaller ones, for every rule", "[rule]",
                   float, double, gradus::bfloat16) {
  using P = TestType;
  support::for_everything<P>([]<class R>(const R& rule) {
    CAPTURE(std::string(gradus::name_of<R>().view()));
    is_the_limit<P>(rule);
  });
}

TEST_CASE("LARS with a clip at a rate of 0 goes by a ratio of 1", "[rule]") {
  for (const bool inside : {false, true}) {
    const gradus::LARS rule{.trust_clip = true, .rate_inside = inside};
    CAPTURE(inside);
    is_the_limit<float>(rule);
    is_the_limit<double>(rule);
  }
  // In the first step of a warmup the velocity is the gradient.
  std::vector<float> p(8, 1.0F), g(8, 2.0F);
  gradus::Optimizer opt{gradus::Linear{.start = 0.0, .end = 0.1, .steps = 5},
                        gradus::LARS{.trust_clip = true}, p};
  REQUIRE(opt.step(p, g).rate == 0);
  CHECK(opt.slot("b")[0] == 2.0F);
}

TEST_CASE("A factor of 0 is a rate of 0", "[rule]") {
  const auto with = [](double rate, double factor) {
    std::vector<double> p(8, 1.0);
    gradus::Optimizer opt{[rate](step_t t) { return t == 1 ? rate : 0.125; },
                          gradus::FTRL{.l1 = 0.01}, p};
    for (step_t t = 0; t < 4; ++t)
      opt.step(p, std::vector<double>(8, 2.0 + static_cast<double>(t)),
               {.factor = t == 1 ? factor : 1.0});
    p.push_back(opt.slot("z")[0]);
    return p;
  };
  CHECK(with(0.125, 0) == with(0, 1));
}
