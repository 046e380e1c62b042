#include <gradus/schedule/inverse_sqrt.hpp>

#include <gradus/schedule/combine/warmup.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::InverseSqrt;
using gradus::step_t;

namespace {

static_assert(InverseSqrt{.start = 0.1, .tau = 100}(0) == 0.1);
static_assert(InverseSqrt{.start = 1, .tau = 100}(300) == 0.5);
static_assert(InverseSqrt{.start = 1, .tau = 1}(3) == 0.5);
static_assert(InverseSqrt{.start = 1, .tau = 9} == InverseSqrt<>{1, 9});
static_assert(InverseSqrt{.start = 1, .tau = 9} != InverseSqrt<>{1, 8});
static_assert(InverseSqrt{.start = 1, .tau = 0}.check());

long double exact_inverse_sqrt(const InverseSqrt<>& s, step_t t) {
  const long double tau = exactly(s.tau.steps());
  return exactly(s.start) * std::sqrt(tau / (exactly(t) + tau));
}

}  // namespace

TEST_CASE("InverseSqrt conforms", "[schedule]") {
  using conformance::conforms;
  using enum conformance::Course;
  constexpr step_t huge = step_t{1} << 61;
  conforms([] { return InverseSqrt<>{0.1, 100}; }, {0, 0.1, 100, falls}, exact_inverse_sqrt);
  conforms([] { return InverseSqrt<>{1.9, 1}; }, {0, 1.9, 1, falls}, exact_inverse_sqrt);
  conforms([] { return InverseSqrt<>{0.3, huge}; }, {0, 0.3, huge, falls}, exact_inverse_sqrt);
  conforms([] { return InverseSqrt<>{0, 10}; }, {0, 0, 10, any, 0}, exact_inverse_sqrt);
  conforms([] { return InverseSqrt<float>{0.1F, 100}; }, {0, conformance::wide(0.1F), 100, falls});
  conformance::rounds_once(InverseSqrt<float>{0.1F, 100},
                           InverseSqrt<>{conformance::wide(0.1F), 100}, 100);
}

TEST_CASE("InverseSqrt is within 2 ulp of its start", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const InverseSqrt<> s{r.rate(), r.length()};
    return conformance::Draw<InverseSqrt<>>{s, r.step_near(s.tau.steps()), s.start};
  };
  CHECK(conformance::worst_error(draw, exact_inverse_sqrt) <= 2);
}

TEST_CASE("InverseSqrt after a warmup is Hugging Face's and fairseq's", "[schedule]") {
  const double peak = 5e-4, warm = 40;
  const gradus::Warmup s{40, InverseSqrt{.start = peak, .tau = 40}, 0.0};
  const gradus::Warmup scaled{40, InverseSqrt{.start = peak, .tau = 1'000}, 0.0};
  for (step_t t = 0; t < 500; ++t) {
    CAPTURE(t);
    const double at = static_cast<double>(t);
    const double rise = peak * at / warm;
    CHECK(s(t) == Approx(t < 40 ? rise : peak * std::sqrt(warm) / std::sqrt(at)).epsilon(1e-14));
    const double shift = 1'000 - warm;  // Hugging Face's, with a timescale of 1000
    CHECK(scaled(t) ==
          Approx(t < 40 ? rise : peak / std::sqrt((at + shift) / 1'000)).epsilon(1e-14));
  }
}

TEST_CASE("InverseSqrt refuses what is no rate and no time", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(InverseSqrt<>{-1, 5}) ==
        "gradus::InverseSqrt.start must be finite and >= 0 (got -1)");
  CHECK(refusal(InverseSqrt<>{conformance::nan(), 5}) ==
        "gradus::InverseSqrt.start must be finite and >= 0 (got nan)");
  CHECK(refusal(InverseSqrt<>{1, 0}) == "gradus::InverseSqrt.tau must be > 0 (got 0)");
  CHECK(refusal(InverseSqrt<>{1, -5}) == "gradus::InverseSqrt.tau must be > 0 (got -5)");
}
