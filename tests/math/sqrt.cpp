#include <gradus/math/sqrt.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace math = gradus::math;

namespace {

constexpr double by_integers(double x) { return math::detail::sqrt_by_integers(x); }

static_assert(math::sqrt(0.0) == 0 && math::sqrt(1.0) == 1 &&
              math::sqrt(2.0) == 0x1.6a09e667f3bcdp+0);
static_assert(math::sqrt(0x1p-1074) == 0x1p-537 && math::sqrt(0x1p1022) == 0x1p511);
static_assert(math::sqrt(std::numeric_limits<double>::max()) == 0x1.fffffffffffffp+511);
static_assert(math::sqrt(-1.0) == 0);

}  // namespace

TEST_CASE("math::sqrt is rounded once, by instruction and by integers", "[math]") {
  support::default_environment();
  support::Random random;
  std::size_t wrong = 0;
  for (int i = 0; i < 50'000; ++i) {
    // Any positive number; a square and its neighbours; a subnormal number.
    const std::uint64_t kind = random.below(4);
    double x = math::from_bits<double>(1 + random.below(math::infinity_bits<double> - 1));
    const auto root = static_cast<double>(random.below(std::uint64_t{1} << 26));
    if (kind == 1) x = root * root;
    if (kind == 2)
      x = math::from_bits<double>(math::to_bits(root * root + 1) + random.below(3) - 1);
    if (kind == 3) x = math::from_bits<double>(1 + random.below(std::uint64_t{1} << 52));
    if (!(x > 0)) continue;
    volatile double hidden = x;
    const std::uint64_t expected = math::to_bits(std::sqrt(hidden));
    wrong += math::to_bits(math::sqrt(x)) != expected || math::to_bits(by_integers(x)) != expected;
  }
  CHECK(wrong == 0);
}

TEST_CASE("math::sqrt outside its domain", "[math]") {
  volatile double negative = -1, minus_zero = -0.0;
  CHECK(math::is_nan(math::sqrt(negative)));
  CHECK(math::is_nan(math::sqrt(support::nan<double>())));
  CHECK(math::to_bits(math::sqrt(support::infinity<double>())) == math::infinity_bits<double>);
  CHECK(math::to_bits(math::sqrt(minus_zero)) == math::sign_bit<double>);
}
