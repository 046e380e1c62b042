// Spans that lie next to each other are swept as one, and arrays of arrays are one span.
#include <gradus/gradus.hpp>

#include <array>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/problems.hpp"

using namespace gradus;

namespace {

template <class X>
constexpr bool can_be_flat = requires { flat(std::declval<X>()); };

// Steps in which the spans of one buffer, cut at `sizes`, are neighbours, and steps in which each
// lies alone: the same bits, and a sweep over fewer views.
template <class R>
void same_as_apart(const R& rule, const std::vector<std::size_t>& sizes) {
  std::size_t n = 0;
  for (const std::size_t size : sizes) n += size;
  std::vector<float> p = support::numbers<float>(n, 1), g = support::numbers<float>(n, 2);
  std::vector<std::vector<float>> apart_p, apart_g;
  std::vector<std::span<float>> near_p;
  std::vector<std::span<const float>> near_g;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    near_p.emplace_back(p.data() + at, size);
    near_g.emplace_back(g.data() + at, size);
    apart_p.emplace_back(near_p.back().begin(), near_p.back().end());
    apart_g.emplace_back(near_g.back().begin(), near_g.back().end());
    for (auto* list : {&apart_p, &apart_g}) list->back().reserve(size + 16);  // no neighbours
    at += size;
  }
  Optimizer near{Constant{1e-2}, rule, near_p};
  Optimizer apart{Constant{1e-2}, rule, apart_p};
  for (int t = 0; t < 5; ++t) {
    near.step(near_p, near_g);
    apart.step(apart_p, apart_g);
  }
  std::vector<float> joined;
  for (const auto& span : apart_p) joined.insert(joined.end(), span.begin(), span.end());
  CHECK(support::same_bits(p, joined));
  CHECK(near.core().state.joined().size() == (n == 0 ? 0 : 1));
}

}  // namespace

TEST_CASE("Neighbours: the bits of spans that lie apart", "[neighbours]") {
  const std::vector<std::vector<std::size_t>> cuts{
      {1, 1, 1, 1, 1}, {2, 0, 2, 2}, {0, 70, 3, 64, 0}, {1000, 1, 7}, {0, 0}};
  for (const auto& sizes : cuts) {
    same_as_apart(Adam{}, sizes);
    same_as_apart(Chain{ClipNorm{0.5}, AdamW{}, Ema{.decay = 0.9}}, sizes);
    same_as_apart(Chain{GradientNoise{.eta = 0.1}, SGD{}}, sizes);
    same_as_apart(stored<Signed8, Positive8>(Adam{}), sizes);
    same_as_apart(stored<bfloat16>(Momentum{}), sizes);
    same_as_apart(LARS{},
                  sizes);  // has a kernel for each span, for which neighbours are not joined
  }
}

TEST_CASE("Neighbours: only where the gradients adjoin as well, and only at this step",
          "[neighbours]") {
  std::vector<float> p(6, 1.0f), g(12, 0.5f);
  const std::array<std::span<float>, 3> params{{{&p[0], 2}, {&p[2], 2}, {&p[4], 2}}};
  Optimizer opt{Constant{0.5}, SGD{}, params};
  const auto views = [&](std::size_t a, std::size_t b, std::size_t c) {
    const std::array<std::span<float>, 3> grads{{{&g[a], 2}, {&g[b], 2}, {&g[c], 2}}};
    opt.step(params, grads);
    return opt.core().state.joined().size();
  };
  CHECK(views(0, 2, 4) == 1);
  CHECK(views(0, 2, 5) == 2);
  CHECK(views(0, 4, 2) == 3);
  CHECK(views(0, 2, 4) == 1);
  CHECK(p == std::vector<float>(6, 0.0f));  // four steps of 0.5 times 0.5
}

TEST_CASE("Neighbours: a list of arrays that moves, and one of other sizes", "[neighbours]") {
  std::vector<std::array<double, 2>> p(3, {1, 2}), g(3, {4, 8});
  Optimizer opt{Constant{0.25}, SGD{}, p};
  opt.step(p, g);
  opt.step(p, g);
  CHECK(p[2] == std::array<double, 2>{-1, -2});
  std::vector<std::array<double, 2>> moved = p, grads = g;
  opt.step(moved, grads);
  CHECK(moved[2] == std::array<double, 2>{-2, -4});
  CHECK(p[2] == std::array<double, 2>{-1, -2});

  opt.step(p, g);
  std::vector<std::array<double, 3>> two(2), grads_of_two(2);
  CHECK_THROWS_WITH(opt.step(two, grads_of_two),
                    "gradus::Optimizer.params must be 3 spans, as at construction (got 2)");
  const std::span<std::array<double, 2>> fewer(p.data(), 2);
  CHECK_THROWS_WITH(opt.step(fewer, g),
                    "gradus::Optimizer.params must be 3 spans, as at construction (got 2)");
  CHECK_THROWS_WITH(opt.step(p, fewer),
                    "gradus::Optimizer.grads must be 3 spans, as at construction (got 2)");
  opt.step(p, g);  // nothing has changed
  CHECK(p[2] == std::array<double, 2>{-3, -6});

  // The same memory cut in another way was accepted at construction; arrays are not.
  std::array<std::span<double>, 3> uneven{{{&p[0][0], 1}, {&p[0][1], 2}, {&p[1][1], 3}}};
  Optimizer other{Constant{0.25}, SGD{}, uneven};
  std::array<std::span<const double>, 3> uneven_grads{
      {{&g[0][0], 1}, {&g[0][1], 2}, {&g[1][1], 3}}};
  other.step(uneven, uneven_grads);
  CHECK_THROWS(other.step(p, g));
}

TEST_CASE("Neighbours: copies and moves of an optimizer", "[neighbours]") {
  std::vector<std::array<float, 4>> p(8), g(8, {1, 1, 1, 1});
  Optimizer opt{Constant{1.0}, Momentum{}, p};
  opt.step(p, g);
  auto copy = opt;
  auto moved = std::move(opt);
  auto q = p;
  copy.step(q, g);
  moved.step(p, g);
  CHECK(p == q);
  CHECK(p[7][3] == -2.9f);
}

TEST_CASE("Neighbours: one list of arrays for several groups, and arrays of no elements",
          "[neighbours]") {
  using Group = Optimizer<Constant<>, SGD, float>;
  std::vector<std::array<float, 3>> p(4, {1, 1, 1}), g(4, {1, 1, 1});
  GroupList<Group> groups;
  groups.add(Group(Constant{0.5}, SGD{}, std::vector<std::span<float>>{p[0], p[1]}));
  groups.add(Group(Constant{0.25}, SGD{}, std::vector<std::span<float>>{p[2], p[3]}));
  for (int t = 0; t < 2; ++t) groups.step(p, g);
  CHECK(p[1] == std::array<float, 3>{0, 0, 0});
  CHECK(p[3] == std::array<float, 3>{0.5f, 0.5f, 0.5f});

  std::vector<std::array<float, 0>> none(3), grads_of_none(3);
  Optimizer opt{Constant{0.5}, SGD{}, none};
  CHECK(opt.step(none, grads_of_none).applied);
}

TEST_CASE("flat: arrays of arrays as one span", "[neighbours]") {
  std::vector<std::array<float, 3>> points{{1, 2, 3}, {4, 5, 6}};
  const std::span<float> numbers = flat(points);
  CHECK((numbers.size() == 6 && numbers.data() == points[0].data() && numbers[5] == 6));
  const auto& fixed = points;
  static_assert(std::same_as<decltype(flat(fixed)), std::span<const float>>);
  std::array<std::array<std::array<double, 2>, 3>, 4> deep{};
  CHECK(flat(deep).size() == 24);
  float built_in[5][2] = {};
  CHECK(flat(built_in).size() == 10);
  std::vector<double> plain(7);
  CHECK(flat(plain).data() == plain.data());
  CHECK(flat(std::span(points).subspan(1)).size() == 3);
  std::vector<std::array<float, 3>> none;
  CHECK(flat(none).empty());
  static_assert(!can_be_flat<std::vector<std::array<float, 3>>>);  // it would be gone

  std::vector<std::array<float, 3>> grads(2, {1, 1, 1}), listed = points;
  Optimizer one{Constant{0.5}, Adam{}, flat(points)};
  Optimizer many{Constant{0.5}, Adam{}, listed};
  one.step(flat(points), flat(grads));
  many.step(listed, grads);
  CHECK(points == listed);
}

TEST_CASE("update: gradients times a scale, as in a step", "[neighbours][update]") {
  std::vector<float> p = support::numbers<float>(70, 1), q = p, g = support::numbers<float>(70, 2),
                     m(70), v(70);
  Optimizer opt{Constant{0.01}, Adam{}, q};
  for (step_t t = 0; t < 3; ++t) {
    update(Adam{}, {.t = t, .rate = 0.01, .scale = -0.25}, p, g, m, v);
    opt.step(q, g, {.scale = -0.25});
  }
  CHECK(support::same_bits(p, q));
  const auto before = p;
  CHECK_THROWS_WITH(
      update(Adam{}, {.rate = 0.01, .scale = 1e40}, p, g, m, v),
      "gradus::update.scale must be representable in the parameters' type (got 1e+40)");
  CHECK(p == before);
}
