// Every field of a result has one meaning, whatever the outcome of the step. Each outcome is tested
// with each kind of optimizer, called directly, by an Accumulator and by SAM.
#include <gradus/feedback/spike_guard.hpp>
#include <gradus/group_list.hpp>
#include <gradus/groups.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/polyak_sgd.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/training/accumulator.hpp>
#include <gradus/training/loss_scale.hpp>
#include <gradus/training/sam.hpp>

#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Accumulator;
using gradus::ClipNorm;
using gradus::GroupsResult;
using gradus::LossScale;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::Reduction;
using gradus::SAM;
using gradus::StepOptions;
using gradus::StepResult;

namespace {

using Floats = std::vector<float>;
using Lists = std::vector<Floats>;
using Of = Optimizer<gradus::Cosine<>, gradus::Adam>;

const gradus::Cosine<> low{.start = 0.5, .end = 0.1, .steps = 9};
const gradus::Cosine<> high{.start = 0.8, .end = 0.2, .steps = 7};

// ---- The kinds --------------------------------------------------------------------------------

struct Single {
  static constexpr bool groups = false;
  static auto make(const Lists& p, NonFinite policy) {
    Lists copy = p;
    return Of{low, {}, copy, policy};
  }
  static gradus::step_t steps(const auto& o) { return o.steps(); }
};
struct Several {
  static constexpr bool groups = true;
  static auto make(const Lists& p, NonFinite policy) {
    Lists copy = p;
    return gradus::Groups{ClipNorm{1e9}, Of{low, {}, copy[0], policy},
                          Optimizer{high, gradus::SGD{}, copy[1], policy}};
  }
  static gradus::step_t steps(const auto& o) { return o.template get<1>().steps(); }
};
struct Listed {
  static constexpr bool groups = true;
  static auto make(const Lists& p, NonFinite policy) {
    Lists copy = p;
    gradus::GroupList<Of> r{ClipNorm{1e9}};
    r.add(Of{low, {}, copy[0], policy});
    r.add(Of{high, {}, copy[1], policy});
    return r;
  }
  static gradus::step_t steps(const auto& o) { return o[1].steps(); }
};

// ---- The callers ------------------------------------------------------------------------------

struct Directly {
  static auto step(auto& o, Lists& p, const Lists& g, const StepOptions& options) {
    return o.step(p, g, options);
  }
};
struct Accumulated {
  static auto step(auto& o, Lists& p, const Lists& g, const StepOptions& options) {
    Accumulator acc{p};
    acc.add(g), acc.add(g);
    return acc.step(o, p, options);
  }
};
struct Dropping {  // an accumulator that drops micro-batches, perhaps all of them
  static auto step(auto& o, Lists& p, const Lists& g, const StepOptions& options) {
    Accumulator acc{p, Reduction::mean, NonFinite::skip};
    acc.add(g), acc.add(g);
    const auto result = acc.step(o, p, options);
    CHECK((acc.count() == 0 && acc.progress().dropped == 0));
    return result;
  }
};
struct Climbing {
  static auto step(auto& o, Lists& p, const Lists& g, const StepOptions& options) {
    SAM sam{p, {}, NonFinite::skip};
    sam.climb(p, g);
    return sam.step(o, p, g, options);
  }
};

// ---- What is expected -------------------------------------------------------------------------

std::vector<StepResult> all(const StepResult& r) { return {r}; }
std::vector<StepResult> all(const GroupsResult& r) { return {r.groups.begin(), r.groups.end()}; }
double norm(const StepResult&) { return 0; }
double norm(const GroupsResult& r) { return r.norm; }

enum class Outcome { applied, skipped, frozen };
int checked = 0;

// Makes a step with this outcome, and compares every field, the parameters and the counter.
template <class Kind, class Caller, class O>
void expect(Outcome outcome, O& o, Lists& p, const Lists& g, StepOptions options = {},
            bool first_is_frozen = false) {
  const Lists before = p;
  const gradus::step_t t = Kind::steps(o);
  options.factor = 0.5;
  const auto result = Caller::step(o, p, g, options);
  const bool applied = outcome == Outcome::applied;
  CHECK(result.applied == applied);
  CHECK(result.frozen == (outcome == Outcome::frozen));
  const std::vector<StepResult> each = all(result);
  REQUIRE(each.size() == (Kind::groups ? 2 : 1));
  for (std::size_t k = 0; k < each.size(); ++k) {
    const bool frozen = outcome == Outcome::frozen || (first_is_frozen && k == 0);
    CHECK(each[k].rate == 0.5 * (k == 0 ? low : high)(each[k].t));
    CHECK(each[k].frozen == frozen);
    CHECK(each[k].applied == (applied && !frozen));
    CHECK((support::same_bits(p[k], before[k]) == !each[k].applied || each.size() == 1));
  }
  CHECK(each.back().t == t);
  CHECK(Kind::steps(o) == t + (applied ? 1 : 0));
  if (!applied) CHECK(p == before);
  if (Kind::groups) CHECK(gradus::math::is_finite(norm(result)) == applied);
  LossScale scale;
  CHECK(scale.update(result) == (outcome == Outcome::skipped));
  CHECK(scale.value == (outcome == Outcome::skipped ? 0x1p15 : 0x1p16));
  CHECK(scale.good == (applied ? 1U : 0U));
  ++checked;
}

template <class Kind, class Caller>
void every_path() {
  Lists p{support::numbers<float>(20, 1), support::numbers<float>(5, 2)};
  const Lists g{support::numbers<float>(20, 3), support::numbers<float>(5, 4)};
  Lists bad = g;
  bad[1][3] = support::nan<float>();
  constexpr bool drops = std::is_same_v<Caller, Dropping>;
  for (const NonFinite policy : {NonFinite::propagate, NonFinite::skip, NonFinite::raise}) {
    auto o = Kind::make(p, policy);
    for (int i = 0; i < 3; ++i) expect<Kind, Caller>(Outcome::applied, o, p, g);
    if (drops || policy == NonFinite::skip) expect<Kind, Caller>(Outcome::skipped, o, p, bad);
    if (!drops && policy == NonFinite::raise) {
      const Lists before = p;
      CHECK_THROWS(Caller::step(o, p, bad, {}));
      CHECK((p == before && Kind::steps(o) == 3));
    }
    expect<Kind, Caller>(Outcome::skipped, o, p, g, {.skip = true});
    expect<Kind, Caller>(Outcome::skipped, o, p, bad, {.skip = true});
    // An invalid call is refused, whatever the outcome of the step would have been.
    for (const StepOptions& wrong : {StepOptions{.factor = -1}, StepOptions{.scale = 1e300}})
      for (const bool skip : {false, true}) {
        StepOptions options = wrong;
        options.skip = skip;
        CHECK_THROWS(Caller::step(o, p, g, options));
        if (drops) CHECK_THROWS(Caller::step(o, p, bad, options));
      }
    expect<Kind, Caller>(Outcome::applied, o, p, g);
    if constexpr (Kind::groups) {
      o.freeze(0);
      expect<Kind, Caller>(Outcome::applied, o, p, g, {}, true);
      expect<Kind, Caller>(Outcome::skipped, o, p, g, {.skip = true}, true);
      if (drops) expect<Kind, Caller>(Outcome::skipped, o, p, bad, {}, true);
      o.freeze(1);
      expect<Kind, Caller>(Outcome::frozen, o, p, g);
      expect<Kind, Caller>(Outcome::frozen, o, p, g, {.skip = true});
      expect<Kind, Caller>(Outcome::frozen, o, p, bad);
      CHECK_THROWS_WITH(Caller::step(o, p, g, {.factor = -1}),
                        "gradus::StepOptions.factor must be finite and >= 0 (got -1)");
      o.unfreeze(0), o.unfreeze(1);
      expect<Kind, Caller>(Outcome::applied, o, p, g);
    }
  }
}

template <class Kind>
void every_caller() {
  every_path<Kind, Directly>();
  every_path<Kind, Accumulated>();
  every_path<Kind, Dropping>();
  every_path<Kind, Climbing>();
}

}  // namespace

TEST_CASE("Every field means the same in every path, for every kind of optimizer", "[results]") {
  checked = 0;
  every_caller<Single>();
  every_caller<Several>();
  every_caller<Listed>();
  CHECK(checked == 384);
}

TEST_CASE("A result can be logged group by group where every micro-batch was dropped",
          "[results]") {
  Lists p{{1, 2}, {3}};
  auto groups = Several::make(p, NonFinite::propagate);
  Accumulator acc{p, Reduction::mean, NonFinite::skip};
  CHECK_FALSE(acc.add(Lists{{1, support::nan<float>()}, {1}}));
  const GroupsResult result = acc.step(groups, p, {.position = 4});
  REQUIRE(result.groups.size() == 2);
  CHECK((result.groups[0].rate == low(4) && result.groups[1].rate == high(4)));
  CHECK((!result.applied && !result.frozen && gradus::math::is_nan(result.norm)));
}

TEST_CASE("A step that is refused for its spans is refused where it would be skipped",
          "[results]") {
  Lists p{{1, 2}, {3}}, other{{1, 2}, {3, 4}};
  Of opt{low, {}, p};
  CHECK_THROWS(opt.step(other, p, {.skip = true}));
  Accumulator acc{p, Reduction::mean, NonFinite::skip};
  acc.add(Lists{{1, support::nan<float>()}, {1}});
  CHECK_THROWS_WITH(acc.step(opt, other),
                    "gradus::Optimizer.params[1] must have as many elements as its span of "
                    "parameters, 1 (got 2)");
  CHECK(acc.progress().dropped == 1);  // as it was
  CHECK_FALSE(acc.step(opt, p).applied);
}

TEST_CASE("No groups are like groups that are all frozen", "[results]") {
  gradus::GroupList<Of> none;
  Lists nothing;
  const GroupsResult result = none.step(nothing, nothing);
  CHECK((!result.applied && result.frozen && result.groups.empty()));
  CHECK_FALSE(LossScale{}.update(result));
}

TEST_CASE("A frozen group that would not be allowed to step says nothing", "[results]") {
  // The loss is not given. PolyakSGD refuses such a step, but not if its group is frozen.
  Floats p{1}, q{1}, g{1};
  gradus::Groups groups{Optimizer{low, gradus::PolyakSGD{}, p}, Optimizer{low, gradus::SGD{}, q}};
  CHECK_THROWS(groups.step({p, q}, {g, g}));
  groups.freeze(0);
  const GroupsResult result = groups.step({p, q}, {g, g});
  CHECK((result.applied && result.groups[0].frozen && result.groups[1].applied));
}

TEST_CASE("A guard's factor is in the rate of the step, applied or not", "[results]") {
  gradus::SpikeGuard<2> guard{.limit = 0.5, .patience = 1};
  guard(1), guard(1);
  CHECK(guard(100) == gradus::Verdict::rollback);
  Floats p{1, 2};
  const Floats g{1, 1};
  Optimizer opt{low, gradus::SGD{}, p};
  CHECK(opt.step(p, g, {.factor = guard.value()}) == StepResult{0, 0.25, true});
  CHECK(opt.step(p, g, {.factor = guard.value(), .skip = true}) ==
        StepResult{1, 0.5 * low(1), false});
}
