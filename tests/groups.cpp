#include <gradus/groups.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <array>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::ClipNorm;
using gradus::Constant;
using gradus::Groups;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::spans;
using gradus::StepResult;

namespace {

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

const gradus::Cosine<> cosine{.start = 0.1, .end = 0.01, .steps = 15};

// Three groups of different types, schedules and rules.
struct Model {
  Floats w = support::numbers<float>(40, 1), bias = support::numbers<float>(7, 2);
  Doubles d = support::numbers<double>(33, 3);

  auto params() { return std::tuple{spans(w, bias), std::span(d), std::span(bias2)}; }
  Floats bias2 = support::numbers<float>(5, 4);

  auto of_w(NonFinite policy = {}) {
    return Optimizer{cosine, gradus::Chain{gradus::NAdam{}, gradus::WeightDecay{0.1}},
                     spans(w, bias), policy};
  }
  auto of_d(NonFinite policy = {}) {
    return Optimizer{Constant<>{0.1}, gradus::Momentum{}, d, policy};
  }
  auto of_bias2(NonFinite policy = {}) {
    return Optimizer{Constant<>{0.5},
                     gradus::vary<&gradus::AdamW::weight_decay>(gradus::AdamW{}, cosine), bias2,
                     policy};
  }
  auto groups(NonFinite policy = {}) {
    return Groups{of_w(policy), of_d(policy), of_bias2(policy)};
  }
  bool operator==(const Model& o) const {
    return support::same_bits(w, o.w) && support::same_bits(bias, o.bias) &&
           support::same_bits(d, o.d) && support::same_bits(bias2, o.bias2);
  }
};
struct Grads {
  Floats w, bias, bias2;
  Doubles d;

  explicit Grads(std::uint64_t t)
      : w(support::numbers<float>(40, 10 * t + 5)),
        bias(support::numbers<float>(7, 10 * t + 6)),
        bias2(support::numbers<float>(5, 10 * t + 7)),
        d(support::numbers<double>(33, 10 * t + 8)) {}
  auto all() const { return std::tuple{spans(w, bias), std::span(d), std::span(bias2)}; }
};

// All state of the groups.
template <class G>
std::uint64_t digest(const G& groups) {
  support::Digest r;
  r.add_state(groups.template get<0>());
  r.add_state(groups.template get<1>());
  r.add_state(groups.template get<2>());
  return r.value();
}

// `call` is refused with this sentence and changes nothing.
template <class G, class F>
void refused(const G& groups, const Model& model, const std::string& sentence, const F& call) {
  const std::uint64_t before = digest(groups);
  const Model old = model;
  CHECK_THROWS_WITH(call(), sentence);
  CHECK(digest(groups) == before);
  CHECK(model == old);
}

}  // namespace

TEST_CASE("Groups have the bits of optimizers stepped by hand", "[groups]") {
  Model together, apart;
  auto groups = together.groups();
  auto of_w = apart.of_w();
  auto of_d = apart.of_d();
  auto of_bias2 = apart.of_bias2();
  CHECK(groups.size() == 3);
  for (std::uint64_t t = 0; t < 30; ++t) {
    const Grads g(t);
    const gradus::StepOptions options{.scale = t % 2 == 0 ? 1 : 0.3, .factor = 0.5};
    CHECK(groups.rates() == std::array{of_w.rate(), 0.1, 0.5});
    const auto result = groups.step(together.params(), g.all(), options);
    const std::vector<StepResult> one_by_one{
        of_w.step({apart.w, apart.bias}, {g.w, g.bias}, options), of_d.step(apart.d, g.d, options),
        of_bias2.step(apart.bias2, g.bias2, options)};
    CHECK((result.applied && gradus::math::is_nan(result.norm)));  // not measured
    CHECK(std::vector<StepResult>(result.groups.begin(), result.groups.end()) == one_by_one);
    CHECK(together == apart);
  }
  CHECK(digest(groups) == digest(Groups{of_w, of_d, of_bias2}));
  CHECK(groups.rates(7)[0] == cosine(7));
}

TEST_CASE("Groups of one span each are stepped with braces", "[groups]") {
  Floats a{1, 2}, ga{1, 1};
  Doubles b{3}, gb{1};
  Groups groups{Optimizer{Constant<>{0.5}, gradus::SGD{}, a},
                Optimizer{Constant<>{1}, gradus::SGD{}, b}};
  CHECK(groups.step({a, b}, {ga, gb}, {.scale = 2}).applied);
  CHECK(a == Floats{0, 1});
  CHECK(b == Doubles{1});
  groups.step(std::tie(a, b), std::tie(ga, gb));
  CHECK(a == Floats{-0.5, 0.5});
  auto copy = groups;  // an independent continuation
  copy.step({a, b}, {ga, gb});
  CHECK((copy.get<0>().steps() == 3 && groups.get<0>().steps() == 2));
  Floats c{1, 1};
  Groups one{Optimizer{Constant<>{0.5}, gradus::SGD{}, c}};
  CHECK(one.step({c}, {ga}).groups.size() == 1);
}

TEST_CASE("A norm over all groups is that of one list of spans", "[groups]") {
  // Boundaries between groups that fall inside 16 elements, a leaf and a piece of the norm's tree.
  Floats a = support::numbers<float>(1000, 1), b = support::numbers<float>(70'001, 2),
         c = support::numbers<float>(3, 3);
  Floats p = a, q = b, r = c;
  const Constant<> rate{0.1};
  const auto two_threads_order = [](std::size_t n, const auto& f) {
    for (std::size_t i = n; i-- > 0;) f(i);
  };
  for (const double limit : {1e-3, 1e9}) {
    const ClipNorm clip{limit};
    Groups groups{clip, Optimizer{rate, gradus::AdamW{}, spans(a, b)},
                  Optimizer{rate, gradus::AdamW{}, c}};
    Optimizer one{rate, gradus::Chain{clip, gradus::AdamW{}}, spans(p, q, r)};
    for (std::uint64_t t = 0; t < 5; ++t) {
      const Floats ga = support::numbers<float>(1000, 10 * t + 1),
                   gb = support::numbers<float>(70'001, 10 * t + 2),
                   gc = support::numbers<float>(3, 10 * t + 3);
      const auto result =
          t % 2 == 0
              ? groups.step(std::tuple{spans(a, b), spans(c)}, std::tuple{spans(ga, gb), spans(gc)})
              : groups.step(std::tuple{spans(a, b), spans(c)}, std::tuple{spans(ga, gb), spans(gc)},
                            {}, two_threads_order);
      one.step({p, q, r}, {ga, gb, gc});
      CHECK(result.norm > 1);
      CHECK((support::same_bits(a, p) && support::same_bits(b, q) && support::same_bits(c, r)));
    }
  }
}

TEST_CASE("A norm over groups of several types", "[groups]") {
  Floats a{0}, ga{3};
  Doubles b{0}, gb{4};
  std::vector<gradus::bfloat16> h{gradus::bfloat16(0)}, gh{gradus::bfloat16(12)};
  Groups groups{ClipNorm{6.5}, Optimizer{Constant<>{1}, gradus::SGD{}, a},
                Optimizer{Constant<>{1}, gradus::SGD{}, b},
                Optimizer{Constant<>{1}, gradus::SGD{}, h}};
  CHECK(groups.step({a, b, h}, {ga, gb, gh}).norm == 13);
  CHECK((a == Floats{-1.5} && b == Doubles{-2} && static_cast<float>(h[0]) == -6));
  CHECK(groups.step({a, b, h}, {ga, gb, gh}, {.scale = 0.25}).norm == 3.25);  // not clipped
  CHECK((a == Floats{-2.25} && b == Doubles{-3} && static_cast<float>(h[0]) == -9));
  gb[0] = 1e200;  // its square overflows
  CHECK(groups.step({a, b, h}, {ga, gb, gh}).norm == 1e200);
  CHECK(b == Doubles{-9.5});
  gb[0] = support::nan<double>();  // with a NaN, nothing is clipped
  CHECK(gradus::math::is_nan(groups.step({a, b, h}, {ga, gb, gh}).norm));
  CHECK(a == Floats{-5.25});
  gb[0] = 0, ga[0] = support::infinity<float>();
  CHECK_FALSE(gradus::math::is_finite(groups.step({a, b, h}, {ga, gb, gh}).norm));
}

TEST_CASE("Groups of one type take all their spans in one list", "[groups]") {
  const auto all = [] {
    return std::vector<Floats>{support::numbers<float>(40, 1), support::numbers<float>(7, 2),
                               support::numbers<float>(30, 3)};
  };
  std::vector<Floats> p = all(), q = p;
  Groups groups{ClipNorm{0.5}, Optimizer{cosine, gradus::AdamW{}, spans(p[0], p[1])},
                Optimizer{Constant<>{0.1}, gradus::Momentum{}, p[2]}};
  auto twin = groups;
  const std::vector<Floats> g = all();
  for (int t = 0; t < 4; ++t) {
    if (t == 3) groups.freeze(0), twin.freeze(0);
    const auto result = groups.step(p, g, {.factor = 0.5});
    CHECK(result.norm == twin.step(std::tuple{spans(q[0], q[1]), spans(q[2])},
                                   std::tuple{spans(g[0], g[1]), spans(g[2])}, {.factor = 0.5})
                             .norm);
    CHECK((p == q && result.groups[1].applied));
  }
  CHECK(groups.step(spans(p[0], p[1], p[2]), spans(g[0], g[1], g[2])).applied);
  CHECK_THROWS_WITH(groups.step(std::vector<Floats>(2), g),
                    "gradus::Groups.params must be a list of 3 spans, those of all groups (got 2)");
  CHECK_THROWS_WITH(groups.step(p, std::vector<Floats>(4)),
                    "gradus::Groups.grads must be a list of 3 spans, those of all groups (got 4)");
  CHECK((groups.get<0>().steps() == 3 && groups.get<1>().steps() == 5));
}

TEST_CASE("A frozen group is left as it is, and goes on where it stopped", "[groups]") {
  Model model, old;
  auto groups = model.groups();
  groups.step(model.params(), Grads(0).all());
  groups.freeze(0);
  CHECK((groups.frozen(0) && !groups.frozen(1)));
  old = model;
  const auto slot = Floats(groups.get<0>().slot(0).begin(), groups.get<0>().slot(0).end());
  const Grads g(1);
  const std::span<const float> nothing;  // there may be no gradients, but as many spans
  const auto params = model.params();
  const auto result =
      groups.step(params, std::tuple{spans(nothing, nothing), std::span(g.d), std::span(g.bias2)});
  CHECK(result.groups[0] == StepResult{1, cosine(1), false, true});
  CHECK((result.groups[1].applied && result.groups[2].t == 1));
  CHECK((support::same_bits(model.w, old.w) && !support::same_bits(model.d, old.d)));
  CHECK(std::equal(slot.begin(), slot.end(), groups.get<0>().slot(0).begin()));
  CHECK(groups.rates()[0] == cosine(1));
  CHECK_THROWS_WITH(groups.step(params, std::tuple{nothing, std::span(g.d), std::span(g.bias2)}),
                    "gradus::Groups.grads of group 0 must be 2 spans, as at construction (got 1)");
  CHECK_THROWS_WITH(
      groups.step(std::tuple{spans(model.w, model.w), std::span(model.d), std::span(model.bias2)},
                  g.all()),
      Catch::Matchers::StartsWith("gradus::Groups.params[1] of group 0 must have as many"));
  groups.unfreeze(0);
  groups.step(model.params(), Grads(2).all());
  CHECK((groups.get<0>().steps() == 2 && groups.get<1>().steps() == 3));
  // The position is one clock for all groups.
  CHECK(groups.step(model.params(), Grads(3).all(), {.position = 3}).groups[0].rate == cosine(3));
  for (std::size_t k = 0; k < 3; ++k) groups.freeze(k);
  const auto none = groups.step(model.params(), Grads(4).all());
  CHECK((!none.applied && none.frozen));
  CHECK(groups.get<1>().steps() == 4);
}

TEST_CASE("What one group skips or refuses leaves all as they were", "[groups]") {
  Model model;
  auto skipping = model.groups(NonFinite::skip);
  auto raising = model.groups(NonFinite::raise);
  skipping.step(model.params(), Grads(0).all());
  raising.step(model.params(), Grads(0).all());
  Grads bad(1);
  bad.bias2[2] = support::nan<float>();
  const Model old = model;
  const std::uint64_t before = digest(skipping);
  const auto result = skipping.step(model.params(), bad.all());
  CHECK(!result.applied);
  for (const StepResult& r : result.groups) CHECK((r.t == 1 && r.rate > 0 && !r.applied));
  CHECK((digest(skipping) == before && model == old));
  refused(raising, model,
          "gradus::Groups.grads[0] of group 2 must be finite (got nan at element 2)",
          [&] { raising.step(model.params(), bad.all()); });
  // With `propagate` the NaN stays in its element.
  auto propagating = model.groups();
  CHECK(propagating.step(model.params(), bad.all()).applied);
}

TEST_CASE("Groups refuse what one optimizer would, before any is touched", "[groups]") {
  Model model;
  auto groups = model.groups();
  groups.step(model.params(), Grads(0).all());
  const Grads g(1);
  const Floats few(4);
  refused(groups, model,
          "gradus::Groups.grads[0] of group 2 must have as many elements as its span of "
          "parameters, 5 (got 4)",
          [&] {
            groups.step(model.params(),
                        std::tuple{spans(g.w, g.bias), std::span(g.d), std::span(few)});
          });
  refused(groups, model, "gradus::StepOptions.factor must be finite and >= 0 (got -1)",
          [&] { groups.step(model.params(), g.all(), {.factor = -1}); });
  refused(groups, model, "gradus::Groups.freeze must be below the number of groups (got 3)",
          [&] { groups.freeze(3); });
  CHECK_THROWS_WITH(groups.unfreeze(4),
                    "gradus::Groups.unfreeze must be below the number of groups (got 4)");
  CHECK_THROWS_WITH(groups.frozen(3),
                    "gradus::Groups.frozen must be below the number of groups (got 3)");
  CHECK_THROWS_WITH((Groups{ClipNorm{0}, model.of_d()}),
                    "gradus::ClipNorm.max_norm must be finite and > 0 (got 0)");
  auto moved = std::move(groups);
  CHECK_THROWS_WITH(  // NOLINT: that it can be asked is the point
      groups.step(model.params(), g.all()),
      "gradus::Groups.step must not be called on groups that were moved from");
  CHECK(moved.step(model.params(), g.all()).applied);
}

TEST_CASE("Groups refuse spans that overlap those of another group", "[groups]") {
  Floats memory(40), g(8);
  const auto at = [&](std::size_t i) { return std::span(memory).subspan(i, 8); };
  Groups groups{Optimizer{Constant<>{0.5}, gradus::Momentum{}, at(0)},
                Optimizer{Constant<>{0.5}, gradus::Momentum{}, at(8)}};
  CHECK(groups.step({at(0), at(8)}, {g, g}).applied);  // gradients are only read
  const std::string overlap = " must not overlap another span of the call (got one that overlaps ";
  const auto refuses = [&](const std::string& who, const std::string& whom, std::span<float> p,
                           std::span<const float> its_grads) {
    for (int twice = 0; twice < 2; ++twice)
      CHECK_THROWS_WITH(groups.step({at(0), p}, {g, its_grads}),
                        "gradus::Groups." + who + overlap + whom + ")");
  };
  refuses("params[0] of group 1", "params[0] of group 0", at(7), g);
  // If two spans begin at the same address, the sentence may name either first.
  CHECK_THROWS_WITH(
      groups.step({at(0), at(8)}, {g, at(0)}),
      Catch::Equals("gradus::Groups.grads[0] of group 1" + overlap + "params[0] of group 0)") ||
          Catch::Equals("gradus::Groups.params[0] of group 0" + overlap + "grads[0] of group 1)"));
  const std::span<float> slot = groups.get<0>().slot(0);
  refuses("params[0] of group 1", "state[0] of group 0", slot, g);
  CHECK(groups.get<1>().steps() == 1);
  // Each group has seen these spans in a step of its own; the overlap is found all the same.
  groups.get<1>().step(at(4), g);
  refuses("params[0] of group 1", "params[0] of group 0", at(4), g);
  CHECK(groups.step({at(0), at(8)}, {g, g}).applied);
}
