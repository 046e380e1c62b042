#include <gradus/schedule/combine/stretch.hpp>

#include <gradus/schedule/combine/per_epoch.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/inverse_time.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Cosine;
using gradus::InverseTime;
using gradus::last_step;
using gradus::Length;
using gradus::step_t;
using gradus::Stretch;

namespace {

constexpr Stretch<InverseTime<>> slower{.schedule = {1, 1}, .from = 2, .to = 3};
static_assert(slower(0) == 1 && slower(1) == 1 && slower(2) == 0.5 && slower(3) == 1.0 / 3);
constexpr Stretch faster{InverseTime<>{1, 1}, 3, 1};
static_assert(faster(0) == 1 && faster(1) == 0.25);
static_assert(Stretch{InverseTime<>{1, 1}, 2, 3} == slower && faster != slower);

static_assert(Stretch{Cosine<>{1, 0, 10}, 1, 7}.length() == Length(70));
static_assert(Stretch{Cosine<>{1, 0, 10}, 3, 1}.length() == Length(4));  // 3.33: 3 are too few
static_assert(Stretch{Cosine<>{1, 0, 10}, 5, 1}.length() == Length(2));
static_assert(Stretch{Cosine<>{1, 0, last_step}, 1, 2}.length() == Length(last_step));
static_assert(gradus::PerEpoch{7, Cosine<>{1, 0, 10}}.length() == Length(70));

long double exact_stretch(const Stretch<InverseTime<>>& s, step_t t) {
  // These schedules are flat enough that rounding t does not matter.
  const long double at = std::floor(exactly(t) * exactly(s.from.value) / exactly(s.to.value));
  return exactly(s.schedule.start) / (1 + exactly(s.schedule.decay) * at);
}

}  // namespace

TEST_CASE("Stretch conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  conforms([] { return Stretch{InverseTime<>{0.1, 0.05}, 1, 50}; }, {0, 0.1, 50, falls},
           exact_stretch);
  conforms([] { return Stretch{InverseTime<>{0.1, 1e-18}, 1'000'000'007, 3}; }, {0, 0.1, 3, falls});
  conforms([] { return Stretch{Cosine<float>{1, 0.5F, 10}, 2, 5}; }, {0.5, 1, 25, falls, 25});
}

TEST_CASE("Stretch has every digit of the step", "[schedule]") {
  const auto whole = [](step_t t, step_t from, step_t to) {
    return gradus::detail::scaled(t, from, to).whole;
  };
  CHECK(whole(last_step, last_step, last_step) == last_step);
  CHECK(whole(last_step - 1, last_step, last_step) == last_step - 1);
  CHECK(whole(last_step - 1, last_step - 1, last_step) == last_step - 2);
  CHECK(whole(~step_t{0}, 1, 1) == ~step_t{0});
  CHECK(whole(~step_t{0}, 3, 2) == ~step_t{0});
  CHECK(whole(~step_t{0}, 2, 3) == 12'297'829'382'473'034'410U);
  CHECK(whole(12'297'829'382'473'034'411U, 3, 2) == ~step_t{0});
  CHECK(whole(12'297'829'382'473'034'410U, 3, 2) == ~step_t{0});
  CHECK(whole(12'297'829'382'473'034'409U, 3, 2) == ~step_t{0} - 2);
  conformance::Random random;
  for (int i = 0; i < 10'000; ++i) {  // t = q to + r, so that t from = q from to + r from
    const step_t to = random.length(), from = 1 + random.below(1U << 20);
    const step_t q = random.below(1U << 20), r = random.below(std::min(to, step_t{1} << 40));
    if (q != 0 && to > (last_step - r) / q) continue;
    CHECK(whole(q * to + r, from, to) == q * from + r * from / to);
  }
}

TEST_CASE("Stretch by a whole number is PerEpoch", "[schedule]") {
  const Cosine<> cosine{1, 0, 100};
  const Stretch stretched{cosine, 1, 390};
  const gradus::PerEpoch epochs{390, cosine};
  for (step_t t = 0; t < 40'000; t += 13) CHECK(stretched(t) == epochs(t));
}

TEST_CASE("Stretch refuses its own fields, and what its schedule refuses", "[schedule]") {
  using conformance::refusal;
  const gradus::Constant<> one{1};
  CHECK(refusal(Stretch{one, 0, 5}) == "gradus::Stretch.from must be > 0 (got 0)");
  CHECK(refusal(Stretch{one, 5, 0}) == "gradus::Stretch.to must be > 0 (got 0)");
  CHECK(refusal(Stretch{one, 5, -3}) == "gradus::Stretch.to must be > 0 (got -3)");
  CHECK(refusal(Stretch{Cosine<>{1, 0, 0}, 1, 2}) == "gradus::Cosine.steps must be > 0 (got 0)");
}
