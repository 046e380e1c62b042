#include <gradus/groups.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/training/accumulator.hpp>
#include <gradus/training/sam.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

using gradus::bfloat16;
using gradus::Constant;
using gradus::Element;
using gradus::float16;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::SAM;
using gradus::SGD;
using gradus::Sharpness;
using gradus::StepResult;
using support::numbers;
using support::same_bits;

namespace {

using Floats = std::vector<float>;
using Lists = std::vector<Floats>;

// Where the climb leads, in double.
template <class T>
std::vector<double> top(const std::vector<T>& p, const std::vector<T>& g, const Sharpness& how) {
  const auto measure = [&](std::size_t i) {
    return how.adaptive ? std::abs(static_cast<double>(p[i])) + how.eta : 1.0;
  };
  double squares = 0;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const double m = measure(i) * static_cast<double>(g[i]);
    squares += m * m;
  }
  std::vector<double> r;
  for (std::size_t i = 0; i < p.size(); ++i)
    r.push_back(static_cast<double>(p[i]) +
                how.rho * measure(i) * measure(i) * static_cast<double>(g[i]) / std::sqrt(squares));
  return r;
}

template <class E>
std::vector<E> stored(std::size_t n, std::uint64_t seed) {
  return support::stored_as<E>(numbers<gradus::arithmetic_t<E>>(n, seed));
}

}  // namespace

TEMPLATE_TEST_CASE("SAM climbs by its formula, and ASAM by its own", "[loop]", float, double) {
  using T = TestType;
  for (const bool adaptive : {false, true})
    for (const double rho : {0.05, 2.0}) {
      const Sharpness how{.rho = rho, .adaptive = adaptive, .eta = 0.02};
      std::vector<T> p = numbers<T>(1000, 1);
      const std::vector<T> g = numbers<T>(1000, 2);
      const std::vector<double> expected = top(p, g, how);
      SAM sam{p, how};
      CHECK(sam.sharpness() == how);
      CHECK(sam.climb(p, g));
      bool close = true;
      for (std::size_t i = 0; i < p.size(); ++i)
        close = close &&
                std::abs(static_cast<double>(p[i]) - expected[i]) < (sizeof(T) == 4 ? 3e-7 : 1e-15);
      CHECK(close);
    }
}

TEST_CASE("The climb is rho long, whatever the gradient's size", "[loop]") {
  for (const double& size : {1e-300, 1e-30, 1.0, 1e30, 1e300}) {
    std::vector<double> p{0, 0}, g{3 * size, -4 * size};
    SAM sam{p, {.rho = 0.5}};
    sam.climb(p, g);
    CHECK((p[0] == Approx(0.3) && p[1] == Approx(-0.4)));
  }
  for (const float& size : {1e-38F, 1.0F, 1e37F}) {
    Floats p{0, 0}, g{3 * size, -4 * size};
    SAM sam{p, {.rho = 0.5}};
    sam.climb(p, g, {.scale = 0.25, .factor = 2});  // the factor is rho's
    CHECK((p[0] == Approx(0.6) && p[1] == Approx(-0.8)));
  }
}

TEMPLATE_TEST_CASE("A climb has the same bits for any place, cut, executor and path", "[loop]",
                   float, double, bfloat16, float16) {
  using E = TestType;
  support::default_environment();
  std::vector<std::size_t> counts{100, 1023, 3000};
  for (std::size_t n = 0; n <= 33; ++n) counts.push_back(n);
  for (const std::size_t n : counts) {
    const std::vector<E> start = stored<E>(n, 1), g = stored<E>(n, 2);
    std::vector<E> expected = start;
    {
      const support::OnPath on(support::Isa::scalar);
      SAM{expected, {.adaptive = true}}.climb(expected, g);
    }
    for (const support::Isa isa : support::paths())
      for (const std::size_t offset : {0U, 1U, 9U})
        for (const auto& lengths : support::cuts(n)) {
          const support::OnPath on(isa);
          support::Fenced<E> params(n, offset), grads(n, 5);
          const auto p = support::cut(params.fill(start), lengths);
          SAM sam{p, {.adaptive = true}};
          sam.climb(p, support::cut(grads.fill(g), lengths), {}, support::backwards);
          CAPTURE(n, gradus::simd::name(isa), offset, lengths);
          CHECK(std::equal(expected.begin(), expected.end(), params.span().begin()));
          sam.restore(p);
          CHECK(std::equal(start.begin(), start.end(), params.span().begin()));
          CHECK((params.intact() && grads.intact()));
        }
  }
}

TEST_CASE("Norm and climb of many pieces are those of one", "[loop]") {
  constexpr std::size_t n = 5 * gradus::exec::piece + 17;
  const Floats g = numbers<float>(n, 2);
  Floats p = numbers<float>(n, 1), q = p;
  SAM one{p}, other{q};
  one.climb(p, g);
  other.climb(q, g, {}, support::backwards);
  CHECK(same_bits(p, q));
}

TEST_CASE("The way back restores every bit", "[loop]") {
  using limits = std::numeric_limits<float>;
  const Floats start{0.0F,
                     -0.0F,
                     0.1F,
                     -limits::max(),
                     limits::min(),
                     limits::denorm_min(),
                     support::nan<float>(),
                     -support::infinity<float>()};
  Floats p = start;
  SAM sam{p, {.rho = 100}};
  CHECK(sam.climb(p, numbers<float>(8, 3)));
  CHECK_FALSE(same_bits(p, start));
  sam.restore(p);
  CHECK(same_bits(p, start));
}

TEST_CASE("A step is the optimizer's own from where the climb began", "[loop]") {
  constexpr std::size_t n = 200;
  const std::vector<std::size_t> lengths{50, 0, 150};
  const gradus::Chain rule{gradus::ClipNorm{0.5}, gradus::AdamW{}, gradus::Ema{0.9}};
  Floats p = numbers<float>(n, 1), q = p;
  Optimizer opt{Constant<>{0.125}, rule, support::cut(p, lengths)};
  Optimizer alone{Constant<>{0.125}, rule, support::cut(q, lengths)};
  SAM sam{support::cut(p, lengths)};
  for (std::uint64_t t = 0; t < 10; ++t) {
    CHECK(sam.climb(support::cut(p, lengths), support::cut(numbers<float>(n, 20 + t), lengths)));
    CHECK_FALSE(same_bits(p, q));
    const Floats g = numbers<float>(n, 40 + t);
    const StepResult r = sam.step(opt, support::cut(p, lengths), support::cut(g, lengths),
                                  {.factor = 0.5}, support::backwards);
    CHECK(r == alone.step(support::cut(q, lengths), support::cut(g, lengths), {.factor = 0.5}));
    CHECK(same_bits(p, q));
  }
  CHECK(opt.steps() == 10);
  CHECK(same_bits<float>(opt.slot("Ema.average"), alone.slot("Ema.average")));
}

TEST_CASE("Lists in braces, halves and accumulated gradients climb, too", "[loop]") {
  Floats w{1, 2}, b{3}, gw{3, 0}, gb{4};
  Optimizer opt{Constant<>{0.5}, SGD{}, gradus::spans(w, b)};
  SAM sam{gradus::spans(w, b), {.rho = 5}};
  sam.climb({w, b}, {gw, gb});
  CHECK((w == Floats{4, 2} && b == Floats{7}));
  CHECK(sam.step(opt, {w, b}, {gw, gb}).applied);
  CHECK((w == Floats{-0.5F, 2} && b == Floats{1}));

  gradus::Accumulator acc{gradus::spans(w, b)};
  acc.add({gw, gb});
  acc.add({gw, gb});
  sam.climb(gradus::spans(w, b), acc.grads());
  CHECK((w == Floats{2.5F, 2} && b == Floats{5}));
  sam.restore(gradus::spans(w, b));
  CHECK(acc.step(opt, {w, b}).applied);
  CHECK((w == Floats{-2, 2} && b == Floats{-1}));

  std::vector<bfloat16> half{bfloat16(1.0F), bfloat16(2.0F)};
  Optimizer halves{Constant<>{0.5}, SGD{}, half};
  SAM brain{half, {.rho = 5}};
  brain.climb(half, Floats{3, -4});
  CHECK((half[0] == bfloat16(4.0F) && half[1] == bfloat16(-2.0F)));
  brain.step(halves, half, Floats{1, 1});
  CHECK((half[0] == bfloat16(0.5F) && half[1] == bfloat16(1.5F)));
}

TEST_CASE("Groups climb as one", "[loop]") {
  Floats a = numbers<float>(30, 1), b = numbers<float>(7, 2), c = numbers<float>(20, 3);
  const Floats ga = numbers<float>(30, 4), gb = numbers<float>(7, 5), gc = numbers<float>(20, 6);
  Lists alone{a, b, c};
  gradus::Groups groups{Optimizer{Constant<>{0.5}, SGD{}, gradus::spans(a, b)},
                        Optimizer{Constant<>{0.25}, gradus::AdamW{}, c}};
  auto twin = groups;
  SAM sam{gradus::spans(a, b, c), {.rho = 2}};
  sam.climb({a, b, c}, {ga, gb, gc});
  Lists up = alone;
  SAM{up, {.rho = 2}}.climb(up, Lists{ga, gb, gc});
  CHECK(Lists{a, b, c} == up);
  const auto result = sam.step(groups, {a, b, c}, {ga, gb, gc});
  CHECK((result.applied && result.groups[1].rate == 0.25));
  twin.step(alone, Lists{ga, gb, gc});
  CHECK(Lists{a, b, c} == alone);
  // With accumulated gradients, too.
  gradus::Accumulator acc{gradus::spans(a, b, c)};
  for (int k = 0; k < 2; ++k) acc.add({ga, gb, gc});
  sam.climb(gradus::spans(a, b, c), acc.grads(), {.scale = 0.5});
  sam.restore(gradus::spans(a, b, c));
  CHECK(Lists{a, b, c} == alone);
  CHECK(acc.step(groups, gradus::spans(a, b, c)).applied);
  twin.step(alone, Lists{ga, gb, gc});
  CHECK(Lists{a, b, c} == alone);
}

TEST_CASE("A gradient of zero does not climb, nor does rho = 0", "[loop]") {
  const Floats start{0.0F, -0.0F, 1e30F, -0x1p-149F};
  Floats p = start;
  SAM sam{p};
  CHECK(sam.climb(p, Floats(4)));
  CHECK(same_bits(p, start));
  sam.restore(p);
  SAM still{p, {.rho = 0}};
  CHECK(still.climb(p, Floats{1, -2, 3, -4}));
  CHECK(p == start);
  SAM adaptive{p, {.adaptive = true, .eta = 0}};  // then nothing moves a zero
  CHECK(adaptive.climb(p, Floats{1, 1, 0, 0}));
  CHECK(p == start);
}

// ---- Gradients that are not finite ------------------------------------------------------------

TEST_CASE("With propagate a bad gradient moves its parameter alone, and the way back is whole",
          "[loop]") {
  const Floats start{1, 2, 3};
  Floats p = start;
  SAM sam{p};
  CHECK(sam.climb(p, Floats{1, support::nan<float>(), 1}));
  CHECK((p[0] == 1 && gradus::math::is_nan(p[1]) && p[2] == 3));  // the norm is none
  sam.restore(p);
  CHECK(same_bits(p, start));
}

TEST_CASE("With skip it does not climb, and the step is the optimizer's alone", "[loop]") {
  const Floats start{1, 2, 3};
  Floats p = start;
  Optimizer opt{Constant<>{0.5}, SGD{}, p, NonFinite::skip};
  SAM sam{p, {}, NonFinite::skip};
  CHECK_FALSE(sam.climb(p, Floats{1, support::nan<float>(), 1}));
  CHECK(same_bits(p, start));
  CHECK_FALSE(sam.step(opt, p, Floats{1, support::nan<float>(), 1}).applied);
  CHECK(same_bits(p, start));
  CHECK_FALSE(sam.climb(p, Floats{1, support::infinity<float>(), 1}));
  CHECK(sam.step(opt, p, Floats{2, 2, 2}) == StepResult{0, 0.5, true});
  CHECK(p == Floats{0, 1, 2});
  CHECK(sam.climb(p, Floats{1, 1, 1}));
}

TEST_CASE("With raise it refuses the climb", "[loop]") {
  Floats p{1, 2};
  SAM sam{p, {}, NonFinite::raise};
  CHECK_THROWS_WITH(sam.climb(p, Floats{1, support::nan<float>()}),
                    "gradus::Optimizer.grads[0] must be finite (got nan at element 1)");
  CHECK(p == Floats{1, 2});
  CHECK(sam.climb(p, Floats{1, 1}));
}

TEST_CASE("A step that is skipped at the top ends where the climb began", "[loop]") {
  Floats p{1, 2};
  Optimizer opt{Constant<>{0.5}, gradus::Momentum{}, p, NonFinite::skip};
  SAM sam{p};
  sam.climb(p, Floats{1, 1});
  CHECK_FALSE(sam.step(opt, p, Floats{support::nan<float>(), 1}).applied);
  CHECK(p == Floats{1, 2});
  CHECK(opt.steps() == 0);
}

// ---- Calls that are refused -------------------------------------------------------------------

TEST_CASE("SAM refuses a rho and an eta that are none", "[loop]") {
  Floats p(3);
  for (const auto& [x, got] : {std::pair{-1.0, "-1"},
                               {support::nan<double>(), "nan"},
                               {support::infinity<double>(), "inf"}}) {
    CHECK_THROWS_WITH((SAM{p, {.rho = x}}),
                      "gradus::SAM.rho must be finite and >= 0 (got " + std::string(got) + ")");
    CHECK_THROWS_WITH((SAM{p, {.eta = x}}),
                      "gradus::SAM.eta must be finite and >= 0 (got " + std::string(got) + ")");
  }
  CHECK_THROWS_WITH((SAM{p, {.rho = 1e300}}),
                    "gradus::SAM.rho must be representable in the parameters' type (got 1e+300)");
}

TEST_CASE("A climb is refused after a climb, a step without one", "[loop]") {
  Floats p{1, 2}, g{3, 4};
  Optimizer opt{Constant<>{0.5}, gradus::Momentum{}, p};
  SAM sam{p, {.rho = 5}};
  CHECK_THROWS_WITH(sam.step(opt, p, g), "gradus::SAM.step must come after a climb");
  CHECK_THROWS_WITH(sam.restore(p), "gradus::SAM.step must come after a climb");
  CHECK((p == Floats{1, 2} && opt.steps() == 0));
  sam.climb(p, g);
  const Floats top = p;
  CHECK_THROWS_WITH(sam.climb(p, g), "gradus::SAM.climb must be followed by a step");
  CHECK(p == top);
  sam.step(opt, p, g);
  CHECK(p == Floats{-0.5F, 0});
  CHECK_THROWS_WITH(sam.step(opt, p, g), "gradus::SAM.step must come after a climb");
  CHECK(opt.steps() == 1);
}

TEST_CASE("A climb refuses the spans that an optimizer refuses, and does not begin", "[loop]") {
  Lists p{{1, 2}, {3}}, g = p;
  SAM sam{p};
  const std::string list = " must be 2 spans, as at construction (got 1)";
  CHECK_THROWS_WITH(sam.climb(p[0], g[0]), "gradus::Optimizer.params" + list);
  CHECK_THROWS_WITH(sam.climb(p, g[0]), "gradus::Optimizer.grads" + list);
  CHECK_THROWS_WITH(sam.climb(p, p), Catch::Matchers::Contains("must not overlap"));
  CHECK_THROWS_WITH(
      sam.climb(p, Lists{{1, 2}, {3, 4}}),
      "gradus::Optimizer.grads[1] must have as many elements as its span of parameters, 1 (got 2)");
  CHECK(p == Lists{{1, 2}, {3}});
  CHECK(sam.climb(p, g));
}

TEST_CASE("What is refused in a step leaves the climb as it is, or has undone it", "[loop]") {
  Lists p{{1, 2}, {3}}, g{{0, 3}, {4}};
  Optimizer opt{Constant<>{0.5}, gradus::Momentum{}, p};
  SAM sam{p, {.rho = 5}};
  sam.climb(p, g);
  const Lists up = p;
  CHECK_THROWS_WITH(sam.step(opt, p[0], g),
                    "gradus::SAM.params must be 2 spans, as at construction (got 1)");
  CHECK_THROWS_WITH(sam.step(opt, std::array{std::span(p[1]), std::span(p[0])}, g),
                    "gradus::SAM.params[0] must have as many elements as its span of parameters, 2 "
                    "(got 1)");
  const std::span<float> null(static_cast<float*>(nullptr), 1);
  CHECK_THROWS_WITH((sam.step(opt, std::array<std::span<float>, 2>{p[0], null}, g)),
                    "gradus::SAM.params[1] must not be null with a size of 1 (got 1)");
  CHECK(p == up);
  CHECK_THROWS_WITH(sam.step(opt, p, g[0]),
                    "gradus::Optimizer.grads must be 2 spans, as at construction (got 1)");
  CHECK(p == Lists{{1, 2}, {3}});
  CHECK((opt.steps() == 0 && opt.slot("b")[0] == 0));
  CHECK(sam.climb(p, g));
  CHECK(sam.step(opt, p, g).applied);
}

TEMPLATE_TEST_CASE("SAM climbs as far by gradients that are as small as there are", "[loop]", float,
                   double) {
  using T = TestType;
  const T least = std::numeric_limits<T>::denorm_min();
  for (const T& size : {least, T{1000} * least, std::numeric_limits<T>::min()}) {
    for (const bool adaptive : {false, true}) {
      std::vector<T> p{T{1}, T{1}};
      SAM sam{p, Sharpness{.adaptive = adaptive, .eta = 0}};
      REQUIRE(sam.climb(p, std::vector<T>{T{4} * size, T{-3} * size}));
      CHECK(static_cast<double>(p[0]) == Approx(1 + 0.05 * 0.8));
      CHECK(static_cast<double>(p[1]) == Approx(1 - 0.05 * 0.6));
    }
  }
}

TEST_CASE("A SAM that was moved from in the middle of a climb refuses", "[loop]") {
  std::vector<float> p(8, 1.0F);
  const std::vector<float> g(8, 1.0F);
  gradus::SAM sam{p};
  sam.climb(p, g);
  gradus::SAM moved = std::move(sam);
  CHECK_THROWS_WITH(sam.restore(p),  // NOLINT: moved from
                    "gradus::SAM.params must be 0 spans, as at construction (got 1)");
  moved.restore(p);
  CHECK(p == std::vector<float>(8, 1.0F));
}
