#include <gradus/schedule/constant.hpp>

#include <limits>
#include <type_traits>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Constant;

namespace {

static_assert(std::is_trivially_copyable_v<Constant<>>);
static_assert(Constant<>{.value = 0.1}(0) == 0.1);
static_assert(Constant<>{.value = 0.1}(~gradus::step_t{0}) == 0.1);
static_assert(Constant<>{}(7) == 0);
static_assert(Constant<>{.value = 1} == Constant<>{.value = 1});
static_assert(Constant<>{.value = 1} != Constant<>{.value = 2});
static_assert(Constant<>{.value = -1}.check());

long double exact_constant(const Constant<>& s, gradus::step_t) { return exactly(s.value); }

}  // namespace

TEST_CASE("Constant conforms", "[schedule]") {
  const auto at = [](double value) { return conformance::Expect{value, value, 10, {}, 0}; };
  conformance::conforms([] { return Constant<>{0.1}; }, at(0.1), exact_constant);
  conformance::conforms([] { return Constant<>{0}; }, at(0));
  conformance::conforms([] { return Constant<>{conformance::largest_double}; },
                        at(conformance::largest_double), exact_constant);
  conformance::conforms([] { return Constant<float>{0.1F}; }, at(conformance::wide(0.1F)));
  conformance::rounds_once(Constant<float>{0.1F}, Constant<>{conformance::wide(0.1F)}, 10);
}

TEST_CASE("Constant is its value, bit for bit", "[schedule]") {
  conformance::Random random;
  for (int i = 0; i < 1'000; ++i) {
    const double value = random.rate();
    CHECK(conformance::bits(Constant<>{value}(random.step())) == conformance::bits(value));
  }
}

TEST_CASE("Constant refuses what is no rate", "[schedule]") {
  using conformance::refusal;
  const auto infinity = conformance::infinity();
  const auto nan = conformance::nan();
  CHECK(refusal(Constant<>{-0.1}) == "gradus::Constant.value must be finite and >= 0 (got -0.1)");
  CHECK(refusal(Constant<>{nan}) == "gradus::Constant.value must be finite and >= 0 (got nan)");
  CHECK(refusal(Constant<>{infinity}) ==
        "gradus::Constant.value must be finite and >= 0 (got inf)");
  CHECK(refusal(Constant<>{-infinity}) ==
        "gradus::Constant.value must be finite and >= 0 (got -inf)");
  CHECK(refusal(Constant<float>{static_cast<float>(infinity)}) ==
        "gradus::Constant.value must be finite and >= 0 (got inf)");
  CHECK(refusal(Constant<>{-conformance::smallest_normal}) ==
        "gradus::Constant.value must be finite and >= 0 (got -2.22507386e-308)");
  CHECK(refusal(Constant<>{-0.0}).empty());
  CHECK(refusal(Constant<>{conformance::smallest_double}).empty());
}
