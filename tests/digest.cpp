// One number for many rules: it is the same on every machine, path and compiler, with every flag.
#include <gradus/gradus.hpp>

#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/registry.hpp"
#include "support/rule_digest.hpp"

using support::check_digest;
using support::decay;
using support::digest_of;
using support::Inputs;
using support::optimizers_of;
using support::registered;

namespace {

// Adds the digests of rules that their tests register, or of chains that are compiled here.
template <class T, class... R>
void add_each(std::vector<std::uint64_t>& r, const Inputs<T>& in, const R&... rules) {
  (r.push_back(digest_of<T>(in, registered<T>(rules))), ...);
}
template <class T, class... R>
void add_chains(std::vector<std::uint64_t>& r, const Inputs<T>& in, const R&... rules) {
  (r.push_back(digest_of<T>(in, optimizers_of<T>(rules))), ...);
}

// The digests of the rules, in the order of this list.
template <class T>
void add_digests(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  add_each(r, in, SGD{}, Momentum{}, Nesterov{},
           Adagrad{.initial_accumulator_value = 0.1, .rate_decay = 0.01}, RMSprop{}, Adam{},
           AdamW{}, NAdam{}, LAMB{});
  add_chains(
      r, in, vary<&AdamW::weight_decay>(AdamW{}, decay),
      Chain{ClipValue{0.2}, L2{1e-2}, ClipNorm{0.5}, Momentum{}, WeightDecay{0.02}, Ema{0.99}});
}

// The digests of the rules that PyTorch does not have.
template <class T>
void add_digests_of_papers(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  add_each(r, in, SignSGD{}, Signum{}, AdaBelief{}, Yogi{}, AdEMAMix{}, ADOPT{}, LaProp{},
           AdaBound{}, AMSBound{}, SMORMS3{}, QHM{}, QHAdam{.nu2 = 0.9});
  add_chains(r, in, Chain{Adan{}, ProximalWeightDecay{}},
             Chain{Lion{}, CorrectedWeightDecay{.weight_decay = 0.1, .peak = 0x1p-7}, Cautious{}});
}

// The digests of the rules that find their own rate or need no schedule.
template <class T>
void add_digests_of_rate_free(std::vector<std::uint64_t>& r) {
  using namespace gradus;
  const Inputs<T> in;
  add_each(r, in, DoG{}, LDoG{}, DoWG{}, Prodigy{.weight_decay = 0.01, .bias_correction = true},
           DAdaptAdam{.weight_decay = 0.01}, DAdaptSGD{}, COCOB{}, ScheduleFreeSGD{},
           ScheduleFreeAdamW{.weight_decay = 0.01, .step_power = 1}, PolyakSGD{});
  add_chains(r, in, Chain{Adam{}, Mechanic{}});
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
