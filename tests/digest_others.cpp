// Like digest.cpp, for the other rules, for stages, and for the ways of storing state.
#include <gradus/gradus.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/registry.hpp"
#include "support/rule_digest.hpp"

using support::check_digest;
using support::digest_of_two;
using support::Inputs;

namespace {

// The rules and stages that are not in digest.cpp.
template <class T>
void add_digests_of_others(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  const auto each = [&](const auto&... rules) {
    (r.push_back(digest_of_two<T>(in, support::registered<T>(rules))), ...);
  };
  const auto chains = [&](const auto&... rules) {
    (r.push_back(digest_of_two<T>(in, support::optimizers_of<T>(rules))), ...);
  };
  each(Adadelta{}, Adamax{}, AMSGrad{}, ASGD{}, CenteredRMSprop{}, CenteredRMSpropMomentum{},
       DampenedMomentum{}, FTRL{.l1 = 0x1p-4}, LARS{}, MADGRAD{}, MARS{}, NovoGrad{}, RAdam{},
       RMSpropMomentum{.eps_place = Eps::inside}, Rprop{});
  chains(Chain{AGC{}, Centralize{}, GradientNoise{.seed = 7}, SGD{}, Velocity{}, Lookahead{},
               SWA{.start = 50, .every = 3}},
         Chain{ClipSpanNorm{0.5}, SGD{}, NesterovVelocity{}, CautiousWeightDecay{},
               Only{WeightDecay{0.02}, [](std::size_t span) { return span == 1; }}});
}

// The digest of parameters of type E over two spans.
template <class E, class R>
std::uint64_t digest_of_stored(const Inputs<float>& in, const R& rule) {
  support::Digest d;
  for (const std::size_t n : support::sizes()) {
    std::vector<E> p;
    for (std::size_t i = 0; i < n; ++i) p.push_back(static_cast<E>(in.params[i]));
    const auto two = [n](auto all) { return std::array{all.first(n / 3), all.subspan(n / 3)}; };
    gradus::Optimizer opt{support::rate, rule, two(std::span(p))};
    for (const std::vector<float>& g : in.grads)
      opt.step(two(std::span(p)), two(std::span(g).first(n)), {.scale = 0.5});
    d.add(std::vector<float>(p.begin(), p.end()));
    d.add(std::span<const double>(opt.scalars()));
    d.add(std::span<const double>(opt.span_scalars()));
  }
  return d.value();
}

// State in fewer bytes, and slots of several types; all of them influence the parameters.
void add_digests_of_storage(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<float> in;
  const auto each = [&]<class E>(E, const auto&... rules) {
    (r.push_back(digest_of_stored<E>(in, rules)), ...);
  };
  each(0.0F, stored<Signed8, Positive8>(Adam{}), stored<bfloat16, float16>(Adam{}));
  each(bfloat16(), Compensated{stored<bfloat16>(Adam{})}, Stochastic{Momentum{}, 7});
  each(float16(), Master{Momentum{}});
}

}  // namespace

TEST_CASE("The digest of the other rules and stages", "[digest]") {
  check_digest(0xdd49'a2eb'5406'1d3b, [](std::vector<std::uint64_t>& digests) {
    add_digests_of_others<float>(digests);
    add_digests_of_others<double>(digests);
  });
}

TEST_CASE("The digest of what is stored in fewer bytes", "[digest]") {
  check_digest(0x73b6'56e7'72b9'8694, add_digests_of_storage);
}
