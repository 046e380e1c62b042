#include <gradus/group_list.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/schedule/combine/pointwise.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/training/layer_factor.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::ClipNorm;

namespace {

using Floats = std::vector<float>;
using Lists = std::vector<Floats>;

constexpr std::size_t layers = 5;
Lists numbers(std::uint64_t seed) {
  Lists r;
  for (std::size_t k = 0; k < layers; ++k)
    r.push_back(support::numbers<float>(10 + 7 * k, seed * layers + k));
  return r;
}
// The schedule of a layer in fine-tuning: a cosine that is lower for earlier layers.
auto of_layer(std::size_t k, Floats& weights) {
  return gradus::Optimizer{gradus::scale(gradus::Cosine<>{.start = 0.1, .end = 0, .steps = 20},
                                         gradus::layer_factor(k, layers, 0.5)),
                           gradus::AdamW{}, weights};
}
using Layer = decltype(of_layer(0, std::declval<Floats&>()));

bool same(const Lists& a, const Lists& b) {
  bool r = a.size() == b.size();
  for (std::size_t k = 0; r && k < a.size(); ++k) r = support::same_bits(a[k], b[k]);
  return r;
}

}  // namespace

TEST_CASE("A list of groups has the bits of optimizers stepped by hand", "[group_list]") {
  Lists p = numbers(1), q = p;
  gradus::GroupList<Layer> groups;
  std::vector<Layer> apart;
  for (std::size_t k = 0; k < layers; ++k)
    groups.add(of_layer(k, p[k])), apart.push_back(of_layer(k, q[k]));
  CHECK(groups.size() == layers);
  CHECK(groups.rate(2) == 0.1 * 0.25);
  for (std::uint64_t t = 0; t < 25; ++t) {
    const Lists g = numbers(t);
    const auto result = groups.step(p, g, {.scale = 0.5});
    bool equal = result.applied;
    for (std::size_t k = 0; k < layers; ++k)
      equal = result.groups[k] == apart[k].step(q[k], g[k], {.scale = 0.5}) && equal;
    CHECK((equal && same(p, q)));
  }
  const auto copy = groups;
  CHECK(copy[4].steps() == 25);
}

TEST_CASE("Groups come and go, and the others' state stays", "[group_list]") {
  Lists p = numbers(1), q = p, g = numbers(2);
  gradus::GroupList<Layer> groups;
  std::vector<Layer> apart;
  for (std::size_t k = 0; k < layers; ++k) apart.push_back(of_layer(k, q[k]));
  CHECK(groups.step(Lists{}, Lists{}).frozen);  // a list without groups is valid
  // From the last layer to the first: gradual unfreezing.
  for (std::size_t n = 1; n <= layers; ++n) {
    groups.add(of_layer(layers - n, p[layers - n]));
    Lists some, of_some;
    for (std::size_t k = 1; k <= n; ++k)
      some.push_back(p[layers - k]), of_some.push_back(g[layers - k]);
    groups.step(some, of_some);
    for (std::size_t k = 1; k <= n; ++k) {
      p[layers - k] = some[k - 1];
      apart[layers - k].step(q[layers - k], g[layers - k]);
    }
    CHECK(same(p, q));
  }
  groups.freeze(1);
  groups.remove(0);  // layer 4; layer 3, which is frozen, takes its place
  CHECK((groups.size() == 4 && groups.frozen(0) && !groups.frozen(1)));
  CHECK((groups[0].steps() == 4 && groups[1].steps() == 3));
  std::vector<std::span<float>> rest{p[3], p[2], p[1], p[0]};
  groups.step(rest, Lists{g[3], g[2], g[1], g[0]});
  for (const std::size_t k : {2U, 1U, 0U}) apart[k].step(q[k], g[k]);
  CHECK(same(p, q));
}

TEST_CASE("A norm over a list of groups is that of one list of spans", "[group_list]") {
  const gradus::Constant<> rate{0.1};
  const ClipNorm clip{0.5};
  Lists p = numbers(1), q = p;
  gradus::GroupList<gradus::Optimizer<gradus::Constant<>, gradus::AdamW>> groups{clip};
  for (Floats& x : p) groups.add({rate, gradus::AdamW{}, x});
  gradus::Optimizer one{rate, gradus::Chain{clip, gradus::AdamW{}}, q};
  for (std::uint64_t t = 0; t < 5; ++t) {
    const Lists g = numbers(t);
    CHECK(groups.step(p, g).norm > 0.5);
    one.step(q, g);
    CHECK(same(p, q));
  }
}

TEST_CASE("Groups of several spans take one list of all, or a list of lists", "[group_list]") {
  Lists p = numbers(1), q = p;
  gradus::GroupList<gradus::Optimizer<gradus::Constant<>, gradus::AdamW>> groups{ClipNorm{0.5}};
  groups.add({gradus::Constant<>{0.1}, gradus::AdamW{}, gradus::spans(p[0], p[1])});
  groups.add({gradus::Constant<>{0.2}, gradus::AdamW{}, gradus::spans(p[2], p[3], p[4])});
  auto twin = groups;
  for (std::uint64_t t = 0; t < 5; ++t) {
    const Lists g = numbers(t);
    if (t == 3) groups.freeze(0), twin.freeze(0);
    CHECK(groups.step(p, g).groups[1].applied);
    using Group = std::vector<std::span<float>>;
    using OfGrads = std::vector<std::span<const float>>;
    twin.step(std::vector<Group>{{q[0], q[1]}, {q[2], q[3], q[4]}},
              std::vector<OfGrads>{{g[0], g[1]}, {g[2], g[3], g[4]}});
    CHECK(same(p, q));
  }
  CHECK((groups[0].steps() == 3 && groups[1].steps() == 5));
}

TEST_CASE("A list of groups refuses lists of another size, and groups that are none",
          "[group_list]") {
  Lists p = numbers(1), g = numbers(2), few(2);
  gradus::GroupList<Layer> groups;
  for (std::size_t k = 0; k < layers; ++k) groups.add(of_layer(k, p[k]));
  CHECK_THROWS_WITH(groups.step(few, g),
                    "gradus::GroupList.params must be a list of 5 spans, those of all groups (got "
                    "2)");
  CHECK_THROWS_WITH(groups.step(p, few),
                    "gradus::GroupList.grads must be a list of 5 spans, those of all groups (got "
                    "2)");
  std::vector<Lists> few_items(2), items;
  for (const Floats& x : p) items.push_back({x});
  CHECK_THROWS_WITH(groups.step(few_items, items),
                    "gradus::GroupList.params must be a list of 5 items, one for each group (got "
                    "2)");
  CHECK_THROWS_WITH(groups.step(items, few_items),
                    "gradus::GroupList.grads must be a list of 5 items, one for each group (got "
                    "2)");
  const Lists old = p;
  g[4].pop_back();  // the last group is refused before the first is stepped
  CHECK_THROWS_WITH(
      groups.step(p, g),
      Catch::Matchers::StartsWith("gradus::GroupList.grads[0] of group 4 must have as many "
                                  "elements as its span of parameters, 38"));
  CHECK((same(p, old) && groups[0].steps() == 0));
  // Two groups share memory. The sentence names the list as the user wrote it.
  Lists same_twice = numbers(2);
  std::vector<std::span<float>> shared(same_twice.begin(), same_twice.end());
  shared[1] = std::span(same_twice[4]).first(p[1].size());
  const Lists good = numbers(3);
  CHECK_THROWS_WITH(groups.step(shared, good),
                    Catch::Matchers::StartsWith("gradus::GroupList.params[") &&
                        Catch::Matchers::Contains("must not overlap another span of the call"));
  CHECK_THROWS_WITH(groups.freeze(5),
                    "gradus::GroupList.freeze must be below the number of groups (got 5)");
  CHECK_THROWS_WITH(groups.remove(5),
                    "gradus::GroupList.remove must be below the number of groups (got 5)");
  CHECK_THROWS_WITH(groups[5], "gradus::GroupList.[] must be below the number of groups (got 5)");
  CHECK_THROWS_WITH(groups.rate(7),
                    "gradus::GroupList.[] must be below the number of groups (got 7)");
}
