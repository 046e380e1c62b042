#include <gradus/schedule/flat_then_cosine.hpp>

#include <numbers>

#include "support/schedule_conformance.hpp"

using gradus::flat_then_cosine;
using gradus::step_t;

namespace {

constexpr auto flat_first = flat_then_cosine(1, 6, 4, 0.5);
static_assert(flat_first(0) == 1 && flat_first(6) == 1 && flat_first(7) < 1 &&
              flat_first(8) == 0.75 && flat_first(10) == 0.5);
static_assert(flat_first.length() == gradus::Length(10));
static_assert(flat_then_cosine<float>(0.1F, 6, 4)(0) == static_cast<double>(0.1F));

}  // namespace

TEST_CASE("flat_then_cosine conforms", "[schedule]") {
  conformance::conforms(
      [] { return flat_then_cosine(0.1, 75, 25, 1e-6); },
      {1e-6, 0.1, 100, conformance::Course::falls, 100},
      [](const auto&, step_t t) {
        const long double at =
            static_cast<long double>(std::min(std::max<step_t>(t, 75), step_t{100}) - 75);
        const auto low = static_cast<long double>(1e-6), high = static_cast<long double>(0.1);
        return low + (high - low) * (1 + std::cos(std::numbers::pi_v<long double> * at / 25)) / 2;
      });
}

TEST_CASE("flat_then_cosine refuses what its parts refuse", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(flat_then_cosine(1, 0, 5)) == "");
  CHECK(refusal(flat_then_cosine(1, 5, 0)) == "");
  CHECK(refusal(flat_then_cosine(-1, 5, 5)) ==
        "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK(refusal(flat_then_cosine(1, 5, 5, -1)) ==
        "gradus::Cosine.end must be finite and >= 0 (got -1)");
}
