#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_span_norm.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include "support/composes.hpp"

using gradus::Adam;
using gradus::Chain;
using gradus::Only;
using gradus::WeightDecay;

namespace {

struct Even {
  constexpr bool operator()(std::size_t span) const { return span % 2 == 0; }
  constexpr bool operator==(const Even&) const = default;
};

using Layers = std::vector<std::vector<float>>;

// Ten steps over four spans.
Layers after(const support::MakeOptimizer<float>& make) {
  Layers p;
  for (const std::size_t n : {40U, 7U, 0U, 65U}) p.push_back(support::numbers<float>(n, n));
  const Layers g = p;
  const auto opt = make([](gradus::step_t) { return 0.125; }, {p.begin(), p.end()},
                        gradus::NonFinite::propagate);
  for (int t = 0; t < 10; ++t)
    opt->step({p.begin(), p.end()}, {g.begin(), g.end()}, {}, support::in_order);
  return p;
}
template <class R>
Layers after(const R& rule) {
  return after(support::optimizers_of<float>(rule));
}

}  // namespace

TEST_CASE("Only has the stage where the predicate says so, and none elsewhere", "[rule]") {
  const Layers with = after(gradus::AdamW{.weight_decay = 0.1}), without = after(Adam{});
  const Layers got = after(Chain{Adam{}, Only{WeightDecay{0.1}, Even{}}});
  for (std::size_t j = 0; j < got.size(); ++j) {
    CAPTURE(j);
    CHECK(support::same_bits(got[j], Even{}(j) ? with[j] : without[j]));
  }
  CHECK_FALSE(support::same_bits(with[1], without[1]));
}

TEST_CASE("Only takes a gradient stage, with norms too", "[rule]") {
  using gradus::ClipSpanNorm;
  using gradus::SGD;
  const Layers with = after(Chain{ClipSpanNorm{0.1}, SGD{}}), without = after(SGD{});
  const Layers got = after(Chain{Only{ClipSpanNorm{0.1}, Even{}}, SGD{}});
  for (std::size_t j = 0; j < got.size(); ++j)
    CHECK(support::same_bits(got[j], Even{}(j) ? with[j] : without[j]));
}

TEST_CASE("Only asks for spans by their number, also what captures", "[rule]") {
  const bool takes[] = {false, true, false, true};
  const auto listed = [&](std::size_t span) { return takes[span]; };
  const Layers with = after(gradus::AdamW{.weight_decay = 0.1}), without = after(Adam{});
  const Layers got = after(Chain{Adam{}, Only{WeightDecay{0.1}, listed}});
  for (std::size_t j = 0; j < got.size(); ++j)
    CHECK(support::same_bits(got[j], takes[j] ? with[j] : without[j]));
}

TEST_CASE("Only leaves a stage's slots alone where the stage is not", "[rule]") {
  Layers p{{1, 2}, {3}}, g{{1, 1}, {1}};
  gradus::Optimizer opt{gradus::Constant<>{0.5}, Chain{gradus::SGD{}, Only{gradus::Ema{0}, Even{}}},
                        p};
  opt.step(p, g);
  const std::span<const float> average = opt.slot("Ema.average");
  CHECK(std::vector<float>(average.begin(), average.end()) == std::vector<float>{0.5, 1.5, 3});
}

TEST_CASE("Norms of a span are of what Only leaves there", "[rule]") {
  const gradus::LAMB lamb{.weight_decay = 0};
  const Layers with = after(Chain{gradus::L2{0.5}, lamb}), without = after(lamb);
  const Layers got = after(Chain{Only{gradus::L2{0.5}, Even{}}, lamb});
  for (std::size_t j = 0; j < got.size(); ++j)
    CHECK(support::same_bits(got[j], Even{}(j) ? with[j] : without[j]));
}

TEST_CASE("Only composes", "[rule]") {
  support::composes(Chain{Adam{}, Only{WeightDecay{0.1}, Even{}}});
  support::composes(
      Chain{Only{gradus::ClipSpanNorm{0.1}, Even{}}, Adam{}, Only{gradus::Ema{0.5}, Even{}}});
  const auto varied =
      gradus::vary<&WeightDecay::weight_decay>(WeightDecay{}, gradus::Constant<>{0.1});
  support::composes(Chain{Adam{}, Only{varied, Even{}}});
  CHECK(after(Chain{Adam{}, Only{varied, Even{}}}) ==
        after(Chain{Adam{}, Only{WeightDecay{0.1}, Even{}}}));
}
