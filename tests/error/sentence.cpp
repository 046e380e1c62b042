#include <gradus/error/sentence.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::detail::Sentence;

namespace {

template <class T>
std::string written(const T& x) {
  return (Sentence() << x).text();
}
std::string printed(double x) {
  char text[64];
  std::snprintf(text, sizeof text, "%.9g", x);
  return text;
}

}  // namespace

TEST_CASE("A sentence is its parts, one after another", "[fault]") {
  CHECK(std::string((Sentence() << "a[" << std::size_t{3} << "] is " << 0.5).text()) ==
        "a[3] is 0.5");
  CHECK(std::string(Sentence().text()).empty());
  CHECK(written(0U) == "0");
  CHECK(written(std::uint64_t{18'446'744'073'709'551'615U}) == "18446744073709551615");
}

TEST_CASE("A sentence that is too long is cut", "[fault]") {
  CHECK(written(std::string(1'000, 'x')) == std::string(255, 'x'));
}

TEST_CASE("A sentence writes doubles as printf does", "[fault]") {
  for (const double x : {0.0,
                         1.0,
                         -1.0,
                         0.1,
                         -0.25,
                         1e-4,
                         1e-5,
                         0.000123456789,
                         123456789.0,
                         999999999.0,
                         1e9,
                         999999999.5,
                         99999999.95,
                         1.5e300,
                         4294967296.0,
                         0.3,
                         2.0 / 3,
                         100.0,
                         1e100,
                         1e-100,
                         9.5e-5,
                         std::numeric_limits<double>::max(),
                         std::numeric_limits<double>::min(),
                         support::infinity<double>(),
                         -support::infinity<double>()})
    CHECK(written(x) == printed(x));
  CHECK(written(support::nan<double>()) == "nan");
}

TEST_CASE("A sentence's doubles are right to nine digits", "[fault]") {
  support::Random random;
  for (int i = 0; i < 20'000; ++i) {
    const double x = random.any<double>();
    if (!(x > 1e-300 && x < 1e300)) continue;  // subnormal numbers have fewer digits
    CAPTURE(x);
    REQUIRE(std::stod(written(x)) / x == Approx(1).epsilon(6e-9));
  }
}
