#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/around.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/sgd.hpp>

#include "support/catch.hpp"

namespace {

// A wrapper that changes nothing.
template <class R>
struct Same : gradus::detail::Around<Same<R>, R> {
  using gradus::detail::Around<Same, R>::Around;
  template <class R2>
  constexpr Same<R2> with(R2 other) const {
    return Same<R2>(other);
  }
  template <class K>
  constexpr K around(const K& kernel, const gradus::Context&) const {
    return kernel;
  }
  constexpr bool operator==(const Same&) const = default;
};

}  // namespace

TEST_CASE("A rule around another has its name, state and faults", "[rule]") {
  const Same<gradus::NAdam> nadam(gradus::NAdam{});
  static_assert(Same<gradus::NAdam>::name == gradus::Name("NAdam"));
  CHECK(nadam.slots()[1].name == gradus::Name("v"));
  CHECK(nadam.scalars().size() == gradus::NAdam{}.scalars().size());
  static_assert(!gradus::HasSlots<Same<gradus::SGD>>);
  static_assert(!gradus::HasScalars<Same<gradus::Adam>>);
  CHECK(Same<gradus::Adam>(gradus::Adam{.eps = 0}).check());
  CHECK(nadam == Same<gradus::NAdam>(gradus::NAdam{}));
  static_assert(gradus::Rule<Same<gradus::NAdam>> && gradus::Rule<Same<gradus::SGD>>);
}
