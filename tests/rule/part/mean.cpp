#include <gradus/rule/part/mean.hpp>

#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Context;
using gradus::detail::Beta;
using gradus::detail::bias_correction;
using gradus::detail::bias_correction_of_rate;
using gradus::detail::is_mean;
using gradus::detail::WideBeta;

namespace {
template <class T>
using Pack = gradus::simd::pack<gradus::simd::scalar, T>;
}

TEMPLATE_TEST_CASE("A running mean is beta times the old one and the rest of the new number",
                   "[rule]", float, double) {
  using T = TestType;
  const Pack<T> old(T{8}), now(T{4});
  CHECK(mean(Beta<T>(0.75), old, now).v == T{7});
  CHECK(mean_of_squares(Beta<T>(0.75), old, now).v == T{10});
  CHECK(mean(Beta<T>(0.0), old, now).v == T{4});
  const Pack<T> infinite(support::infinity<T>());
  CHECK(mean_of_squares(WideBeta<T>(0.0), infinite, now).v == T{16});
  CHECK(mean_of_squares(WideBeta<T>(0.5), infinite, now).v == infinite.v);
}

TEMPLATE_TEST_CASE("A mean of the largest numbers is one, where it is said to be", "[rule]", float,
                   double) {
  using T = TestType;
  const Pack<T> most(std::numeric_limits<T>::max());
  support::Random random;
  int means = 0;
  for (int k = 0; k < 10'000; ++k) {
    const double beta = static_cast<double>(random.next() >> 11) * 0x1p-53;
    const bool finite = is_mean<T>(beta);
    means += finite ? 1 : 0;
    CHECK(gradus::math::is_finite(mean(Beta<T>(beta), most, most).v) >= finite);
  }
  CHECK(means > 1000);
  CHECK(is_mean<T>(0.9));
}

TEST_CASE("Both of Adam's corrections are one factor of the rate", "[rule]") {
  for (const gradus::step_t t : {0U, 1U, 9U, 9999U}) {
    const double n = static_cast<double>(t) + 1;
    const double expected = std::sqrt(1 - std::pow(0.999, n)) / (1 - std::pow(0.9, n));
    CHECK(bias_correction_of_rate(0.9, 0.999, Context{t, 0}) == Approx(expected).epsilon(1e-12));
  }
  CHECK(bias_correction_of_rate(0, 0, Context{0, 0}) == 1);
}

TEST_CASE("A bias correction is 1 where a mean is not to be corrected", "[rule]") {
  CHECK(bias_correction(0.5, Context{0, 0}) == 0.5);
  CHECK(bias_correction(0.5, Context{1, 0}) == 0.75);
  CHECK(bias_correction(0.5, Context{1, 0}, true) == 0.75);
  CHECK(bias_correction(0.5, Context{1, 0}, false) == 1);
  CHECK(bias_correction(0, Context{0, 0}) == 1);
}
