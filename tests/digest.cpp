// One number for many rules: it is the same on every machine, path and compiler, with every flag.
#include <gradus/gradus.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/rule_digest.hpp"

using support::check_digest;
using support::decay;
using support::Inputs;
using support::most;
using support::rate;
using support::sizes;

namespace {

template <class T, class R>
std::uint64_t digest_of(const Inputs<T>& in, const R& rule) {
  support::Digest d;
  for (const std::size_t n : sizes()) {
    std::vector<T> p(in.params.begin(), in.params.begin() + static_cast<std::ptrdiff_t>(n));
    gradus::Optimizer opt{rate, rule, p};
    for (const std::vector<T>& g : in.grads)
      opt.step(p, std::span(g).first(n), {.scale = 0.5, .loss = 0.75});
    d.add(p);
    for (std::size_t j = 0; j < opt.slots(); ++j) d.add(std::span<const T>(opt.slot(j)));
    d.add(std::span<const double>(opt.scalars()));
  }
  return d.value();
}

// The digests of the rules, in the order of this list.
template <class T>
void add_digests(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  const auto each = [&](const auto&... rules) { (r.push_back(digest_of(in, rules)), ...); };
  each(SGD{}, Momentum{}, Nesterov{}, Adagrad{.initial_accumulator_value = 0.1, .rate_decay = 0.01},
       RMSprop{}, Adam{}, AdamW{}, NAdam{}, LAMB{}, vary<&AdamW::weight_decay>(AdamW{}, decay),
       Chain{ClipValue{0.2}, L2{1e-2}, ClipNorm{0.5}, Momentum{}, WeightDecay{0.02}, Ema{0.99}});
}

// The digests of the rules that PyTorch does not have.
template <class T>
void add_digests_of_papers(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  const auto each = [&](const auto&... rules) { (r.push_back(digest_of(in, rules)), ...); };
  each(SignSGD{}, Signum{}, AdaBelief{}, Yogi{}, AdEMAMix{}, ADOPT{}, LaProp{}, AdaBound{},
       AMSBound{}, SMORMS3{}, QHM{}, QHAdam{.nu2 = 0.9}, Chain{Adan{}, ProximalWeightDecay{}},
       Chain{Lion{}, CorrectedWeightDecay{.weight_decay = 0.1, .peak = 0x1p-7}, Cautious{}});
}

// The digests of the rules that find their own rate or need no schedule.
template <class T>
void add_digests_of_rate_free(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  const auto each = [&](const auto&... rules) { (r.push_back(digest_of(in, rules)), ...); };
  each(DoG{}, LDoG{}, DoWG{}, Prodigy{.weight_decay = 0.01, .bias_correction = true},
       DAdaptAdam{.weight_decay = 0.01}, DAdaptSGD{}, COCOB{}, ScheduleFreeSGD{},
       ScheduleFreeAdamW{.weight_decay = 0.01, .step_power = 1}, PolyakSGD{},
       Chain{Adam{}, Mechanic{}});
}

}  // namespace

TEST_CASE("The digest of all rules", "[digest]") {
  check_digest(0x25db'503d'2b1a'b7eb, [](std::vector<std::uint64_t>& digests) {
    add_digests<float>(digests);
    add_digests<double>(digests);
  });
}

TEST_CASE("The digest of the rules that PyTorch does not have", "[digest]") {
  check_digest(0x35ef'97a0'f737'56b9, [](std::vector<std::uint64_t>& digests) {
    add_digests_of_papers<float>(digests);
    add_digests_of_papers<double>(digests);
  });
}

TEST_CASE("The digest of the rules that find their rate", "[digest]") {
  check_digest(0xc009'22ba'1b66'3558, [](std::vector<std::uint64_t>& digests) {
    add_digests_of_rate_free<float>(digests);
    add_digests_of_rate_free<double>(digests);
  });
}
