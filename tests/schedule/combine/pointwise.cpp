#include <gradus/schedule/combine/pointwise.hpp>

#include <gradus/schedule/combine/repeat.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>
#include <gradus/schedule/step_decay.hpp>

#include <string>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;
using gradus::Cosine;
using gradus::InverseTime;
using gradus::Length;
using gradus::step_t;

namespace {

constexpr Constant<> two{2}, three{3}, five{5};
static_assert(product(two, three, five)(7) == 30 && sum(two, three, five)(7) == 10);
static_assert(minimum(three, two, five)(7) == 2 && maximum(three, five, two)(7) == 5);
static_assert(gradus::scale(three, 0.5)(7) == 1.5 && product(two)(7) == 2);
static_assert(product(two, three) == product(two, three));
static_assert(product(two, three) != product(three, two));

static_assert(product(Cosine<>{1, 0, 10}, two, Cosine<>{1, 0, 20}).length() == Length(20));
static_assert(gradus::scale(Cosine<>{1, 0, 10}, 2).length() == Length(10));
static_assert(sum(gradus::Repeat{Cosine<>{1, 0, 10}}, Cosine<>{1, 0, 5}).length() == Length(5));
static_assert(!gradus::HasLength<decltype(sum(two, three))>);

constexpr InverseTime<> a{0.1, 0.05}, b{0.3, 0.5};
long double exact_pointwise(const InverseTime<>& s, step_t t) {
  return exactly(s.start) / (1 + exactly(s.decay) * exactly(t));
}

}  // namespace

TEST_CASE("product, sum, minimum, maximum and scale conform", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return product(a, b); }, {0, 0.03, 50, falls},
           [](const auto&, step_t t) { return exact_pointwise(a, t) * exact_pointwise(b, t); });
  conforms([] { return sum(a, b); }, {0, 0.4, 50, falls},
           [](const auto&, step_t t) { return exact_pointwise(a, t) + exact_pointwise(b, t); });
  conforms(
      [] { return minimum(a, b); }, {0, 0.1, 50, falls},
      [](const auto&, step_t t) { return std::min(exact_pointwise(a, t), exact_pointwise(b, t)); });
  conforms(
      [] { return maximum(a, b); }, {0, 0.3, 50, falls},
      [](const auto&, step_t t) { return std::max(exact_pointwise(a, t), exact_pointwise(b, t)); });
  conforms([] { return gradus::scale(a, 0.25); }, {0, 0.025, 50, falls},
           [](const auto&, step_t t) { return exact_pointwise(a, t) / 4; });
}

TEST_CASE("The product and the sum of two schedules are within 2 ulp", "[schedule]") {
  // The error relative to the returned rates, whose own error is up to 2 ulp.
  const auto check = [](const auto& together, const auto& exactly_together) {
    const auto draw = [&](conformance::Random& r) {
      const step_t t = r.step();
      const auto decay = [&] { return 8 * r.fraction() / (1 + static_cast<double>(t)); };
      auto s = together(InverseTime<>{r.rate(), decay()}, InverseTime<>{r.rate(), decay()});
      return conformance::Draw<decltype(s)>{s, t, s(0)};
    };
    return conformance::worst_error(draw, [&](const auto& s, step_t t) {
      const auto& [first, second] = s.schedules;
      return exactly_together(exactly(first(t)), exactly(second(t)));
    });
  };
  const auto products = [](const auto& s, const auto& u) { return product(s, u); };
  const auto sums = [](const auto& s, const auto& u) { return sum(s, u); };
  CHECK(check(products, [](long double x, long double y) { return x * y; }) <= 2);
  CHECK(check(sums, [](long double x, long double y) { return x + y; }) <= 2);
}

TEST_CASE("product: PyTorch's ChainedScheduler of ConstantLR(0.1, 2) and ExponentialLR(0.9)",
          "[schedule]") {
  const auto factor = [](step_t t) { return t < 2 ? 0.1 : 1.0; };
  const auto s = product(Constant<>{1}, factor, gradus::StepDecay<>{1, 1, 0.9});
  const double theirs[] = {0.1, 0.09, 0.81, 0.729, 0.6561};  // as its documentation says
  for (step_t t = 0; t < 5; ++t) CHECK(s(t) == Approx(theirs[t]).epsilon(1e-14));
}

TEST_CASE("NaN is never hidden by another schedule", "[schedule]") {
  const auto bad = [](step_t) { return conformance::nan(); };
  const auto is_nan = [](const auto& s) { return gradus::math::is_nan(s(0)); };
  CHECK((is_nan(minimum(bad, two)) && is_nan(minimum(two, bad, three))));
  CHECK((is_nan(maximum(bad, two)) && is_nan(maximum(two, bad, three))));
  CHECK((is_nan(product(bad, two)) && is_nan(sum(two, bad))));
}

TEST_CASE("What is taken together refuses what each schedule refuses", "[schedule]") {
  using conformance::refusal;
  const Constant<> bad{-1};
  const std::string sentence = "gradus::Constant.value must be finite and >= 0 (got -1)";
  CHECK(refusal(product(two, bad)) == sentence);
  CHECK(refusal(sum(bad, Cosine<>{1, 0, 0})) == sentence);
  CHECK(refusal(gradus::scale(two, -1)) == sentence);
  CHECK(refusal(maximum(two, Cosine<>{1, 0, 0})) == "gradus::Cosine.steps must be > 0 (got 0)");
}
