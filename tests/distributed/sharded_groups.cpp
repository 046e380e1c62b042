// Tests sharded_groups.hpp and group_files.hpp.
#include <gradus/distributed/group_files.hpp>
#include <gradus/distributed/sharded_groups.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/must.hpp"

using namespace gradus;

namespace {

// Parameters of two groups, with borders that are not those of leaves.
struct Both {
  std::vector<float> w = std::vector<float>(60 * 35), u = std::vector<float>(9 * 50),
                     rest = std::vector<float>(70'003);

  static Both start() {
    Both r;
    for (auto* v : {&r.w, &r.u, &r.rest})
      for (std::size_t i = 0; i < v->size(); ++i)
        (*v)[i] = static_cast<float>(i % 97) / 97.0F - 0.3F;
    return r;
  }
  static Both gradients(std::size_t step) {
    Both r;
    auto x = static_cast<std::uint32_t>(step + 1);
    for (auto* v : {&r.w, &r.u, &r.rest})
      for (float& y : *v) {
        x = x * 1664525U + 1013904223U;
        y = static_cast<float>(static_cast<double>(x >> 8) * 0x1p-24 - 0.5);
      }
    return r;
  }
  auto matrices() { return spans(matrix(w, 60, 35), matrix(u, 9, 50)); }
  bool operator==(const Both&) const = default;
};

const Cosine schedule{.start = 0.01, .steps = 10};

Both one_process(std::size_t steps) {
  Both p = Both::start();
  Groups opt{ClipNorm{0.5}, Optimizer{schedule, Muon{}, p.matrices()},
             Optimizer{Constant{0.01}, AdamW{}, p.rest}};
  for (std::size_t t = 0; t < steps; ++t) {
    Both g = Both::gradients(t);
    const auto r = opt.step(std::tuple{p.matrices(), std::span(p.rest)},
                            std::tuple{spans(g.w, g.u), std::span(g.rest)});
    CHECK(r.norm > 0.5);
  }
  return p;
}
using Opt =
    ShardedGroups<Sharded<ThreadComm, Cosine<>, Muon>, Sharded<ThreadComm, Constant<>, AdamW>>;
/// step(t) makes a step of one micro-batch on all ranks.
struct Step {
  Opt& opt;
  Both& p;
  GroupsResult operator()(std::size_t t, const StepOptions& options = {}) const {
    Both g = Both::gradients(t);
    const MicroBatches mine = opt.micro_batches(1);
    for (std::size_t k = mine.first; k < mine.last; ++k)
      opt.add(std::tuple{spans(g.w, g.u), std::span(g.rest)});
    return opt.step(std::tuple{p.matrices(), std::span(p.rest)}, options);
  }
};
/// Calls f(opt, p, step) on so many ranks.
Both on_ranks(std::size_t ranks, const Sharding& sharding,
              const std::function<void(Opt&, Both&, const Step&)>& f) {
  std::vector<Both> all(ranks);
  run_ranks(ranks, [&](ThreadComm& comm) {
    Both p = Both::start();
    auto matrices = p.matrices();
    Opt opt{ClipNorm{0.5}, Sharded{comm, schedule, Muon{}, matrices, sharding},
            Sharded{comm, Constant{0.01}, AdamW{}, p.rest, sharding}};
    f(opt, p, Step{opt, p});
    all[comm.rank()] = p;
  });
  for (const Both& p : all) CHECK(p == all[0]);
  return all[0];
}

}  // namespace

TEST_CASE("ShardedGroups: one norm over all groups, with the bits of Groups", "[distributed]") {
  const Both expected = one_process(3);
  const auto train = [](Opt&, Both&, const Step& step) {
    for (std::size_t t = 0; t < 3; ++t) MUST(step(t).applied);
  };
  for (const std::size_t ranks : {1U, 2U, 3U, 4U}) CHECK(on_ranks(ranks, {}, train) == expected);
  CHECK(on_ranks(3, {.replicated = true}, train) == expected);
}
TEST_CASE("ShardedGroups: all groups are stepped or none is", "[distributed]") {
  on_ranks(2, {.non_finite = NonFinite::skip}, [](Opt& opt, Both& p, const Step& step) {
    const Both before = p;
    Both g = Both::gradients(0);
    if (opt.comm().rank() == 1) g.rest[60'000] = INFINITY;
    const auto r = opt.step(std::tuple{p.matrices(), std::span(p.rest)},
                            std::tuple{spans(g.w, g.u), std::span(g.rest)});
    MUST(!r.applied && !r.groups[0].applied && p == before);
    MUST(opt.get<0>().steps() == 0 && opt.get<1>().steps() == 0);
    MUST(!step(0, {.skip = true}).applied);
    const std::string said =
        detail::refusal([&] { step(0, {.scale = opt.comm().rank() == 0 ? 1.0 : 2.0}); });
    MUST(said.starts_with("gradus::Sharded.step must get the same scale on every rank"));
    MUST(p == before && step(0).applied);
  });
}
TEST_CASE("ShardedGroups: saved by 4 ranks, and loaded by others", "[distributed][save]") {
  const support::Folder folder;
  const std::string path = folder / "run.index";
  double extra = 0.25;
  const Both expected = on_ranks(4, {}, [&](Opt& opt, Both& p, const Step& step) {
    for (std::size_t t = 0; t < 4; ++t) {
      step(t);
      if (t < 2)
        io::save_shards(path, opt, std::tuple{p.matrices(), std::span(p.rest)},
                        io::named("extra", extra));
    }
  });
  CHECK(expected == one_process(4));
  CHECK(folder.count() == 1 + 2 * (1 + 4));  // nothing of the first set
  for (const std::size_t ranks : {1U, 3U})
    CHECK(on_ranks(ranks, {}, [&](Opt& opt, Both& p, const Step& step) {
            double loaded = 0;
            io::load_shards(path, opt, std::tuple{p.matrices(), std::span(p.rest)},
                            io::named("extra", loaded));
            MUST(loaded == 0.25);
            for (std::size_t t = 2; t < 4; ++t) step(t);
          }) == expected);
}
TEST_CASE("ShardedGroups: a set whose last group is damaged is refused, and nothing has changed",
          "[distributed][save]") {
  const support::Folder folder;
  const std::string path = folder / "run.index";
  on_ranks(2, {}, [&](Opt& opt, Both& p, const Step& step) {
    const auto params = std::tuple{p.matrices(), std::span(p.rest)};
    double extra = 0.25;
    step(0);
    io::save_shards(path, opt, params, io::named("extra", extra));
    step(1), extra = 0.5;
    if (opt.comm().rank() == 0)
      for (const auto& file : std::filesystem::directory_iterator(folder / ""))
        if (file.path().string().find(".group1.") != std::string::npos)
          std::filesystem::resize_file(file.path(), 40);
    static_cast<void>(mean_over_ranks(opt.comm(), 0));  // all wait for the damage
    const Both before = p;
    const std::string said =
        detail::refusal([&] { io::load_shards(path, opt, params, io::named("extra", extra)); });
    MUST(said.find(".group1") != std::string::npos);
    MUST(p == before && extra == 0.5);
    MUST(opt.get<0>().steps() == 2 && opt.get<1>().steps() == 2);
    MUST(step(2).applied);
  });
}
TEST_CASE("ShardedGroups: gradients that are under way when a group refuses are forgotten",
          "[distributed]") {
  const auto both_groups = [](ThreadComm& comm, auto& w, auto& rest, NonFinite policy) {
    return ShardedGroups{
        Sharded{comm, Constant{0.01}, SGD{}, w, {.non_finite = policy}},
        Sharded{comm, Constant{0.01}, SGD{}, rest, {.buckets = 2, .non_finite = policy}}};
  };
  for (const bool raises : {false, true})
    run_ranks(2, [&](ThreadComm& comm) {
      std::vector<float> w(60, 0.5F), rest(70'000, 0.5F), gw(60, 1), gr(70'000, 0.25F);
      auto opt = both_groups(comm, w, rest, raises ? NonFinite::raise : NonFinite::propagate);
      const std::tuple params{std::span(w), std::span(rest)}, grads{std::span(gw), std::span(gr)};
      const auto refused = [&](const auto& step) {
        if (raises) gw[7] = NAN;
        const std::string said =
            detail::refusal([&] { step({.scale = comm.rank() == 0 || raises ? 1.0 : 2.0}); });
        gw[7] = 1;
        return said.starts_with(raises ? "gradus::Sharded.grads must be finite"
                                       : "gradus::Sharded.step must get the same scale");
      };
      opt.get<1>().ready(gr, 0);
      MUST(refused([&](const StepOptions& o) { opt.step(params, grads, o); }));
      for (float& g : gr) g = 1;
      MUST(opt.step(params, grads).applied);
      MUST(w == std::vector<float>(60, 0.48F) && rest == std::vector<float>(70'000, 0.48F));

      // The same where the last of several micro-batches is sent early.
      const auto all_but_one = [&] {
        const MicroBatches mine = opt.micro_batches(4);
        for (std::size_t k = mine.first; k + 1 < mine.last; ++k) opt.add(grads);
      };
      all_but_one();
      if (raises) gw[7] = NAN;
      opt.get<0>().ready(gw, 0), opt.get<1>().ready(gr, 0);
      MUST(refused([&](const StepOptions& o) { opt.step(params, o); }));
      all_but_one();
      opt.add(grads);
      MUST(opt.step(params).applied);
      MUST(w == std::vector<float>(60, 0.44F) && rest == std::vector<float>(70'000, 0.44F));
    });
}
