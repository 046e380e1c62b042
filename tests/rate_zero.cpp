// A step at a rate of 0 is the limit of steps at smaller and smaller rates. So the first step of a
// warmup, a factor of 0 and a pause are no special cases.
#include <gradus/gradus.hpp>

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/every_rule.hpp"
#include "support/registry.hpp"
#include "support/scalar_run.hpp"

using gradus::Context;
using gradus::step_t;

namespace {

constexpr std::size_t n = 8;

// The state after some steps: step `at` at the rate `rate`, and the others at 1/32.
template <class T>
struct Result {
  std::vector<T> p, slots;
  std::vector<double> scalars, span_scalars;
};
template <class P, class T = gradus::arithmetic_t<P>>
Result<T> run(support::ScalarRun<T>& r, step_t at, double rate, step_t steps) {
  support::Random random(3);
  for (T& x : r.p) x = static_cast<T>(static_cast<P>(random.number<T>() + T{2}));
  r.start();
  for (step_t t = 0; t < steps; ++t) {
    for (T& x : r.g) x = random.number<T>();
    r.step({t, t == at ? rate : 0x1p-5, 0.75});
    r.template round_params<P>();
  }
  return {r.p, r.slots, r.scalars, r.span_scalars};
}

template <class X>
double largest(std::span<const X> a) {
  double r = 0;
  for (const X& x : a) r = std::fmax(r, std::fabs(static_cast<double>(x)));
  return r;
}
// Whether two lists differ by no more than a small fraction of their largest number.
template <class X>
bool near(std::span<const X> a, std::span<const X> b, double part) {
  std::vector<X> difference(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] = a[i] - b[i];
  return largest(std::span<const X>(difference)) <=
         part * std::fmax(1, std::fmax(largest(a), largest(b)));
}
template <class X>
bool near(const std::vector<X>& a, const std::vector<X>& b, double part) {
  return near(std::span(a), std::span(b), part);
}

// The rules that are not continuous at a rate of 0. FTRL's z is in units of 1 / rate. A step of
// length 0 has no direction, but Hypergradient uses the direction at the next step.
struct Follows {
  bool first_step = true, state = true, next_step = true;
};
template <class R>
constexpr Follows follows = {};
// The parameters before FTRL's first step have an influence that depends on beta.
template <>
inline constexpr Follows follows<gradus::FTRL> = {.first_step = false, .state = false};
template <>
inline constexpr Follows follows<gradus::Chain<gradus::Adam, gradus::Hypergradient>> = {.next_step =
                                                                                            false};

template <class P, class T = gradus::arithmetic_t<P>>
void is_the_limit(support::ScalarRun<T>& rule, const Follows& it, std::string_view name) {
  constexpr bool half = sizeof(P) == 2;
  const double part =
      half ? 0x1p-5 : std::sqrt(static_cast<double>(std::numeric_limits<T>::epsilon()));
  for (const double& rate :
       {0x1p-40, 1e-30, static_cast<double>(std::numeric_limits<T>::denorm_min()), 0x1p-1074})
    for (const step_t at : {step_t{0}, step_t{2}})
      for (const step_t steps : {at + 1, at + 3}) {
        if (!it.first_step && at == 0) continue;
        if (!it.next_step && steps > at + 1) continue;
        CAPTURE(name, rate, at, steps);
        const Result<T> zero = run<P>(rule, at, 0, steps), tiny = run<P>(rule, at, rate, steps);
        CHECK(near(zero.p, tiny.p, part));
        if (!it.state) continue;
        for (std::size_t j = 0; j < zero.slots.size() / n; ++j) {
          CAPTURE(j);
          CHECK(near(std::span(zero.slots).subspan(j * n, n),
                     std::span(tiny.slots).subspan(j * n, n), part));
        }
        CHECK(near(zero.scalars, tiny.scalars, part));
        CHECK(near(zero.span_scalars, tiny.span_scalars, part));
      }
}
template <class P>
constexpr auto is_the_limit_of = []<class R>(const R& rule) {
  support::ScalarRunOf<R, gradus::arithmetic_t<P>> run(rule, n);
  is_the_limit<P>(run, follows<R>, gradus::name_of<R>().view());
};

}  // namespace

TEMPLATE_TEST_CASE("A rate of 0 is the limit of smaller and smaller ones, for every rule", "[rule]",
                   float, double, gradus::bfloat16) {
  using P = TestType;
  support::for_everything<P>(is_the_limit_of<P>);
}

TEST_CASE("LARS with a clip at a rate of 0 goes by a ratio of 1", "[rule]") {
  for (const bool inside : {false, true}) {
    const gradus::LARS rule{.trust_clip = true, .rate_inside = inside};
    CAPTURE(inside);
    is_the_limit_of<float>(rule);
    is_the_limit_of<double>(rule);
  }
  // In the first step of a warmup the velocity is the gradient.
  std::vector<float> p(8, 1.0F), g(8, 2.0F);
  const auto opt = support::registered<float>(gradus::LARS{.trust_clip = true})(
      gradus::Linear{.start = 0.0, .end = 0.1, .steps = 5}, {p}, {});
  REQUIRE(opt->step({p}, {g}, {}, support::in_order).rate == 0);
  support::Digest velocity, expected;
  opt->add_slots(velocity);
  expected.add(g);
  CHECK(velocity.value() == expected.value());
}

TEST_CASE("A factor of 0 is a rate of 0", "[rule]") {
  const auto with = [](double rate, double factor) {
    std::vector<double> p(8, 1.0);
    const auto opt = support::registered<double>(gradus::FTRL{.l1 = 0.01})(
        [rate](step_t t) { return t == 1 ? rate : 0.125; }, {p}, {});
    for (step_t t = 0; t < 4; ++t) {
      const std::vector<double> g(8, 2.0 + static_cast<double>(t));
      opt->step({p}, {g}, {.factor = t == 1 ? factor : 1.0}, support::in_order);
    }
    support::Digest slots;
    opt->add_slots(slots);
    return std::pair(p, slots.value());
  };
  CHECK(with(0.125, 0) == with(0, 1));
}
