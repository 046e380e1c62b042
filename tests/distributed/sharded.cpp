// Tests sharded.hpp with rules of floats and doubles: the same bits on any number of ranks and with
// gradients that are sent early; what every rank decides alike.
#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>

#include <string>
#include <vector>

#include "support/any_sharded.hpp"
#include "support/catch.hpp"
#include "support/must.hpp"

using namespace gradus;
using support::any_ranks, support::on_ranks, support::sharded_gradients, support::sharded_rate,
    support::sharded_sizes, support::sharded_start, support::ShardedRuleOf,
    support::trained_on_ranks;

TEST_CASE("Sharded: the same bits on any number of ranks", "[distributed]") {
  any_ranks<float, float>(AdamW{});
  any_ranks<float, float>(Chain{ClipNorm{0.5}, AdamW{}});
  any_ranks<double, double>(Chain{ClipNorm{0.5}, AdamW{}});
}
TEST_CASE("Sharded: the same bits with everything on every rank, and in buckets", "[distributed]") {
  const Chain rule{ClipNorm{0.5}, AdamW{}};
  const auto any = ShardedRuleOf<float, float>::of(rule);
  const std::vector<std::byte> one = trained_on_ranks<float, float>(any, {});
  CHECK(trained_on_ranks<float, float>(any, {.ranks = 3, .sharding = {.replicated = true}}) == one);
  CHECK(trained_on_ranks<float, float>(any, {.ranks = 2, .sharding = {.buckets = 2}}) == one);
}
TEST_CASE("Sharded on one rank: the bits of an optimizer", "[distributed]") {
  auto a = sharded_start<float>(), b = a;
  SelfComm comm;
  const Chain rule{ClipNorm{0.5}, AdamW{}};
  Sharded opt{comm, sharded_rate, rule, a};
  Optimizer plain{sharded_rate, rule, b};
  for (std::size_t t = 0; t < 3; ++t) {
    const auto grads = sharded_gradients<float>(t, 0);
    CHECK(opt.step(a, grads) == plain.step(b, grads));
  }
  CHECK(a == b);
}

TEST_CASE("Sharded: gradients are sent as they are known, with the same bits", "[distributed]") {
  const auto train = [](bool early, std::size_t buckets) {
    std::vector<std::vector<float>> result;
    on_ranks(2, [&](ThreadComm& comm) {
      auto params = sharded_start<float>();
      Sharded opt{comm,
                  sharded_rate,
                  Chain{ClipNorm{0.5}, AdamW{}},
                  params,
                  {.buckets = buckets, .non_finite = NonFinite::skip}};
      for (std::size_t t = 0; t < 3; ++t) {
        std::vector<std::vector<float>> grads;
        for (const std::size_t n : sharded_sizes) grads.emplace_back(n);
        const auto known = sharded_gradients<float>(t, comm.rank());
        for (std::size_t j = grads.size(); j-- > 0;) {
          std::copy(known[j].begin(), known[j].end(), grads[j].begin());
          if (early) opt.ready(grads, j);
        }
        MUST(opt.step(params, grads, {.skip = t == 1}).applied == (t != 1));
      }
      if (comm.rank() == 0) result = params;
    });
    return result;
  };
  const auto expected = train(false, 1);
  CHECK(train(true, 1) == expected);
  CHECK(train(true, 2) == expected);
}

TEST_CASE("Sharded: the last of several micro-batches is sent as it is known, with the same bits",
          "[distributed]") {
  // 7 micro-batches on 3 ranks; 2 on 3 ranks, of which one has none.
  const auto train = [](bool early, std::size_t ranks, std::size_t all, bool short_gradients) {
    std::vector<std::vector<float>> result;
    on_ranks(ranks, [&](ThreadComm& comm) {
      auto params = sharded_start<float>();
      Sharded opt{comm,
                  sharded_rate,
                  Chain{ClipNorm{0.5}, AdamW{}},
                  params,
                  {.buckets = 2, .bfloat16_gradients = short_gradients}};
      for (std::size_t t = 0; t < 3; ++t) {
        const MicroBatches mine = opt.micro_batches(all);
        for (std::size_t k = mine.first; k + (early ? 1 : 0) < mine.last; ++k)
          opt.add(sharded_gradients<float>(t, k));
        if (early) {
          const auto last = sharded_gradients<float>(t, mine.last - 1);
          for (std::size_t j = last.size(); j-- > 0;) opt.ready(last, j);
        }
        MUST(opt.step(params, {.scale = 0.1, .skip = t == 1}).applied == (t != 1));
      }
      if (comm.rank() == 0) result = params;
    });
    return result;
  };
  for (const bool short_gradients : {false, true})
    for (const std::size_t all : {2U, 7U})
      CHECK(train(true, 3, all, short_gradients) == train(false, 3, all, short_gradients));
  CHECK(train(true, 2, 7, false) == train(false, 1, 7, false));
  CHECK(train(true, 1, 7, false) == train(false, 1, 7, false));
}
TEST_CASE("Sharded: LossScale, Plateau and SpikeGuard decide the same on every rank",
          "[distributed]") {
  // float16 overflows on one rank; losses that differ are averaged.
  constexpr std::size_t ranks = 3;
  std::vector<std::vector<double>> decided(ranks);
  std::vector<std::vector<std::vector<float>>> result(ranks);
  on_ranks(ranks, [&](ThreadComm& comm) {
    std::vector<std::vector<float>> params(1, std::vector<float>(70'000, 1.0F));
    const Cosine schedule{.start = 0.01, .steps = 100};
    Sharded opt{comm, schedule, AdamW{}, params, {.non_finite = NonFinite::skip}};
    LossScale scale{.value = 65536, .interval = 2};
    Plateau plateau{.patience = Length{1}};
    SpikeGuard<4> guard{.limit = 1.5, .patience = 2};
    for (std::size_t t = 0; t < 12; ++t) {
      // Rank 1 alone overflows in step 3, and has a loss of its own in step 6.
      const double large = t == 3 && comm.rank() == 1 ? 3.0 : 0.25;
      const std::vector<std::vector<float16>> grads(
          1,
          std::vector<float16>(params[0].size(), float16(static_cast<float>(large * scale.value))));
      const double own = t == 6 && comm.rank() == 1 ? 900.0 : 1.0 + 0.01 * static_cast<double>(t);
      const double loss = mean_over_ranks(comm, own + static_cast<double>(comm.rank()));
      const Verdict verdict = guard(loss);
      const double factor = plateau(loss) * guard.value();
      StepOptions options = scale.options({.factor = factor, .loss = loss});
      options.scale /= static_cast<double>(ranks);
      options.skip = verdict != Verdict::go;
      const StepResult r = opt.step(params, grads, options);
      if (!options.skip) scale.update(r);
      decided[comm.rank()].insert(decided[comm.rank()].end(),
                                  {scale.value, factor, static_cast<double>(verdict), r.rate,
                                   static_cast<double>(r.applied)});
    }
    result[comm.rank()] = params;
  });
  for (std::size_t r = 1; r < ranks; ++r) {
    CHECK(decided[r] == decided[0]);
    CHECK(result[r] == result[0]);
  }
  const auto at = [&](std::size_t t, std::size_t what) { return decided[0][5 * t + what]; };
  CHECK(at(3, 4) == 0);                                   // the overflow of rank 1 was skipped
  CHECK(at(3, 0) == at(2, 0) / 2);                        // and the scale was halved
  CHECK(at(6, 2) == static_cast<double>(Verdict::skip));  // the spike of rank 1
  CHECK(at(11, 1) < at(0, 1));                            // the plateau
}
