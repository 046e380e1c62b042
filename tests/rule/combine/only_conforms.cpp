// What Only keeps as every rule does: a file of its own, because the types in both need much memory
// to compile.
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/rule_conformance.hpp"

using gradus::Adam;
using gradus::Chain;
using gradus::Only;
using gradus::WeightDecay;

namespace {

struct Even {
  constexpr bool operator()(std::size_t span) const { return span % 2 == 0; }
  constexpr bool operator==(const Even&) const = default;
};

}  // namespace

TEMPLATE_TEST_CASE("Only conforms", "[rule]", float, double) {
  support::conforms<TestType>([] { return Chain{Adam{}, Only{WeightDecay{0.1}, Even{}}}; },
                              {.decays = true});
  support::conforms<TestType>(
      [] { return Chain{Only{gradus::L2{0.1}, Even{}}, Adam{}, gradus::Ema{}}; }, {.decays = true});
}

TEST_CASE("Only has the stage's faults", "[rule]") {
  support::refuses<float>(Chain{Adam{}, Only{WeightDecay{-1}, Even{}}},
                          "gradus::WeightDecay.weight_decay must be finite and >= 0 (got -1)");
}
