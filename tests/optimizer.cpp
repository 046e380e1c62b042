#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/nesterov.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/rule/stage/weight_decay.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>

#include <array>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::Constant;
using gradus::Momentum;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::SGD;
using gradus::step_t;
using gradus::StepResult;

namespace {

using Floats = std::vector<float>;
using Lists = std::vector<Floats>;
using Rate = double (*)(step_t);
using Plain = Optimizer<Constant<>, Momentum>;

// A rule with state of every kind, all of which influences its result.
constexpr auto every_kind = [] {
  return gradus::Chain{gradus::ClipNorm{0.5}, gradus::NAdam{}, gradus::WeightDecay{},
                       gradus::Ema{0.9}};
};

// Counts the updates of each span in a span scalar, which is also the size of the step.
struct Counts {
  constexpr std::array<gradus::Scalar, 2> span_scalars() const {
    return {{{"count", 1.0}, {"sum", 0.25}}};
  }
  template <class T>
  struct Kernel {
    T size;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V&, std::array<V, 0>&) const {
      return V(size);
    }
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M&) const {
      scalars[1] += scalars[0];
      return {static_cast<T>(scalars[0]++)};
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const gradus::Context&) const {
    return {T{0}};
  }
};

// All state of an optimizer.
template <class O>
std::uint64_t digest(const O& opt) {
  support::Digest d;
  d.add_state(opt);
  return d.value();
}

// `call` is refused with this sentence and changes neither the optimizer nor the parameters.
template <class O, class P, class F>
void refused(const O& opt, const P& params, const std::string& sentence, const F& call) {
  const std::uint64_t before = digest(opt);
  const P old = params;
  CHECK_THROWS_WITH(call(), sentence);
  CHECK(digest(opt) == before);
  CHECK(params == old);
}

}  // namespace

// ---- Construction -----------------------------------------------------------------------------

TEST_CASE("Optimizer knows its spans", "[optimizer]") {
  Lists lists{{1, 2}, {}, {3}};
  const Optimizer opt{Constant<>{0.1}, SGD{}, lists};
  CHECK(opt.spans() == 3);
  CHECK(opt.size(0) == 2);
  CHECK(opt.size(1) == 0);
  CHECK(opt.size(2) == 1);
  CHECK_THROWS_WITH(opt.size(3),
                    "gradus::Optimizer.size must be below the number of spans (got 3)");
}

TEST_CASE("Optimizer deduces the type of the parameters", "[optimizer]") {
  Floats floats(3), more(2);
  std::vector<double> doubles(3), more_doubles(2);
  Lists lists{{1, 2}, {3}};
  std::array<double, 2> array{};
  float raw[2] = {};
  std::array<std::vector<double>, 2> lists_of_double{doubles, doubles};
  const Constant<> s{0.1};
  const SGD r;
  const auto is = []<class T, class O>(std::type_identity<T>, const O& opt, std::size_t n) {
    return std::is_same_v<typename O::value_type, T> && opt.size() == n;
  };
  constexpr std::type_identity<float> f;
  constexpr std::type_identity<double> d;
  CHECK(is(f, Optimizer{s, r, floats}, 3));
  CHECK(is(d, Optimizer{s, r, doubles}, 3));
  CHECK(is(f, Optimizer{s, r, lists}, 3));
  CHECK(is(d, Optimizer{s, r, array}, 2));
  CHECK(is(f, Optimizer{s, r, raw}, 2));
  CHECK(is(f, Optimizer{s, r, std::span(raw)}, 2));
  CHECK(is(d, Optimizer{s, r, lists_of_double}, 6));
  CHECK(is(f, Optimizer{s, r, std::array<std::span<float>, 2>{floats, raw}}, 5));
  CHECK(is(f, Optimizer{s, r, {floats, more}}, 5));
  CHECK(is(d, Optimizer{s, r, {doubles, more_doubles}, NonFinite::skip}, 5));
  CHECK(is(f, Optimizer{s, r, 7}, 7));
  CHECK(is(f, Optimizer{s, r, 7U, NonFinite::skip}, 7));
  CHECK(is(d, Optimizer{s, r, doubles, NonFinite::raise}, 3));
  CHECK(is(d, Optimizer<Constant<>, SGD, double>{s, r, 7}, 7));
  CHECK(Optimizer{s, r, doubles, NonFinite::raise}.non_finite() == NonFinite::raise);
  CHECK(Optimizer{s, r, doubles}.non_finite() == NonFinite::propagate);
}

TEST_CASE("Optimizer refuses a schedule, a rule and parameters that are wrong", "[optimizer]") {
  Floats p(3);
  CHECK_THROWS_WITH((Optimizer{gradus::Cosine<>{.start = 1, .steps = 0}, SGD{}, p}),
                    "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK_THROWS_WITH((Optimizer{Constant<>{0.1}, Momentum{1}, p}),
                    "gradus::Momentum.momentum must be in [0, 1) (got 1)");
  const std::span<float> null(static_cast<float*>(nullptr), 3);
  CHECK_THROWS_WITH((Optimizer{Constant<>{0.1}, SGD{}, std::array{std::span(p), null}}),
                    "gradus::Optimizer.params[1] must not be null with a size of 3 (got 3)");
  const std::span<float> huge(static_cast<float*>(nullptr),
                              std::numeric_limits<std::size_t>::max() / 4);
  CHECK_THROWS_AS((Optimizer{Constant<>{0.1}, Momentum{}, huge}), gradus::Error);
  std::vector<unsigned char> bytes(16);
  const std::span<float> odd(reinterpret_cast<float*>(bytes.data() + 1), 3);
  CHECK_THROWS_WITH(
      (Optimizer{Constant<>{0.1}, SGD{}, odd}),
      "gradus::Optimizer.params[0] must be aligned to a multiple in bytes of 4 (got 1)");
}

// ---- Steps ------------------------------------------------------------------------------------

TEST_CASE("step takes spans in every form, to the same effect", "[optimizer]") {
  const Floats g{1, -2, 3, 4};
  const Floats expected{-0.5F, 1, -1.5F, -2};
  const auto optimizer = [](auto&& params) { return Optimizer{Constant<>{0.5}, SGD{}, params}; };
  Floats p(4);
  SECTION("vectors") { optimizer(p).step(p, g); }
  SECTION("spans, of fixed size too") {
    optimizer(p).step(std::span(p), std::span<const float, 4>(g));
  }
  SECTION("an array of gradients") { optimizer(p).step(p, std::array<float, 4>{1, -2, 3, 4}); }
  SECTION("a raw array") {
    float raw[4] = {};
    optimizer(raw).step(raw, g);
    p.assign(raw, raw + 4);
  }
  SECTION("lists in braces") {
    const auto parts = [](auto& x) {
      return std::pair{std::span(x).first(1), std::span(x).last(3)};
    };
    const auto [p1, p2] = parts(p);
    const auto [g1, g2] = parts(g);
    optimizer(std::array{p1, p2}).step({p1, p2}, {g1, g2});
  }
  SECTION("vectors of vectors") {
    Lists list{{0}, {0, 0}, {}, {0}};
    optimizer(list).step(list, Lists{{1}, {-2, 3}, {}, {4}});
    p.clear();
    for (const Floats& part : list) p.insert(p.end(), part.begin(), part.end());
  }
  CHECK(p == expected);
}

TEST_CASE("step uses schedule(t), and says so", "[optimizer]") {
  Floats p(1), g{1};
  Optimizer opt{[](step_t t) { return t < 2 ? 0.5 : 0.25; }, SGD{}, p};
  CHECK(opt.steps() == 0);
  CHECK(opt.rate() == 0.5);
  CHECK(opt.step(p, g) == StepResult{0, 0.5, true});
  CHECK(opt.step(p, g) == StepResult{1, 0.5, true});
  CHECK(opt.rate() == 0.25);
  CHECK(opt.step(p, g) == StepResult{2, 0.25, true});
  CHECK(opt.steps() == 3);
  CHECK(p[0] == -1.25F);
}

TEST_CASE("seek moves the step alone", "[optimizer]") {
  Floats p(1), g{1};
  Optimizer opt{[](step_t t) { return t < 1000 ? 0.5 : 0.25; }, Momentum{0.5}, p};
  opt.step(p, g);
  opt.seek(1000);
  CHECK(opt.step(p, g) == StepResult{1000, 0.25, true});
  CHECK(opt.slot("b")[0] == 1.5F);
  opt.seek(0);
  CHECK(opt.rate() == 0.5);
}

TEST_CASE("The step counter goes beyond 2^32 and stops before 2^63", "[optimizer]") {
  std::vector<double> p{1}, g{1};
  Optimizer opt{Constant<>{0.5}, gradus::Adam{}, p};
  opt.seek((step_t{1} << 32) - 1);
  opt.step(p, g);
  CHECK(opt.steps() == step_t{1} << 32);
  opt.step(p, g);
  opt.seek(gradus::last_step - 1);
  CHECK(opt.step(p, g).applied);
  CHECK(opt.steps() == gradus::last_step);
  refused(opt, p, "gradus::Optimizer.step must be counted below 2^63 - 1 (got 9.22337204e+18)",
          [&] { opt.step(p, g); });
  refused(opt, p, "gradus::Optimizer.seek must be in [0, 2^63) (got -9.22337204e+18)",
          [&] { opt.seek(gradus::last_step + 1); });
  opt.seek(5);
  CHECK(opt.step(p, g).applied);
}

TEST_CASE("scale multiplies the gradients, factor the rate", "[optimizer]") {
  Floats p(1), g{8};
  Plain opt{Constant<>{0.5}, Momentum{0.5}, p};
  CHECK(opt.step(p, g, {.scale = 0.25}) == StepResult{0, 0.5, true});
  CHECK((p[0] == -1 && opt.slot("b")[0] == 2));
  CHECK(opt.step(p, g, {.scale = 0.25, .factor = 0.5}) == StepResult{1, 0.25, true});
  CHECK((p[0] == -1.75F && opt.slot("b")[0] == 3));
  CHECK(opt.step(p, g, {.factor = 0}) == StepResult{2, 0, true});
  CHECK(p[0] == -1.75F);
  CHECK(opt.step(p, g, {.scale = -1}).applied);
}

TEST_CASE("step refuses a scale and a factor that are none", "[optimizer]") {
  Floats p{1}, g{1};
  Plain opt{Constant<>{0.5}, Momentum{}, p};
  const double inf = support::infinity<double>(), nan = support::nan<double>();
  for (const auto& [x, got] :
       {std::pair{nan, "nan"}, {inf, "inf"}, {-inf, "-inf"}, {1e300, "1e+300"}, {1e-50, "1e-50"}})
    refused(opt, p,
            "gradus::StepOptions.scale must be representable in the parameters' type (got " +
                std::string(got) + ")",
            [&, scale = x] { opt.step(p, g, {.scale = scale}); });
  refused(opt, p, "gradus::StepOptions.factor must be finite and >= 0 (got -1)",
          [&] { opt.step(p, g, {.factor = -1}); });
  refused(opt, p, "gradus::StepOptions.factor must be finite and >= 0 (got nan)",
          [&] { opt.step(p, g, {.factor = nan}); });
  refused(opt, p,
          "gradus::Optimizer.rate must be finite, >= 0 and representable in the parameters' type "
          "(got 5e+299)",
          [&] { opt.step(p, g, {.factor = 1e300}); });
  CHECK(opt.step(p, g).t == 0);
}

TEST_CASE("step refuses what a schedule must not return", "[optimizer]") {
  Floats p{1}, g{1};
  for (const auto& [rate, got] :
       {std::pair{Rate([](step_t) { return support::nan<double>(); }), "nan"},
        std::pair{Rate([](step_t) { return -0.5; }), "-0.5"},
        std::pair{Rate([](step_t) { return support::infinity<double>(); }), "inf"}}) {
    Optimizer opt{rate, Momentum{}, p};
    refused(
        opt, p,
        "gradus::Optimizer.schedule must return a finite rate >= 0 (got " + std::string(got) + ")",
        [&] { opt.step(p, g); });
  }
}

TEST_CASE("A schedule that throws leaves everything as it was", "[optimizer]") {
  Floats p{1}, g{1};
  const auto rate = [](step_t t) -> double {
    return t == 1 ? throw std::runtime_error("no rate") : 0.5;
  };
  Optimizer opt{rate, Momentum{}, p};
  opt.step(p, g);
  refused(opt, p, "no rate", [&] { opt.step(p, g); });
  opt.seek(2);
  CHECK(opt.step(p, g).applied);
}

// ---- Gradients that are not finite ------------------------------------------------------------

TEST_CASE("propagate lets a bad gradient touch its element alone", "[optimizer]") {
  Floats p(3), g{1, support::nan<float>(), 1};
  Plain opt{Constant<>{0.5}, Momentum{}, p};
  CHECK(opt.step(p, g).applied);
  CHECK((p[0] == -0.5F && gradus::math::is_nan(p[1]) && p[2] == -0.5F));
}

TEST_CASE("skip leaves out the step, and does not count it", "[optimizer]") {
  Lists p{{1, 2}, {3}}, g{{1, 1}, {1}};
  Optimizer opt{Constant<>{0.5}, every_kind(), p, NonFinite::skip};
  opt.step(p, g);
  for (const float& bad :
       {support::nan<float>(), support::infinity<float>(), -support::infinity<float>()})
    for (float* at : {&g[0][1], &g[1][0]}) {
      const std::uint64_t before = digest(opt);
      const Lists old = p;
      const float good = std::exchange(*at, bad);
      CHECK(opt.step(p, g, {.factor = 0.5}) == StepResult{1, 0.25, false});
      CHECK((digest(opt) == before && p == old));
      *at = good;
    }
  CHECK(opt.step(p, g) == StepResult{1, 0.5, true});
}

TEST_CASE("skip and raise look at the gradients as they are used, scale included", "[optimizer]") {
  Floats p{1, 2}, g{1e30F, 1};
  Plain skips{Constant<>{0.5}, Momentum{}, p, NonFinite::skip};
  Plain raises{Constant<>{0.5}, Momentum{}, p, NonFinite::raise};
  CHECK_FALSE(skips.step(p, g, {.scale = 1e10}).applied);
  CHECK_THROWS_AS(raises.step(p, g, {.scale = 1e10}), gradus::Error);
  CHECK(skips.step(p, g, {.scale = 1e5}).applied);
}

TEST_CASE("raise refuses the step, and names the gradient", "[optimizer]") {
  Lists p{{1, 2}, {3, 4, 5}}, g{{1, 1}, {1, support::nan<float>(), support::infinity<float>()}};
  Optimizer opt{Constant<>{0.5}, every_kind(), p, NonFinite::raise};
  refused(opt, p, "gradus::Optimizer.grads[1] must be finite (got nan at element 1)",
          [&] { opt.step(p, g); });
  g[0][1] = -support::infinity<float>();
  refused(opt, p, "gradus::Optimizer.grads[0] must be finite (got -inf at element 1)",
          [&] { opt.step(p, g); });
  CHECK(opt.step(p, Lists{{1, 1}, {1, 1, 1}}) == StepResult{0, 0.5, true});
}

// ---- Copies -----------------------------------------------------------------------------------

TEST_CASE("A copy is an independent continuation", "[optimizer]") {
  Floats p = support::numbers<float>(100, 1), q;
  Optimizer opt{Constant<>{0.125}, every_kind(), p};
  for (std::uint64_t t = 0; t < 5; ++t) opt.step(p, support::numbers<float>(100, t));
  auto copy = opt;
  q = p;
  const std::uint64_t before = digest(copy);
  for (std::uint64_t t = 5; t < 10; ++t) opt.step(p, support::numbers<float>(100, t));
  CHECK(digest(copy) == before);
  CHECK(copy.steps() == 5);
  for (std::uint64_t t = 5; t < 10; ++t) copy.step(q, support::numbers<float>(100, t));
  CHECK(digest(copy) == digest(opt));
  CHECK(support::same_bits(p, q));
  copy = opt;
  copy.step(q, p);
  CHECK(digest(copy) != digest(opt));
}

TEST_CASE("An optimizer that was moved from refuses, and can be assigned to", "[optimizer]") {
  Floats p{1}, g{1};
  Plain opt{Constant<>{0.5}, Momentum{}, p};
  opt.step(p, g);
  Plain moved = std::move(opt);
  const auto refuses = [&](const char* call, const auto& f) {
    CHECK_THROWS_WITH(f(), "gradus::Optimizer." + std::string(call) +
                               " must not be called on an optimizer that was moved from");
  };
  refuses("step", [&] { opt.step(p, g); });  // NOLINT: use after move is the point
  refuses("slot", [&] { opt.slot(0); });     // NOLINT
  refuses("slot", [&] { opt.slot("b"); });   // NOLINT
  refuses("with", [&] { static_cast<void>(opt.with_rule(gradus::Momentum{0.5})); });  // NOLINT
  refuses("with", [&] { static_cast<void>(opt.with_schedule(Constant<>{1})); });      // NOLINT
  const Plain copy = opt;                                                             // NOLINT
  refuses("slot", [&] { copy.slot(0); });
  CHECK(moved.step(p, g).t == 1);
  opt = moved;
  CHECK(opt.step(p, g).t == 2);
}

TEST_CASE("with_schedule and with_rule keep state and step", "[optimizer]") {
  Floats p{1, 2}, g{1, -1};
  const Plain opt = [&] {
    Plain r{Constant<>{0.5}, Momentum{0.5}, p, NonFinite::skip};
    r.step(p, g);
    return r;
  }();
  auto faster = opt.with_schedule(gradus::Cosine<>{.start = 2, .end = 1, .steps = 1});
  CHECK(digest(faster) == digest(opt));
  CHECK((faster.rate() == 1 && opt.rate() == 0.5 && faster.non_finite() == NonFinite::skip));
  faster.step(p, g);
  CHECK(faster.slot("b")[0] == 1.5F);
  CHECK(opt.slot("b")[0] == 1);
  auto other = opt.with_rule(gradus::Nesterov{0.25});  // a rule with the same slots
  CHECK((digest(other) == digest(opt) && other.rule().momentum == 0.25));
  other.step(p, g);
  CHECK(other.slot("b")[0] == 1.25F);
  CHECK_THROWS_WITH(opt.with_rule(Momentum{2}),
                    "gradus::Momentum.momentum must be in [0, 1) (got 2)");
  CHECK_THROWS_WITH(opt.with_schedule(Constant<>{-1}),
                    "gradus::Constant.value must be finite and >= 0 (got -1)");
  CHECK_THROWS_WITH(
      opt.with_rule(gradus::Chain{SGD{}, gradus::Ema{}}),
      "gradus::Optimizer.with_rule must have the slots of the rule it replaces (got 0)");
}

// ---- State ------------------------------------------------------------------------------------

TEST_CASE("Slots have numbers and names", "[optimizer]") {
  Lists p{{1, 2}, {}, {3}};
  Optimizer opt{Constant<>{0.5}, every_kind(), p};
  static_assert(decltype(opt)::slots() == 3);
  CHECK(opt.slot("NAdam.v").data() == opt.slot(1).data());
  CHECK(std::as_const(opt).slot("Ema.average").data() == opt.slot(2).data());
  CHECK(opt.slot("NAdam.exp_avg_sq").data() == opt.slot(1).data());  // its name in a file
  CHECK(opt.slot(0).size() == 3);
  CHECK(opt.scalars().size() == 1);
  CHECK(opt.scalars()[0] == 1);
  for (const std::string name : {"", "m", "NAdam", "NAdam.m ", "Ema2.average"})
    CHECK_THROWS_WITH(
        opt.slot(name),
        "gradus::Optimizer.slot must be one of NAdam.m, NAdam.v, Ema.average (got \"" + name +
            "\")");
  CHECK_THROWS_WITH(opt.slot(3),
                    "gradus::Optimizer.slot must be below the number of slots (got 3)");
  Optimizer none{Constant<>{0.5}, SGD{}, p};
  CHECK(none.scalars().empty());
  CHECK(none.span_scalars().empty());
  CHECK_THROWS_WITH(none.slot(0),
                    "gradus::Optimizer.slot must be below the number of slots (got 0)");
  CHECK_THROWS_WITH(
      none.slot("m"),
      "gradus::Optimizer.slot must not be asked for, because the rule has no slots (got \"m\")");
}

TEST_CASE("Span scalars are kept for each span", "[optimizer]") {
  Lists p{{0, 0}, {}, {0}}, g = p;
  Optimizer opt{Constant<>{1}, Counts{}, p};
  const auto all = [&] {
    return std::vector<double>(opt.span_scalars().begin(), opt.span_scalars().end());
  };
  CHECK(all() == std::vector<double>{1, 0.25, 1, 0.25, 1, 0.25});
  opt.span_scalars()[4] = 10;
  opt.step(p, g);
  CHECK(all() == std::vector<double>{2, 1.25, 2, 1.25, 11, 10.25});
  CHECK(p == Lists{{-1, -1}, {}, {-10}});
}

TEST_CASE("State that is saved and put back continues bit for bit, at each of 200 steps",
          "[optimizer]") {
  const auto grads = [](step_t t) {
    return Lists{support::numbers<float>(20, 2 * t), support::numbers<float>(3, 2 * t + 1)};
  };
  const gradus::Cosine<> schedule{.start = 0.1, .end = 0.01, .steps = 150};
  Lists p{support::numbers<float>(20, 1), support::numbers<float>(3, 2)};
  Optimizer opt{schedule, every_kind(), p};
  for (step_t t = 0; t < 200; ++t) {
    Lists q = p;
    for (Floats& x : q)
      for (float& v : x) v += 1;  // as in a new program, where the slots have other values
    Optimizer resumed{schedule, every_kind(), q};
    q = p;
    for (std::size_t j = 0; j < opt.slots(); ++j)
      std::copy(opt.slot(j).begin(), opt.slot(j).end(), resumed.slot(j).begin());
    std::copy(opt.scalars().begin(), opt.scalars().end(), resumed.scalars().begin());
    resumed.seek(opt.steps());
    opt.step(p, grads(t));
    resumed.step(q, grads(t));
    CAPTURE(t);
    CHECK((digest(resumed) == digest(opt) && support::same_bits(p[0], q[0]) &&
           support::same_bits(p[1], q[1])));
  }
}

// ---- Calls that are refused -------------------------------------------------------------------

namespace {

// The memory from which a test takes spans, and an optimizer for two spans of 8 elements.
struct Call {
  Floats memory = support::numbers<float>(100, 1);
  Optimizer<Constant<>, Momentum> opt{Constant<>{0.5}, Momentum{}, std::array{span(0), span(8)}};

  std::span<float> span(std::size_t at, std::size_t n = 8) {
    return std::span(memory).subspan(at, n);
  }
  // The call is refused; after it a valid call works, and an invalid one is still refused.
  void refuses(const std::string& sentence, std::array<std::span<float>, 2> p,
               std::array<std::span<const float>, 2> g) {
    refused(opt, memory, sentence, [&] { opt.step(p, g); });
    refused(opt, memory, sentence, [&] { opt.step(p, g); });  // the addresses are known now
    CHECK(opt.step({span(0), span(8)}, {span(16), span(24)}).applied);
    refused(opt, memory, sentence, [&] { opt.step(p, g); });
  }
};
std::string overlap(const std::string& one, const std::string& other) {
  return "gradus::Optimizer." + one +
         " must not overlap another span of the call (got one that overlaps " + other + ")";
}

}  // namespace

TEST_CASE("step refuses spans that overlap, in every combination", "[optimizer]") {
  Call c;
  const auto s = [&](std::size_t at) { return c.span(at); };
  c.refuses(overlap("params[1]", "params[0]"), {s(0), s(7)}, {s(16), s(24)});
  c.refuses(overlap("params[0]", "params[1]"), {s(7), s(0)}, {s(16), s(24)});
  c.refuses(overlap("grads[0]", "params[0]"), {s(0), s(30)}, {s(1), s(50)});
  c.refuses(overlap("params[0]", "grads[0]"), {s(7), s(30)}, {s(0), s(50)});
  c.refuses(overlap("grads[1]", "params[0]"), {s(0), s(30)}, {s(50), s(4)});
  c.refuses(overlap("params[1]", "grads[0]"), {s(0), s(30)}, {s(23), s(50)});
  CHECK(c.opt.step({s(0), s(8)}, {s(50), s(50)}).applied);  // gradients are only read
  CHECK(c.opt.step({s(0), s(8)}, {s(50), s(53)}).applied);
}

TEST_CASE("step refuses one span given twice", "[optimizer]") {
  Call c;
  const std::span<float> a = c.span(0), b = c.span(8);
  const std::span<const float> g = c.span(16), h = c.span(24);
  const std::uint64_t before = digest(c.opt);
  const Floats old = c.memory;
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(c.opt.step({a, a}, {g, h}), Contains("must not overlap another span"));
  CHECK_THROWS_WITH(c.opt.step({a, b}, {a, h}), Contains("must not overlap another span"));
  CHECK_THROWS_WITH(c.opt.step({a, b}, {g, a}), Contains("must not overlap another span"));
  CHECK((digest(c.opt) == before && c.memory == old));
  CHECK(c.opt.step({a, b}, {g, h}).applied);
  CHECK_THROWS_WITH(c.opt.step({a, b}, {a, h}), Contains("must not overlap another span"));
}

TEST_CASE("step refuses the optimizer's own state", "[optimizer]") {
  Call c;
  const std::span<float> slot = c.opt.slot(0);
  CHECK_THROWS_WITH(c.opt.step({slot.first(8), c.span(8)}, {c.span(16), c.span(24)}),
                    overlap("params[0]", "state[0]"));
  CHECK_THROWS_WITH(c.opt.step({c.span(0), c.span(8)}, {c.span(16), slot.last(8)}),
                    overlap("grads[1]", "state[0]"));
  CHECK(c.opt.steps() == 0);
}

TEST_CASE("step refuses sizes, numbers, null and misaligned spans", "[optimizer]") {
  Call c;
  const auto s = [&](std::size_t at, std::size_t n = 8) { return c.span(at, n); };
  const std::string sizes = " must have as many elements as its span of parameters, 8 (got ";
  c.refuses("gradus::Optimizer.params[0]" + sizes + "7)", {s(0, 7), s(8)}, {s(16), s(24)});
  c.refuses("gradus::Optimizer.params[1]" + sizes + "9)", {s(0), s(8, 9)}, {s(20), s(30)});
  c.refuses("gradus::Optimizer.grads[1]" + sizes + "0)", {s(0), s(8)}, {s(16), s(24, 0)});
  const std::span<float> null(static_cast<float*>(nullptr), 8);
  c.refuses("gradus::Optimizer.params[1] must not be null with a size of 8 (got 8)", {s(0), null},
            {s(16), s(24)});
  c.refuses("gradus::Optimizer.grads[0] must not be null with a size of 8 (got 8)", {s(0), s(8)},
            {null, s(24)});
  const std::span<float> odd(
      reinterpret_cast<float*>(reinterpret_cast<std::uintptr_t>(c.memory.data()) + 41 * 4 + 2), 8);
  c.refuses("gradus::Optimizer.grads[1] must be aligned to a multiple in bytes of 4 (got 2)",
            {s(0), s(8)}, {s(16), odd});
  const std::string list = " must be 2 spans, as at construction (got ";
  refused(c.opt, c.memory, "gradus::Optimizer.params" + list + "1)",
          [&] { c.opt.step(s(0), s(16)); });
  refused(c.opt, c.memory, "gradus::Optimizer.grads" + list + "3)",
          [&] { c.opt.step({s(0), s(8)}, {s(16), s(24), s(32)}); });
  refused(c.opt, c.memory, "gradus::Optimizer.params" + list + "0)",
          [&] { c.opt.step(std::vector<std::span<float>>{}, std::vector<std::span<float>>{}); });
}

TEST_CASE("Empty spans, and lists without any, are legal", "[optimizer]") {
  Floats none;
  Plain nothing{Constant<>{0.5}, Momentum{}, none};
  CHECK(nothing.step(none, none).applied);
  CHECK(nothing.slot("b").empty());
  Lists no_lists;
  Optimizer empty{Constant<>{0.5}, every_kind(), no_lists};
  CHECK(empty.step(no_lists, no_lists).applied);
  CHECK(empty.steps() == 1);
  Lists some{{}, {1}, {}}, g{{}, {2}, {}};
  Plain opt{Constant<>{0.5}, Momentum{}, some};
  opt.step(some, g);
  CHECK(some == Lists{{}, {0}, {}});
}

TEST_CASE("Spans may lie elsewhere at each step", "[optimizer]") {
  const Floats g = support::numbers<float>(50, 2);
  Floats p = support::numbers<float>(50, 1), fixed = p;
  Plain one{Constant<>{0.5}, Momentum{}, fixed}, other{Constant<>{0.5}, Momentum{}, fixed};
  for (int t = 0; t < 5; ++t) {
    one.step(fixed, g);
    Floats moved = p;
    other.step(moved, Floats(g));
    p = moved;
  }
  CHECK(support::same_bits(p, fixed));
}
