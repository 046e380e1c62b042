#include <gradus/schedule/combine/join.hpp>

#include <gradus/schedule/combine/per_epoch.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;
using gradus::InverseTime;
using gradus::Join;
using gradus::step_t;

namespace {

constexpr Join<Constant<>, InverseTime<>> joined{.first = {2}, .steps = 3, .then = {1, 1}};
static_assert(joined(0) == 2 && joined(2) == 2 && joined(3) == 1 && joined(4) == 0.5);
static_assert(std::same_as<decltype(Join{Constant<>{2}, 3, InverseTime<>{1, 1}}),
                           std::remove_const_t<decltype(joined)>>);
static_assert(Join{Constant<>{2}, 3, InverseTime<>{1, 1}} == joined);
static_assert(Join{Constant<>{2}, 4, InverseTime<>{1, 1}} != joined);

long double exact(const InverseTime<>& s, step_t t) {
  return exactly(s.start) / (1 + exactly(s.decay) * exactly(t));
}
long double exact(const Join<InverseTime<>, InverseTime<>>& s, step_t t) {
  const step_t border = s.steps.steps();
  return t < border ? exact(s.first, t) : exact(s.then, t - border);
}

}  // namespace

TEST_CASE("Join conforms", "[schedule]") {
  using conformance::conforms;
  const auto formula = [](const auto& s, step_t t) { return exact(s, t); };
  conforms([] { return Join{InverseTime<>{0.1, 0.05}, 50, InverseTime<>{0.3, 0.01}}; },
           {0, 0.3, 50}, formula);
  conforms([] { return Join{InverseTime<>{2, 1e-18}, step_t{1} << 60, InverseTime<>{1, 1e-18}}; },
           {0, 2, step_t{1} << 60}, formula);
  conforms([] { return Join{Constant<float>{1}, 20, gradus::Cosine<>{2, 0.5, 80}}; },
           {0.5, 2, 100, {}, 100});
  conforms([] { return Join{Constant<>{1}, 1, Join{Constant<>{2}, 1, Constant<>{3}}}; },
           {1, 3, 2, conformance::Course::rises, 2});
}

TEST_CASE("Join is within 2 ulp of the larger schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t border = r.length(), t = r.step_near(border);
    const auto decay = [&] { return 8 * r.fraction() / (1 + static_cast<double>(t)); };
    const Join<InverseTime<>, InverseTime<>> s{{r.rate(), decay()}, border, {r.rate(), decay()}};
    return conformance::Draw<Join<InverseTime<>, InverseTime<>>>{
        s, t, std::max(s.first.start, s.then.start)};
  };
  const auto formula = [](const auto& s, step_t t) { return exact(s, t); };
  CHECK(conformance::worst_error(draw, formula) <= 2);
}

TEST_CASE("Join changes at its border, and the second begins at its own 0", "[schedule]") {
  const auto own_step = [](step_t t) { return static_cast<double>(t); };
  for (const step_t border : {step_t{1}, step_t{2}, step_t{1'000}, gradus::last_step}) {
    CAPTURE(border);
    const Join s{Constant<>{7}, border, own_step};
    CHECK(s(0) == 7);
    CHECK(s(border - 1) == 7);
    CHECK(s(border) == 0);
    CHECK(s(border + 1) == 1);
    CHECK(s(border + 2) == 2);
  }
}

TEST_CASE("Join nests into longer sequences", "[schedule]") {
  const Join s{gradus::Warmup{4, Constant<>{1}}, 10,
               Join{Constant<>{0.5}, 10, InverseTime<>{.start = 0.25, .decay = 1}}};
  CHECK(s(0) == 0.25);
  CHECK(s(3) == 1);
  CHECK(s(9) == 1);
  CHECK(s(10) == 0.5);
  CHECK(s(19) == 0.5);
  CHECK(s(20) == 0.25);
  CHECK(s(21) == 0.125);
}

TEST_CASE("Join refuses its own field, then what either schedule refuses", "[schedule]") {
  using conformance::refusal;
  const Constant<> good{1}, bad{-1};
  const gradus::Cosine<> worse{1, 0, 0};
  CHECK(refusal(Join{good, 0, good}) == "gradus::Join.steps must be > 0 (got 0)");
  CHECK(refusal(Join{good, -1, good}) == "gradus::Join.steps must be > 0 (got -1)");
  CHECK(refusal(Join{good, 1 - step_t{3}, bad}) == "gradus::Join.steps must be > 0 (got -2)");
  CHECK(refusal(Join{bad, 5, good}) == "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Join{good, 5, bad}) == "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Join{bad, 5, worse}) == "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Join{good, 5, gradus::PerEpoch{5, Join{good, 5, gradus::Warmup{5, worse}}}}) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
}
