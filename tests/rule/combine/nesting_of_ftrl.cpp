// A rule that sets the parameters in every nesting of two and of three wrappers.
#include <gradus/rule/ftrl.hpp>

#include "support/nestings.hpp"

template <>
inline constexpr auto support::nesting::field<gradus::FTRL> = &gradus::FTRL::l1;

TEST_CASE("Wrappers around a rule that sets the parameters are right or refused", "[rule]") {
  // Of 100 pairs and 1000 triples.
  CHECK(support::nesting::right_around<10>(gradus::FTRL{}) == std::array<std::size_t, 2>{16, 28});
}
