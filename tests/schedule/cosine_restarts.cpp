#include <gradus/schedule/cosine_restarts.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::CosineRestarts;
using gradus::step_t;

namespace {

static_assert(CosineRestarts{.start = 1, .steps = 10}(0) == 1);
static_assert(CosineRestarts{.start = 1, .steps = 10}(5) == 0.5);
static_assert(CosineRestarts{.start = 1, .steps = 10}(10) == 1);
static_assert(CosineRestarts{.start = 1, .steps = 10, .growth = 2}(20) == 0.5);
static_assert(CosineRestarts{.start = 1, .steps = 10, .growth = 2, .decay = 0.5}(10) == 0.5);
static_assert(CosineRestarts{.start = 1, .end = 0.1, .steps = 10, .limit = 2}(20) == 0.1);
static_assert(CosineRestarts{.start = 1, .steps = 9} == CosineRestarts<>{1, 0, 9});
static_assert(CosineRestarts{.start = 1, .steps = 9} != CosineRestarts<>{1, 0, 9, 2});
static_assert(CosineRestarts{.start = 1, .steps = 0}.check());

// For a whole growth: goes through the cycles.
long double exact_cosine_restarts(const CosineRestarts<>& s, step_t t) {
  const auto growth = static_cast<step_t>(s.growth);
  step_t cycle = growth == 1 ? t / s.steps.steps() : 0;
  if (growth == 1) t %= s.steps.steps();
  long double length = exactly(s.steps.steps());
  for (; exactly(t) >= length; ++cycle, length *= exactly(growth)) t -= static_cast<step_t>(length);
  if (s.limit.value != 0 && cycle >= s.limit.steps()) return exactly(s.end);
  const long double x = exactly(t) / length;
  const long double w = (1 + std::cos(std::numbers::pi_v<long double> * x)) / 2;
  return exactly(s.end) +
         (exactly(s.start) - exactly(s.end)) * w * std::pow(exactly(s.decay), exactly(cycle));
}

// The steps whose rate is above that of the step before.
std::vector<step_t> restarts(const CosineRestarts<>& s, step_t last) {
  std::vector<step_t> r;
  for (step_t t = 1; t <= last; ++t)
    if (s(t) > s(t - 1)) r.push_back(t);
  return r;
}

}  // namespace

TEST_CASE("CosineRestarts conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  using Restarts = CosineRestarts<>;
  constexpr step_t huge = step_t{1} << 60;
  conforms([] { return Restarts{0.1, 1e-5, 10}; }, {1e-5, 0.1, 10}, exact_cosine_restarts);
  conforms([] { return Restarts{0.1, 1e-5, 10, 2}; }, {1e-5, 0.1, 10}, exact_cosine_restarts);
  conforms([] { return Restarts{1, 0, 1, 2}; }, {0, 1, 1}, exact_cosine_restarts);
  conforms([] { return Restarts{0.1, 0.01, 7, 3, 0.5}; }, {0.01, 0.1, 7}, exact_cosine_restarts);
  conforms([] { return Restarts{0.1, 0.01, 7, 3, 0.5, 4}; }, {0.01, 0.1, 7, any, 280},
           exact_cosine_restarts);
  conforms([] { return Restarts{0.1, 0.7, 9, 1, 0.9, 3}; }, {0.1, 0.7, 9, any, 27},
           exact_cosine_restarts);
  conforms([] { return Restarts{1.9, 0.1, 1, 1, 0.99}; }, {0.1, 1.9, 1, falls},
           exact_cosine_restarts);
  conforms([] { return Restarts{1.9, 0.1, huge, 7}; }, {0.1, 1.9, huge}, exact_cosine_restarts);
  conforms([] { return Restarts{1.9, 0.1, huge + 1, 1}; }, {0.1, 1.9, huge + 1},
           exact_cosine_restarts);
  conforms([] { return Restarts{1.9, 0.1, 10, 0x1p70}; }, {0.1, 1.9, 10});
  conforms([] { return Restarts{0.1, 1e-3, 16, 1.5}; }, {1e-3, 0.1, 16});
  conforms([] { return Restarts{0.1, 1e-3, 16, 1.001, 0.9, 5}; }, {1e-3, 0.1, 16, any, 81});
  conforms([] { return Restarts{0.1, 1e-3, 1, 1 + 0x1p-52}; }, {1e-3, 0.1, 16});
  conforms([] { return CosineRestarts<float>{0.1F, 1e-5F, 10, 2, 0.5}; },
           {conformance::wide(1e-5F), conformance::wide(0.1F), 10});
  conformance::rounds_once(CosineRestarts<float>{0.1F, 1e-5F, 10, 2, 0.5},
                           Restarts{conformance::wide(0.1F), conformance::wide(1e-5F), 10, 2, 0.5},
                           10);
}

TEST_CASE("CosineRestarts is within 2 ulp of its larger end", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const step_t steps = r.length(), t = r.step_near(r.below(2) == 0 ? steps : steps | 1 << 20);
    const CosineRestarts<> s{r.rate(),
                             r.rate(),
                             steps,
                             static_cast<double>(1 + r.below(7)),
                             1 - 0.1 * r.fraction(),
                             r.below(2) * r.below(40)};
    return conformance::Draw<CosineRestarts<>>{s, t, std::max(s.start, s.end)};
  };
  CHECK(conformance::worst_error(draw, exact_cosine_restarts) <= 2);
}

TEST_CASE("CosineRestarts begins every cycle on its own step", "[schedule]") {
  std::size_t wrong = 0;
  for (step_t first = 1; first < 60; ++first)
    for (step_t growth = 2; growth <= 7; ++growth) {
      const CosineRestarts<> s{1, 0.1, first, static_cast<double>(growth)};
      const CosineRestarts<> halving{1, 0, first, static_cast<double>(growth), 0.5};
      double height = 1;
      for (step_t begin = 0, length = first; begin < 10'000'000;
           begin += length, length *= growth) {
        if (s(begin) != 1 || halving(begin) != height) ++wrong;
        if (begin > 1 && s(begin - 1) > 0.99) ++wrong;
        height /= 2;
      }
    }
  CHECK(wrong == 0);
}

TEST_CASE("CosineRestarts: PyTorch's closed form gives the end at step 121", "[schedule]") {
  const CosineRestarts s{.start = 1, .steps = 1, .growth = 3};
  CHECK(s(121) == 1);
  CHECK(s(120) < 0.01);
}

TEST_CASE("CosineRestarts counts exactly beyond 2^53", "[schedule]") {
  const CosineRestarts doubling{.start = 1, .steps = 1, .growth = 2};  // begins at 2^c - 1
  for (int c = 54; c <= 63; ++c) {
    CAPTURE(c);
    CHECK(doubling((step_t{1} << c) - 1) == 1);
    CHECK(doubling((step_t{1} << c) - 2) < 1e-15);
  }
  CHECK(doubling(~step_t{0}) == 1);
  const CosineRestarts equal{.start = 1, .steps = (step_t{1} << 53) + 1};
  CHECK(equal(5 * ((step_t{1} << 53) + 1)) == 1);
  CHECK(equal(5 * ((step_t{1} << 53) + 1) - 1) < 1e-15);
}

TEST_CASE("CosineRestarts: a growth of 1.5 is Keras' t_mul", "[schedule]") {
  const double first = 16, growth = 1.5, m_mul = 0.8, alpha = 0.1;
  const CosineRestarts<> s{0.5, 0.5 * alpha, 16, growth, m_mul};
  for (step_t t = 0; t < 2'000; ++t) {
    double length = first, at = static_cast<double>(t), height = 1;
    for (; at >= length; length *= growth, height *= m_mul) at -= length;
    const double cosine = (1 + std::cos(std::numbers::pi * at / length)) / 2;
    CAPTURE(t);
    CHECK(s(t) == Approx(0.5 * ((1 - alpha) * height * cosine + alpha)).epsilon(1e-13));
  }
  // 16, 24, 36, 54 and 81 are whole.
  CHECK(restarts(s, 211) == std::vector<step_t>{16, 40, 76, 130, 211});
}

TEST_CASE("CosineRestarts: cycles of 1.1 begin where their decimals say", "[schedule]") {
  const CosineRestarts<> s{1, 0, 1'000, 1.1};  // 1000, 1100, 1210, 1331, then 1464.1 ...
  CHECK(restarts(s, 6'200) == std::vector<step_t>{1'000, 2'100, 3'310, 4'641, 6'106});
  for (const step_t t : {0U, 1'000U, 2'100U, 3'310U, 4'641U}) CHECK(s(t) == 1);
}

TEST_CASE("CosineRestarts: after its limit it stays at the end, as timm's", "[schedule]") {
  const CosineRestarts s{.start = 1, .end = 0.1, .steps = 10, .growth = 2, .limit = 2};
  CHECK(s(10) == 1);
  CHECK(s(29) > 0.1);
  for (const step_t t : {30U, 31U, 70U, 1'000U}) CHECK(s(t) == 0.1);
}

TEST_CASE("CosineRestarts: Hugging Face's hard restarts", "[schedule]") {
  const double total = 100, cycles = 4;
  const CosineRestarts s{.start = 0.1, .steps = 25, .limit = 4};
  for (step_t t = 0; t < 200; ++t) {
    CAPTURE(t);
    const double at = cycles * static_cast<double>(t) / total, x = at - std::floor(at);
    const double theirs = at >= cycles ? 0 : 0.1 * (1 + std::cos(std::numbers::pi * x)) / 2;
    CHECK(s(t) == Approx(theirs).margin(1e-16));
  }
}

TEST_CASE("CosineRestarts refuses what is no cycle", "[schedule]") {
  using conformance::refusal;
  using Restarts = CosineRestarts<>;
  const auto nan = conformance::nan();
  CHECK(refusal(Restarts{-1, 0, 5}) ==
        "gradus::CosineRestarts.start must be finite and >= 0 (got -1)");
  CHECK(refusal(Restarts{1, nan, 5}) ==
        "gradus::CosineRestarts.end must be finite and >= 0 (got nan)");
  CHECK(refusal(Restarts{1, 0, 0}) == "gradus::CosineRestarts.steps must be > 0 (got 0)");
  CHECK(refusal(Restarts{1, 0, -5}) == "gradus::CosineRestarts.steps must be > 0 (got -5)");
  CHECK(refusal(Restarts{1, 0, 5, 0.5}) ==
        "gradus::CosineRestarts.growth must be finite and >= 1 (got 0.5)");
  CHECK(refusal(Restarts{1, 0, 5, nan}) ==
        "gradus::CosineRestarts.growth must be finite and >= 1 (got nan)");
  CHECK(refusal(Restarts{1, 0, 5, conformance::infinity()}) ==
        "gradus::CosineRestarts.growth must be finite and >= 1 (got inf)");
  CHECK(refusal(Restarts{1, 0, 5, 1, 0}) ==
        "gradus::CosineRestarts.decay must be in (0, 1] (got 0)");
  CHECK(refusal(Restarts{1, 0, 5, 1, 1.5}) ==
        "gradus::CosineRestarts.decay must be in (0, 1] (got 1.5)");
  CHECK(refusal(Restarts{1, 0, 5, 1, 1, -2}) ==
        "gradus::CosineRestarts.limit must be >= 0 (got -2)");
  CHECK(refusal(Restarts{1, 0, 5, conformance::largest_double}).empty());
}

TEST_CASE("CosineRestarts last as long as their cycles", "[schedule]") {
  using gradus::length_of;
  CHECK(length_of(CosineRestarts<>{.start = 1, .steps = 10}).is_endless());
  CHECK(length_of(CosineRestarts<>{.start = 1, .steps = 10, .limit = 3}).value == 30);
  CHECK(length_of(CosineRestarts<>{.start = 1, .steps = 10, .growth = 2, .limit = 3}).value == 70);
  for (const double growth : {1.1, 1.5, 2.0, 3.0})
    for (std::int64_t limit = 1; limit < 12; ++limit) {
      const CosineRestarts<> s{
          .start = 1, .end = 0.5, .steps = 10, .growth = growth, .limit = limit};
      const step_t length = length_of(s).steps();
      CAPTURE(growth, limit);
      CHECK((s(length) == 0.5 && s(length - 1) > 0.5));
    }
}

TEST_CASE("CosineRestarts: a second cycle longer than any step", "[schedule]") {
  for (const double growth : {0x1p64, 1e30, conformance::largest_double}) {
    const CosineRestarts<> s{.start = 1, .end = 0, .steps = 1, .growth = growth};
    CAPTURE(growth);
    CHECK(s(0) == 1);
    CHECK(s(1) == 1);
    const long double x = std::numbers::pi_v<long double> / 2 * 0x1p64L / exactly(growth);
    CHECK(conformance::ulps(s(~step_t{0}), std::pow(std::cos(x), 2), 1) <= 2);
  }
}
