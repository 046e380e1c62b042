#include <gradus/schedule/shape/quotient.hpp>

#include "support/schedule_conformance.hpp"

using gradus::step_t;
using gradus::detail::split;
using gradus::detail::quotient;

namespace {

static_assert(static_cast<double>(quotient(6, 4).hi) == 1.5);
static_assert(static_cast<double>(quotient(6, 4).lo) == 0);
static_assert(static_cast<double>(quotient(0, 7).hi) == 0);

}  // namespace

TEST_CASE("A step is its pieces", "[schedule]") {
  conformance::Random random;
  for (int i = 0; i < 10'000; ++i) {
    const step_t t = random.step();
    CAPTURE(t);
    const auto [hi, lo] = split(t);
    CHECK(static_cast<step_t>(static_cast<double>(hi)) +
              static_cast<step_t>(static_cast<double>(lo)) ==
          t);
  }
}

TEST_CASE("A quotient of steps has the digits of a long double, and more", "[schedule]") {
  if (!conformance::long_double_judges()) return;
  conformance::Random random;
  long double worst = 0;
  for (int i = 0; i < 100'000; ++i) {
    const step_t t = random.step(), every = random.length();
    if (t == 0) continue;
    const auto [hi, lo] = quotient(t, every);
    const long double got = conformance::exactly(static_cast<double>(hi)) +
                            conformance::exactly(static_cast<double>(lo));
    const long double exact = conformance::exactly(t) / conformance::exactly(every);
    worst = std::max(worst, std::fabs(got - exact) / exact);
  }
  CHECK(worst <= 2 * std::numeric_limits<long double>::epsilon());
}
