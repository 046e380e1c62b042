#include <gradus/error/check.hpp>

#include <limits>
#include <string_view>

#include "support/catch.hpp"

namespace detail = gradus::detail;
using gradus::Fault;

namespace {

constexpr double largest = std::numeric_limits<double>::max();
constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr auto largest_float = static_cast<double>(std::numeric_limits<float>::max());
constexpr auto smallest_float = static_cast<double>(std::numeric_limits<float>::denorm_min());

// From their bits, because under -Ofast a compiler may assume anything about those that it sees.
double infinity() { return gradus::math::from_bits<double>(0x7ff0'0000'0000'0000U); }
double nan() { return gradus::math::from_bits<double>(0x7ff8'0000'0000'0000U); }

constexpr bool good(const Fault& fault) { return !fault; }
constexpr bool says(const Fault& fault, std::string_view rule, double value) {
  return fault && fault.type == std::string_view("Type") &&
         fault.field == std::string_view("field") && fault.rule == rule && fault.value == value;
}

constexpr auto beta = [](double x) { return detail::check_beta<double>("Type", "field", x); };
constexpr auto factor = [](double x) { return detail::check_factor("Type", "field", x); };
constexpr auto fraction = [](double x) { return detail::check_fraction("Type", "field", x); };
constexpr auto length = [](gradus::Length n) { return detail::check_length("Type", "field", n); };
template <class T>
constexpr auto not_negative =
    [](double x) { return detail::check_not_negative<T>("Type", "field", x); };
template <class T>
constexpr auto positive = [](double x) { return detail::check_positive<T>("Type", "field", x); };

static_assert(good(fraction(0)) && good(fraction(0.5)) && good(fraction(1)));
static_assert(says(fraction(1 + 0x1p-52), "must be in [0, 1]", 1 + 0x1p-52));
static_assert(says(fraction(-smallest), "must be in [0, 1]", -smallest));

static_assert(good(beta(0)) && good(beta(0.9)) && good(beta(1 - 0x1p-53)) && good(beta(-0.0)));
static_assert(says(beta(1), "must be in [0, 1)", 1));
static_assert(says(beta(-smallest), "must be in [0, 1)", -smallest));

static_assert(good(factor(1)) && good(factor(0.1)) && good(factor(smallest)));
static_assert(says(factor(0), "must be in (0, 1]", 0));
static_assert(says(factor(1 + 0x1p-52), "must be in (0, 1]", 1 + 0x1p-52));
static_assert(says(factor(-0.5), "must be in (0, 1]", -0.5));

static_assert(good(length(1)) && good(length(gradus::last_step)));
static_assert(says(length(0), "must be > 0", 0) && says(length(-3), "must be > 0", -3));
static_assert(says(length(gradus::last_step + 1), "must be > 0", -0x1p63));

static_assert(good(not_negative<double>(0)) && good(not_negative<double>(largest)));
static_assert(good(not_negative<float>(largest_float)) && good(not_negative<float>(smallest)));
static_assert(says(not_negative<double>(-1), "must be finite and >= 0", -1));

// The fields of rules need room for sums and products, the fields of schedules do not.
static_assert(good(detail::check_weight<float>("Type", "field", 0x1p100)));
static_assert(says(detail::check_weight<float>("Type", "field", 0x1.1p100),
                   "must be at most 2^100 for float", 0x1.1p100));
static_assert(says(detail::check_weight<float>("Type", "field", -1), "must be finite and >= 0",
                   -1));
static_assert(good(detail::check_divisor<double>("Type", "field", 0x1p1000)));
static_assert(says(detail::check_divisor<double>("Type", "field", largest),
                   "must be at most 2^1000", largest));
static_assert(says(detail::check_divisor<double>("Type", "field", 0), "must be finite and > 0", 0));

static_assert(good(positive<double>(smallest)) && good(positive<double>(largest)));
static_assert(good(positive<float>(smallest_float)) && good(positive<float>(largest_float)));
static_assert(says(positive<double>(0), "must be finite and > 0", 0));
static_assert(says(positive<double>(-1), "must be finite and > 0", -1));
static_assert(says(positive<float>(smallest), "must be representable in the parameters' type",
                   smallest));

constexpr Fault none, first{"Type", "field", "first", 1}, second{"Type", "field", "second", 2};
static_assert(good(detail::first_fault(none)) && good(detail::first_fault(none, none, none)));
static_assert(detail::first_fault(none, first, second) == first);
static_assert(detail::first_fault(second, first, none) == second);
static_assert(detail::first_fault(none, none, first) == first);

}  // namespace

TEST_CASE("The checks refuse NaN and both infinities", "[check]") {
  for (const double x : {nan(), -nan(), infinity(), -infinity()}) {
    CHECK(beta(x));
    CHECK(factor(x));
    CHECK(fraction(x));
    CHECK(not_negative<float>(x));
    CHECK(not_negative<double>(x));
    CHECK(positive<float>(x));
    CHECK(positive<double>(x));
  }
  CHECK(says(not_negative<double>(infinity()), "must be finite and >= 0", infinity()));
}

TEST_CASE("The checks know what a float cannot hold", "[check]") {
  const std::string_view rule = "must be representable in the parameters' type";
  volatile double big = 1e39, small = 1e-46;  // volatile, so that they are rounded at run time
  CHECK(says(not_negative<float>(big), rule, 1e39));
  CHECK(says(positive<float>(big), rule, 1e39));
  CHECK(says(positive<float>(small), rule, 1e-46));
  CHECK(good(not_negative<float>(small)));
  CHECK(good(positive<double>(big)));
  CHECK(good(positive<double>(small)));
}

TEST_CASE("A beta that rounds to 1 in the parameters' type is refused", "[check]") {
  const gradus::Fault fault = detail::check_beta<float>("Type", "field", 0.99999999);
  CHECK(fault ==
        gradus::Fault{"Type", "field", "must be below 1 in the parameters' type, too", 0.99999999});
  CHECK_FALSE(detail::check_beta<double>("Type", "field", 0.99999999));
}
