#include <gradus/rule/adam.hpp>
#include <gradus/rule/ftrl.hpp>
#include <gradus/rule/sgd.hpp>

#include "support/nestings.hpp"

template <>
constexpr auto support::nesting::field<gradus::FTRL> = &gradus::FTRL::l1;

using support::nesting::right_around;
using Right = std::array<std::size_t, 2>;  // pairs of 100, triples of 512; all others are refused

TEST_CASE("Wrappers around SGD are right or refused, in pairs and triples", "[rule]") {
  CHECK(right_around(gradus::SGD{}) == Right{41, 50});
}
TEST_CASE("Wrappers around Adam are right or refused, in pairs and triples", "[rule]") {
  CHECK(right_around(gradus::Adam{.beta1 = 0.5, .beta2 = 0.75}) == Right{49, 69});
}
TEST_CASE("Wrappers around a rule that sets the parameters are right or refused", "[rule]") {
  CHECK(right_around<10>(gradus::FTRL{}) == Right{16, 28});  // triples of 1000
}
