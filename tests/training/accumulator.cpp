#include <gradus/group_list.hpp>
#include <gradus/groups.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/combine/rounded.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/linear.hpp>
#include <gradus/training/accumulator.hpp>
#include <gradus/training/loss_scale.hpp>

#include <array>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

using gradus::Accumulator;
using gradus::bfloat16;
using gradus::Constant;
using gradus::Element;
using gradus::float16;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::Reduction;
using gradus::SGD;
using gradus::StepResult;
using support::numbers;
using support::same_bits;

namespace {

using Floats = std::vector<float>;
using Lists = std::vector<Floats>;

// Micro-batch i, as it is stored in E.
template <Element E>
std::vector<E> batch(std::size_t n, std::uint64_t i) {
  return support::stored_as<E>(numbers<gradus::arithmetic_t<E>>(n, 100 + i));
}
constexpr std::array<double, 4> weights{1, 3, 0.5, 7};

// The sum of four micro-batches, one element after another: each product and each sum rounded.
template <Element E>
auto expected(std::size_t n) {
  using T = gradus::arithmetic_t<E>;
  std::vector<T> r(n);
  for (std::size_t k = 0; k < weights.size(); ++k) {
    const std::vector<E> g = batch<E>(n, k);
    for (std::size_t i = 0; i < n; ++i) {
      volatile T product = static_cast<T>(weights[k]) * static_cast<T>(g[i]);
      volatile T sum = r[i] + product;
      r[i] = k == 0 ? product : sum;
    }
  }
  return r;
}

template <class T>
bool holds(const Accumulator<T>& acc, const std::vector<T>& values) {
  return same_bits(acc.values(), std::span<const T>(values));
}

// `call` is refused in these words, and the accumulator has not changed.
template <class T, class F>
void refused(const Accumulator<T>& acc, const std::string& sentence, const F& call) {
  const std::vector<T> before(acc.values().begin(), acc.values().end());
  const auto progress = acc.progress();
  CHECK_THROWS_WITH(call(), sentence);
  CHECK(holds(acc, before));
  CHECK(acc.progress() == progress);
}

}  // namespace

TEST_CASE("Accumulator sums in float for halves", "[loop]") {
  const auto is = []<class T>(std::type_identity<T>, const auto& acc) {
    return std::is_same_v<std::remove_cvref_t<decltype(acc)>, Accumulator<T>>;
  };
  constexpr std::type_identity<float> f;
  std::vector<bfloat16> brain(3);
  std::vector<float16> half(3);
  const std::vector<double> doubles(3);
  CHECK(is(f, Accumulator{Floats(3)}));
  CHECK(is(f, Accumulator{Lists{{1}, {2}}}));
  CHECK(is(f, Accumulator{brain}));
  CHECK(is(f, Accumulator{half, Reduction::sum, NonFinite::skip}));
  CHECK(is(std::type_identity<double>{}, Accumulator{doubles, Reduction::sum}));
}

TEMPLATE_TEST_CASE("The sum has the same bits for any count, place, cut, executor and path",
                   "[loop]", float, double, bfloat16, float16) {
  using E = TestType;
  using T = gradus::arithmetic_t<E>;
  support::default_environment();
  std::vector<std::size_t> counts{100, 1023, 3000};
  for (std::size_t n = 0; n <= 33; ++n) counts.push_back(n);
  for (const std::size_t n : counts) {
    const std::vector<T> sum = expected<E>(n);
    for (const support::Isa isa : support::paths())
      for (const std::size_t offset : {0U, 1U, 9U})
        for (const auto& lengths : support::cuts(n)) {
          const support::OnPath on(isa);
          support::Fenced<E> grads(n, offset);
          Accumulator acc{support::cut(grads.span(), lengths)};
          bool intact = true;
          for (std::size_t k = 0; k < weights.size(); ++k) {
            const std::vector<E> g = batch<E>(n, k);
            const auto spans = support::cut(grads.fill(g), lengths);
            intact = acc.add(spans, weights[k], support::backwards) && intact;
            intact = intact && std::equal(g.begin(), g.end(), grads.span().begin());
          }
          CAPTURE(n, gradus::simd::name(isa), offset, lengths);
          CHECK((holds(acc, sum) && intact && grads.intact()));
        }
  }
}

TEST_CASE("An executor gets pieces of a large sum, the bits are the same", "[loop]") {
  constexpr std::size_t n = 3 * gradus::exec::piece + 17;
  Accumulator acc{Floats(n)};
  std::size_t pieces = 0;
  for (std::size_t k = 0; k < weights.size(); ++k)
    acc.add(batch<float>(n, k), weights[k], [&](std::size_t count, const auto& f) {
      pieces = count;
      for (std::size_t i = count; i-- > 0;) f(i);
    });
  CHECK(pieces == 4);
  CHECK(holds(acc, expected<float>(n)));
}

TEST_CASE("A step takes the mean, by the weights, and counts once", "[loop]") {
  Floats p{1, 2};
  Optimizer opt{Constant<>{0.5}, SGD{}, p};
  Accumulator acc{p};
  CHECK(acc.add(Floats{1, -4}));
  CHECK(acc.add(Floats{3, 0}));
  CHECK((acc.count() == 2 && acc.divisor() == 2));
  CHECK(acc.step(opt, p) == StepResult{0, 0.5, true});
  CHECK(p == Floats{0, 3});
  CHECK((acc.count() == 0 && acc.divisor() == 1));
  acc.add(Floats{1, 1}, 3);
  acc.add(Floats{5, -3}, 1);
  CHECK(acc.step(opt, p, {.scale = 2, .factor = 0.5}) == StepResult{1, 0.25, true});
  CHECK(p == Floats{-1, 3});  // the mean {2, 0}
  CHECK(opt.steps() == 2);
}

TEST_CASE("Or the sum", "[loop]") {
  Floats p{1, 2};
  Optimizer opt{Constant<>{0.5}, SGD{}, p};
  Accumulator acc{p, Reduction::sum};
  acc.add(Floats{1, -4});
  acc.add(Floats{3, 0}, 2);
  CHECK(acc.divisor() == 1);
  acc.step(opt, p);
  CHECK(p == Floats{-2.5F, 4});
}

TEST_CASE("Groups are stepped by one sum over all their spans", "[loop]") {
  Lists p{numbers<float>(5, 1), numbers<float>(9, 2), numbers<float>(20, 3)}, q = p;
  const Lists g{numbers<float>(5, 4), numbers<float>(9, 5), numbers<float>(20, 6)};
  gradus::Groups groups{Optimizer{Constant<>{0.5}, SGD{}, gradus::spans(p[0], p[1])},
                        Optimizer{Constant<>{0.25}, gradus::Adam{}, p[2], NonFinite::skip}};
  gradus::GroupList<Optimizer<Constant<>, SGD>> list;
  list.add({Constant<>{0.5}, SGD{}, gradus::spans(q[0], q[1])});
  list.add({Constant<>{0.5}, SGD{}, q[2]});
  auto twin = groups;
  Lists r = p;
  Accumulator acc{p, Reduction::mean, NonFinite::skip};
  for (int t = 0; t < 3; ++t) {
    for (int k = 0; k < 4; ++k) acc.add(g);
    const gradus::GroupsResult result = acc.step(groups, p, {.factor = 0.5});
    CHECK((result.applied && result.groups[1].rate == 0.125 && acc.count() == 0));
    twin.step(r, g, {.factor = 0.5});
    CHECK(p == r);
    acc.add(g);
    CHECK(acc.step(list, q).applied);
  }
  CHECK((groups.get<1>().steps() == 3 && list[1].steps() == 3));
  CHECK(q != r);
  Lists bad = g;
  bad[1][2] = support::nan<float>();
  CHECK_FALSE(acc.add(bad));
  CHECK_FALSE(acc.step(groups, p).applied);  // nothing was added
  CHECK((p == r && groups.get<0>().steps() == 3));
}

TEST_CASE("Lists in braces will do", "[loop]") {
  Floats w{1, 2}, b{3};
  Optimizer opt{Constant<>{0.5}, SGD{}, gradus::spans(w, b)};
  Accumulator acc{gradus::spans(w, b)};
  const Floats gw{2, 4}, gb{6};
  acc.add({gw, gb});
  acc.add({gw, gb}, 3);
  CHECK(acc.step(opt, {w, b}).applied);
  CHECK((w == Floats{0, 0} && b == Floats{0}));
}

TEST_CASE("Clipping sees the accumulated gradient, whatever the rule", "[loop]") {
  constexpr std::size_t n = 500;
  const auto compare = [](const auto& rule) {
    Floats p = numbers<float>(n, 1), q = p;
    const std::vector<std::size_t> lengths{100, 0, 400};
    Optimizer opt{Constant<>{0.125}, rule, support::cut(p, lengths)};
    Optimizer other{Constant<>{0.125}, rule, support::cut(q, lengths)};
    Accumulator acc{support::cut(p, lengths)};
    for (int t = 0; t < 3; ++t) {
      for (std::size_t k = 0; k < weights.size(); ++k)
        acc.add(support::cut(batch<float>(n, k), lengths), weights[k]);
      acc.step(opt, support::cut(p, lengths), {}, support::backwards);
      other.step(support::cut(q, lengths), support::cut(expected<float>(n), lengths),
                 {.scale = 1 / 11.5});
    }
    CHECK(same_bits(p, q));
  };
  compare(gradus::Adam{});
  compare(gradus::Chain{gradus::ClipNorm{0.1}, SGD{}});
  compare(gradus::Chain{gradus::ClipNorm{0.1}, gradus::LAMB{}});
}

TEST_CASE("Halves are updated by their sum in float", "[loop]") {
  std::vector<bfloat16> p(3, bfloat16(1.0F));
  Optimizer opt{Constant<>{1}, gradus::Master{SGD{}}, p};
  Accumulator acc{p};
  // In bfloat16, 1 + 2^-9 is 1: a sum in halves would lose every one after the first.
  acc.add(std::vector<bfloat16>(3, bfloat16(1.0F)));
  for (int k = 0; k < 64; ++k) acc.add(std::vector<bfloat16>(3, bfloat16(0x1p-9F)));
  acc.add(Floats(3, 0.5F));  // and floats, if they come
  CHECK(acc.values()[0] == 1.625F);
  acc.step(opt, p, {.scale = 66});
  CHECK(opt.slot("master")[2] == Approx(1 - 1.625));
}

TEST_CASE("The number of micro-batches may follow a schedule of applied updates", "[loop]") {
  Floats p{0};
  Optimizer opt{gradus::Cosine<>{.start = 0.5, .end = 0.25, .steps = 3}, SGD{}, p};
  const auto wanted = gradus::rounded(gradus::Linear<>{.start = 1, .end = 4, .steps = 3});
  Accumulator acc{p};
  std::vector<int> counts{0};
  std::vector<double> rates;
  for (int i = 0; i < 14; ++i) {
    acc.add(Floats{1});
    ++counts.back();
    if (acc.count() < wanted(opt.steps())) continue;
    rates.push_back(acc.step(opt, p).rate);
    counts.push_back(0);
  }
  CHECK(counts == std::vector<int>{1, 2, 3, 4, 4, 0});
  CHECK(opt.steps() == 5);
  CHECK((rates[0] == 0.5 && rates[3] == 0.25 && rates[4] == 0.25));
}

// ---- Gradients that are not finite ------------------------------------------------------------

TEST_CASE("skip leaves a bad micro-batch out, also of the divisor", "[loop]") {
  for (const float& bad :
       {support::nan<float>(), support::infinity<float>(), -support::infinity<float>()})
    for (const std::size_t at : {0U, 17U, 39U}) {
      Floats p(40);
      Optimizer opt{Constant<>{0.5}, SGD{}, p};
      Accumulator acc{p, Reduction::mean, NonFinite::skip};
      Floats g(40, 1.0F), h = g;
      h[at] = bad;
      CHECK_FALSE(acc.add(h));
      CHECK(acc.progress() == Accumulator<>::Progress{0, 1, 0});
      CHECK(acc.add(g, 3));
      CHECK_FALSE(acc.add(h, 5));
      CHECK(acc.add(g, 1));
      CHECK(acc.progress() == Accumulator<>::Progress{2, 2, 4});
      CHECK(holds(acc, Floats(40, 4.0F)));
      CHECK(acc.step(opt, p).applied);
      CHECK(p == Floats(40, -0.5F));
      CHECK(acc.progress() == Accumulator<>::Progress{});
    }
}

TEST_CASE("Where every micro-batch was left out, there is no update", "[loop]") {
  Floats p{1};
  Optimizer opt{Constant<>{0.5}, SGD{}, p};
  Accumulator acc{p, Reduction::mean, NonFinite::skip};
  gradus::LossScale scale;
  acc.add(Floats{support::nan<float>()});
  const StepResult r = acc.step(opt, p, scale.options());
  CHECK(r == StepResult{0, 0.5, false});
  CHECK((p == Floats{1} && opt.steps() == 0));
  scale.update(r);
  CHECK(scale.value == 0x1p15);
  CHECK_THROWS_WITH(acc.step(opt, p), "gradus::Accumulator.step must come after an add");
}

TEST_CASE("A product with the weight counts as not finite, too", "[loop]") {
  Accumulator acc{Floats(1), Reduction::sum, NonFinite::skip};
  CHECK_FALSE(acc.add(Floats{1e30F}, 1e10));
  CHECK(acc.add(Floats{1e30F}, 1e5));
}

TEST_CASE("raise refuses a bad micro-batch, and names the gradient", "[loop]") {
  Lists p{{1, 2}, {3, 4, 5}};
  Accumulator acc{p, Reduction::mean, NonFinite::raise};
  acc.add(p);
  refused(acc, "gradus::Accumulator.grads[1] must be finite (got nan at element 2)",
          [&] { acc.add(Lists{{1, 1}, {1, 1, support::nan<float>()}}); });
  CHECK(acc.add(p));
}

TEST_CASE("propagate leaves it to the optimizer", "[loop]") {
  Floats p{1, 1};
  Optimizer skips{Constant<>{0.5}, SGD{}, p, NonFinite::skip};
  Accumulator acc{p};
  acc.add(Floats{support::nan<float>(), 1});
  acc.add(Floats{1, 1});
  CHECK_FALSE(acc.step(skips, p).applied);
  CHECK((p == Floats{1, 1} && skips.steps() == 0));
  CHECK(acc.count() == 0);  // a new batch
  acc.add(Floats{1, 1});
  CHECK(acc.step(skips, p).applied);
  acc.add(Floats{3e38F, 1});  // finite ones whose sum is not
  acc.add(Floats{3e38F, 1});
  CHECK_FALSE(acc.step(skips, p).applied);
  Optimizer passes{Constant<>{0.5}, SGD{}, p};
  acc.add(Floats{support::nan<float>(), 1});
  CHECK(acc.step(passes, p).applied);
  CHECK((gradus::math::is_nan(p[0]) && p[1] == 0));
}

// ---- State ------------------------------------------------------------------------------------

TEST_CASE("An accumulation that is saved and put back goes on bit for bit", "[loop]") {
  constexpr std::size_t n = 50;
  Accumulator<> acc{Floats(n)};
  for (std::size_t k = 0; k < 2; ++k) acc.add(batch<float>(n, k), weights[k]);
  Accumulator<> resumed{Floats(n)};
  std::copy(acc.values().begin(), acc.values().end(), resumed.values().begin());
  resumed.seek(acc.progress());
  for (std::size_t k = 2; k < 4; ++k) resumed.add(batch<float>(n, k), weights[k]);
  CHECK(holds(resumed, expected<float>(n)));
  CHECK(resumed.divisor() == 11.5);
  refused(resumed, "gradus::Accumulator.weight must be finite and > 0 (got -1)",
          [&] { resumed.seek({.count = 1, .weight = -1}); });
  resumed.seek({});
  CHECK(resumed.count() == 0);
}

TEST_CASE("A copy of an accumulator is independent, one moved from refuses", "[loop]") {
  Lists g{{1, 2}, {3}};
  Accumulator acc{g};
  acc.add(g);
  Accumulator copy = acc;
  copy.add(g);
  CHECK((holds(acc, Floats{1, 2, 3}) && holds(copy, Floats{2, 4, 6})));
  Accumulator moved = std::move(acc);
  Lists p{{0, 0}, {0}};
  Optimizer opt{Constant<>{1}, SGD{}, p};
  const std::string rule = " must not be called on an accumulator that was moved from";
  CHECK_THROWS_WITH(acc.add(g), "gradus::Accumulator.add" + rule);         // NOLINT
  CHECK_THROWS_WITH(acc.step(opt, p), "gradus::Accumulator.step" + rule);  // NOLINT
  CHECK_THROWS_WITH(acc.grads(), "gradus::Accumulator.grads" + rule);      // NOLINT
  CHECK((acc.size() == 0 && acc.values().empty()));                        // NOLINT
  acc = moved;
  CHECK(acc.step(opt, p).applied);
  CHECK(p == Lists{{-1, -2}, {-3}});
}

TEST_CASE("Empty spans, and lists without any, are legal gradients", "[loop]") {
  Floats none;
  Optimizer opt{Constant<>{1}, SGD{}, none};
  Accumulator acc{none, Reduction::mean, NonFinite::skip};
  CHECK(acc.add(none));
  CHECK(acc.step(opt, none).applied);
  Accumulator nothing{Lists{}};
  CHECK(nothing.add(Lists{}));
}

// ---- Calls that are refused -------------------------------------------------------------------

TEST_CASE("add refuses what is no gradient, and no weight", "[loop]") {
  Lists g{{1, 2}, {3}};
  Accumulator acc{g};
  acc.add(g);
  const std::string sizes = " must have as many elements as its span of parameters, ";
  refused(acc, "gradus::Accumulator.grads[0]" + sizes + "2 (got 3)",
          [&] { acc.add(Lists{{1, 2, 3}, {4}}); });
  refused(acc, "gradus::Accumulator.grads[1]" + sizes + "1 (got 0)",
          [&] { acc.add(Lists{{1, 2}, {}}); });
  refused(acc, "gradus::Accumulator.grads must be 2 spans, as at construction (got 1)",
          [&] { acc.add(Floats{1, 2}); });
  refused(acc, "gradus::Accumulator.grads must be 2 spans, as at construction (got 3)",
          [&] { acc.add(Lists{{1, 2}, {3}, {}}); });
  const std::span<const float> null(static_cast<const float*>(nullptr), 2);
  refused(acc, "gradus::Accumulator.grads[0] must not be null with a size of 2 (got 2)",
          [&] { acc.add({null, g[1]}); });
  const std::span<const float> odd(
      reinterpret_cast<const float*>(reinterpret_cast<std::uintptr_t>(g[0].data()) + 2), 1);
  refused(acc, "gradus::Accumulator.grads[1] must be aligned to a multiple in bytes of 4 (got 2)",
          [&] { acc.add({g[0], odd}); });
  refused(acc,
          "gradus::Accumulator.grads[1] must not overlap another span of the call (got one that "
          "overlaps sum[0])",
          [&] { acc.add({g[0], acc.values().subspan(1, 1)}); });
  refused(acc,
          "gradus::Accumulator.grads[0] must not overlap another span of the call (got one that "
          "overlaps sum[0])",
          [&] { acc.add(acc.grads()); });
  for (const auto& [weight, got] : {std::pair{0.0, "0"},
                                    {-1.0, "-1"},
                                    {support::nan<double>(), "nan"},
                                    {support::infinity<double>(), "inf"}})
    refused(acc, "gradus::Accumulator.weight must be finite and > 0 (got " + std::string(got) + ")",
            [&, w = weight] { acc.add(g, w); });
  for (const auto& [weight, got] : {std::pair{1e300, "1e+300"}, {1e-300, "1e-300"}})
    refused(acc,
            "gradus::Accumulator.weight must be representable in the parameters' type (got " +
                std::string(got) + ")",
            [&, w = weight] { acc.add(g, w); });
  Accumulator wide{std::vector<double>(1), Reduction::sum};
  wide.add(std::vector<double>{0}, 1e308);
  refused(wide, "gradus::Accumulator.weight must be finite and > 0 (got inf)",
          [&] { wide.add(std::vector<double>{0}, 1e308); });
  CHECK(acc.add(g));
}

TEST_CASE("What a step refuses leaves the sum as it was", "[loop]") {
  Floats p{1, 2};
  Optimizer opt{Constant<>{0.5}, SGD{}, p, NonFinite::raise};
  Accumulator acc{p};
  refused(acc, "gradus::Accumulator.step must come after an add", [&] { acc.step(opt, p); });
  acc.add(p);
  Floats three(3);
  refused(acc,
          "gradus::Optimizer.params[0] must have as many elements as its span of parameters, 2 "
          "(got 3)",
          [&] { acc.step(opt, three); });
  refused(acc, "gradus::StepOptions.factor must be finite and >= 0 (got -1)",
          [&] { acc.step(opt, p, {.factor = -1}); });
  acc.add(Floats{support::nan<float>(), 1});
  refused(acc, "gradus::Optimizer.grads[0] must be finite (got nan at element 0)",
          [&] { acc.step(opt, p); });
  CHECK((p == Floats{1, 2} && opt.steps() == 0));
  acc.clear();
  acc.add(p);
  CHECK(acc.step(opt, p).applied);
}

TEST_CASE("Accumulator refuses parameters that are wrong", "[loop]") {
  const std::span<float> null(static_cast<float*>(nullptr), 3);
  CHECK_THROWS_WITH(Accumulator{null},
                    "gradus::Accumulator.params[0] must not be null with a size of 3 (got 3)");
  const std::span<float> huge(static_cast<float*>(nullptr),
                              std::numeric_limits<std::size_t>::max() / 4);
  CHECK_THROWS_AS(Accumulator{huge}, gradus::Error);
}
