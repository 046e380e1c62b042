#include <gradus/schedule/combine/sequence.hpp>

#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/per_epoch.hpp>
#include <gradus/schedule/combine/repeat.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;
using gradus::Cosine;
using gradus::For;
using gradus::InverseTime;
using gradus::Length;
using gradus::Sequence;
using gradus::step_t;

namespace {

using Two = Sequence<For<InverseTime<>>, InverseTime<>>;

constexpr Sequence joined{For{3, Constant<>{2}}, InverseTime<>{1, 1}};
static_assert(joined(0) == 2 && joined(2) == 2 && joined(3) == 1 && joined(4) == 0.5);
static_assert(std::same_as<decltype(joined), const Sequence<For<Constant<>>, InverseTime<>>>);
static_assert(joined == Sequence{For{3, Constant<>{2}}, InverseTime<>{1, 1}});
static_assert(joined != Sequence{For{4, Constant<>{2}}, InverseTime<>{1, 1}});

// Lengths: a field, a member function, none.
constexpr Cosine<> ten{1, 0, 10};
static_assert(Sequence{ten, gradus::Warmup{5, ten}, For{7, Constant<>{}}}.length() == Length(32));
static_assert(Sequence{ten, gradus::Repeat{ten}}.length() == Length::endless());
static_assert(Sequence{Sequence{ten, ten}, ten}.length() == Length(30));
static_assert(!gradus::HasLength<decltype(joined)>);
static_assert(!gradus::EachPieceButTheLastKnowsItsLength<Constant<>, Cosine<>>);
static_assert(!gradus::EachPieceButTheLastKnowsItsLength<gradus::PerEpoch<Constant<>>, Cosine<>>);
static_assert(!gradus::EachPieceButTheLastKnowsItsLength<>);

long double exact_sequence(const InverseTime<>& s, step_t t) {
  return exactly(s.start) / (1 + exactly(s.decay) * exactly(t));
}
long double exact_sequence(const Two& s, step_t t) {
  const auto& [first, then] = s.pieces;
  const step_t border = first.steps.steps();
  return t < border ? exact_sequence(first.schedule, t) : exact_sequence(then, t - border);
}

}  // namespace

TEST_CASE("Sequence conforms", "[schedule]") {
  using conformance::conforms;
  const auto formula = [](const auto& s, step_t t) { return exact_sequence(s, t); };
  conforms([] { return Sequence{For{50, InverseTime<>{0.1, 0.05}}, InverseTime<>{0.3, 0.01}}; },
           {0, 0.3, 50}, formula);
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Sequence{For{huge, InverseTime<>{2, 1e-18}}, InverseTime<>{1, 1e-18}}; },
           {0, 2, huge}, formula);
  conforms([] { return Sequence{For{20, Constant<float>{1}}, Cosine<>{2, 0.5, 80}}; },
           {0.5, 2, 100, {}, 100});
  using enum conformance::Course;
  conforms([] { return Sequence{Cosine<>{0, 1, 1}, For{1, Constant<>{2}}, Constant<>{3}}; },
           {0, 3, 2, rises, 2});
}

TEST_CASE("Sequence is within 2 ulp of the larger schedule", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t border = r.length(), t = r.step_near(border);
    const auto decay = [&] { return 8 * r.fraction() / (1 + static_cast<double>(t)); };
    const InverseTime<> first{r.rate(), decay()}, then{r.rate(), decay()};
    return conformance::Draw<Two>{Two{{border, first}, then}, t, std::max(first.start, then.start)};
  };
  const auto formula = [](const auto& s, step_t t) { return exact_sequence(s, t); };
  CHECK(conformance::worst_error(draw, formula) <= 2);
}

TEST_CASE("Sequence changes at its borders, and each piece begins at its own 0", "[schedule]") {
  const auto own_step = [](step_t t) { return static_cast<double>(t); };
  for (const step_t border : {step_t{1}, step_t{2}, step_t{1'000}, gradus::last_step}) {
    CAPTURE(border);
    const Sequence s{For{border, Constant<>{7}}, For{2, own_step}, own_step};
    CHECK(s(0) == 7);
    CHECK(s(border - 1) == 7);
    CHECK(s(border) == 0);
    CHECK(s(border + 1) == 1);
    CHECK(s(border + 2) == 0);
    CHECK(s(border + 3) == 1);
    CHECK(s(border + 5) == 3);
  }
}

TEST_CASE("Sequence: warmup, flat, decay", "[schedule]") {
  const gradus::Warmup s{4, Sequence{For{6, Constant<>{1}}, Cosine<>{1, 0, 10}}};
  CHECK(s.length() == Length(20));
  CHECK(s(0) == 0.25);
  for (step_t t = 3; t <= 10; ++t) CHECK(s(t) == 1);
  CHECK(s(15) == 0.5);
  CHECK(s(19) > 0);
  CHECK(s(20) == 0);
}

TEST_CASE("Sequence counts lengths beyond 2^63 and stays defined", "[schedule]") {
  const Sequence s{For{gradus::last_step, Constant<>{1}}, For{gradus::last_step, Constant<>{2}},
                   Constant<>{3}};
  CHECK(s(gradus::last_step) == 2);
  CHECK(s(2 * gradus::last_step - 1) == 2);
  CHECK(s(2 * gradus::last_step) == 3);
  CHECK(Sequence{For{gradus::last_step, ten}, ten}.length() == Length(gradus::last_step));
}

TEST_CASE("Sequence refuses what a piece refuses, and a piece without end", "[schedule]") {
  using conformance::refusal;
  const Constant<> good{1}, bad{-1};
  const Cosine<> worse{1, 0, 0};
  CHECK(refusal(Sequence{worse}) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(Sequence{worse, worse}) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(Sequence{Cosine<>{1}, good}) == "gradus::Cosine.steps must be given");
  CHECK(refusal(Sequence{For{5, bad}, good}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Sequence{For{5, good}, bad}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Sequence{For{5, bad}, worse}) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(Sequence{gradus::Repeat{ten}, good}) ==
        "gradus::Sequence.pieces must end, all but the last");
  CHECK(refusal(Sequence{ten, gradus::Repeat{ten}}) == "");
  CHECK(refusal(
            Sequence{For{5, good}, gradus::PerEpoch{5, Sequence{ten, gradus::Warmup{5, worse}}}}) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
}
