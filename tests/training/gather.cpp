#include <gradus/group_list.hpp>
#include <gradus/rule/adagrad.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/amsgrad.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/laprop.hpp>
#include <gradus/rule/lion.hpp>
#include <gradus/rule/madgrad.hpp>
#include <gradus/rule/momentum.hpp>
#include <gradus/rule/nadam.hpp>
#include <gradus/rule/qhadam.hpp>
#include <gradus/rule/rmsprop.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/training/gather.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::Constant;
using gradus::fresh;
using gradus::gather;
using gradus::Optimizer;
using gradus::spans;

namespace {

using Floats = std::vector<float>;
using Rows = std::vector<std::size_t>;

const auto every_kind = [] { return gradus::Chain{gradus::NAdam{}, gradus::Ema{0.9}}; };

// All that an optimizer keeps.
template <class O>
std::uint64_t digest(const O& opt) {
  support::Digest d;
  d.add_state(opt);
  return d.value();
}

// Points of three coordinates and a colour each, in two spans.
struct Points {
  Floats at, colour;
  explicit Points(std::size_t n, std::uint64_t seed)
      : at(support::numbers<float>(3 * n, seed)), colour(support::numbers<float>(n, seed + 1)) {}
};
template <class O>
void step(O& opt, Points& p, std::uint64_t t) {
  const Points g(p.colour.size(), t);
  opt.step({p.at, p.colour}, {g.at, g.colour});
}

// Span scalars that count the steps of each span.
struct Counts {
  constexpr std::array<gradus::Scalar, 1> span_scalars() const { return {{{"count", 1.0}}}; }
  template <class T>
  struct Kernel {
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 0>&) const {
      return g;
    }
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M&) const {
      return ++scalars[0], Kernel{};
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const gradus::Context&) const {
    return {};
  }
};

}  // namespace

TEST_CASE("A gathered optimizer is a new one with the slots copied, bit for bit", "[gather]") {
  Points p(50, 1);
  Optimizer opt{Constant<>{0.1}, every_kind(), spans(p.at, p.colour)};
  for (std::uint64_t t = 0; t < 5; ++t) step(opt, p, 10 * t);

  for (const Rows& kept : {Rows{}, Rows{49}, Rows{3, 1, fresh, 2, 40, fresh}, Rows{fresh},
                           gradus::all_but(50, {0, 7, 49})}) {
    CAPTURE(kept.size());
    Points q = p;
    gather(q.at, kept, 3, 0.25F);
    gather(q.colour, kept);
    auto other = opt;
    gather(other, kept, {3, 1}, spans(q.at, q.colour));

    // By hand: the new optimizer's slots, then what was there before.
    Optimizer fresh_one{Constant<>{0.1}, every_kind(), spans(q.at, q.colour)};
    for (std::size_t j = 0; j < opt.slots(); ++j)
      for (std::size_t i = 0; i < kept.size(); ++i) {
        if (kept[i] == fresh) continue;
        for (std::size_t c = 0; c < 3; ++c)
          fresh_one.slot(j)[3 * i + c] = opt.slot(j)[3 * kept[i] + c];
        fresh_one.slot(j)[3 * kept.size() + i] = opt.slot(j)[150 + kept[i]];
      }
    std::copy(opt.scalars().begin(), opt.scalars().end(), fresh_one.scalars().begin());
    fresh_one.seek(opt.steps());
    CHECK((other.size() == 4 * kept.size() && other.steps() == 5));
    CHECK(digest(other) == digest(fresh_one));
    Points r = q;
    for (std::uint64_t t = 6; t < 9; ++t) step(other, q, 10 * t), step(fresh_one, r, 10 * t);
    CHECK(digest(other) == digest(fresh_one));
    CHECK((support::same_bits(q.at, r.at) && support::same_bits(q.colour, r.colour)));
  }
}

TEST_CASE("Slots start anew as the rule says, and some spans stay as they are", "[gather]") {
  Floats table{1, 1, 2, 2, 3, 3}, head{1, 1, 1}, ones(9, 1);
  Optimizer opt{Constant<>{0.1}, gradus::Adagrad{.initial_accumulator_value = 0.5},
                spans(table, head)};
  opt.step({table, head}, {std::span(ones).first(6), std::span(ones).first(3)});
  gather(opt, {2, fresh}, {2, 0});
  const auto slot = opt.slot(0);
  CHECK(Floats(slot.begin(), slot.end()) == Floats{1.5, 1.5, 0.5, 0.5, 1.5, 1.5, 1.5});
  gradus::restart(opt, {0}, {0, 1});
  CHECK(opt.slot(0)[4] == 0.5F);
  CHECK((opt.slot(0)[0] == 1.5F && opt.slot(0)[5] == 1.5F));
  gradus::restart(opt, {0, 1, 0}, {2, 0});
  CHECK((opt.slot(0)[0] == 0.5F && opt.slot(0)[3] == 0.5F && opt.slot(0)[5] == 1.5F));
  CHECK(opt.steps() == 1);
}

TEST_CASE("A master and its rounded copy are gathered alike", "[gather]") {
  std::vector<bfloat16> p, g;
  for (const float x : support::numbers<float>(20, 1)) p.push_back(bfloat16(x));
  for (const float x : support::numbers<float>(20, 2)) g.push_back(bfloat16(x));
  Optimizer opt{Constant<>{1e-3}, gradus::Master{gradus::stored<bfloat16, float>(gradus::AdamW{})},
                p};
  opt.step(p, g);
  const Floats master(opt.slot<float>("master").begin(), opt.slot<float>("master").end());
  const std::vector<bfloat16> m(opt.slot<bfloat16>("m").begin(), opt.slot<bfloat16>("m").end());
  const Rows kept{19, fresh, 4};
  gather(p, kept, 1, bfloat16(0.5F));
  gather(opt, kept, {1}, p);
  CHECK(opt.slot<float>("master")[0] == master[19]);
  CHECK(opt.slot<float>("master")[1] == 0.5F);
  CHECK(opt.slot<float>("master")[2] == master[4]);
  CHECK((opt.slot<bfloat16>("m")[2] == m[4] && opt.slot<bfloat16>("m")[1] == bfloat16(0.0F)));
  gather(opt, {2, 0});  // nothing is new: no parameters are needed
  CHECK(opt.slot<float>("master")[0] == master[4]);
}

TEST_CASE("An optimizer is resized with its parameters", "[gather]") {
  Floats w = support::numbers<float>(10, 1), b = support::numbers<float>(4, 2);
  Optimizer opt{Constant<>{0.1}, every_kind(), spans(w, b)};
  opt.step({w, b}, {support::numbers<float>(10, 3), support::numbers<float>(4, 4)});
  const Floats m(opt.slot(0).begin(), opt.slot(0).end());
  w.resize(12, 0.5F), b.resize(2);
  Floats more(3, 2.0F);
  gradus::resize(opt, spans(w, b, more));
  CHECK(opt.size() == 17);
  const auto now = opt.slot(0), average = opt.slot("Ema.average");
  CHECK(std::equal(m.begin(), m.begin() + 10, now.begin()));
  CHECK((now[10] == 0 && average[10] == 0.5F && now[12] == m[10] && now[13] == m[11]));
  CHECK((now[14] == 0 && average[16] == 2.0F));
  CHECK(opt.step({w, b, more}, {Floats(12), Floats(2), Floats(3)}).t == 1);
  gradus::resize(opt, w);
  CHECK((opt.size() == 12 && opt.step(w, Floats(12)).applied));

  Optimizer counts{Constant<>{0.1}, Counts{}, spans(w, b)};
  counts.step({w, b}, {Floats(12), Floats(2)});
  gather(counts, {1}, {0, 1});
  b.pop_back();
  gradus::resize(counts, spans(w, b, more));
  CHECK(std::vector<double>(counts.span_scalars().begin(), counts.span_scalars().end()) ==
        std::vector<double>{2, 2, 1});
}

TEST_CASE("Slots in blocks of 8 bits: whole blocks stay, others within half a code", "[gather]") {
  using gradus::Positive8;
  using gradus::Signed8;
  constexpr std::size_t n = 300;
  Floats p = support::numbers<float>(n, 1);
  const auto rule = gradus::stored<Signed8, Positive8>(gradus::AdamW{});
  Optimizer opt{Constant<>{0.1}, rule, p};
  for (std::uint64_t t = 0; t < 5; ++t) opt.step(p, support::numbers<float>(n, t));
  const auto value = [](const auto& slot, std::size_t i) {
    float r = 0;
    using S = std::remove_cvref_t<decltype(slot[0])>;
    gradus::simd::scalar::load_codes<S>(r, slot[i / 64].codes + i % 64, slot[i / 64].origin());
    return r;
  };
  const auto check = [&](const auto& before, const auto& after, const Rows& kept) {
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const float now = value(after, i), largest = std::ldexp(1.0F, after[i / 64].exponent - 126);
      if (kept[i] == fresh) {
        CHECK(now <= std::ldexp(largest, -30));
      } else {
        const float was = value(before, kept[i]);
        CHECK(std::abs(now - was) <= std::abs(was) / 16 + std::ldexp(largest, -18));
      }
    }
  };
  Rows appended = gradus::all_but(n, {});
  appended.insert(appended.end(), 100, fresh);
  Rows shuffled = appended;
  for (std::size_t i = 0; i < shuffled.size(); ++i)
    std::swap(shuffled[i], shuffled[i * 7919 % shuffled.size()]);
  for (const Rows& kept : {appended, shuffled, gradus::all_but(n, {0})}) {
    auto other = opt;
    gather(other, kept);
    CHECK(other.slot<Signed8>(0).size() == (kept.size() + 63) / 64);
    check(opt.slot<Signed8>(0), other.slot<Signed8>(0), kept);
    check(opt.slot<Positive8>(1), other.slot<Positive8>(1), kept);
    Floats q(kept.size());
    CHECK(other.step(q, support::numbers<float>(kept.size(), 1)).t == 5);
  }
  auto longer = opt;
  gather(longer, appended);
  for (std::size_t k = 0; k < n / 64; ++k) {
    CHECK(longer.slot<Signed8>(0)[k] == opt.slot<Signed8>(0)[k]);
    CHECK(longer.slot<Positive8>(1)[k] == opt.slot<Positive8>(1)[k]);
  }
}

TEST_CASE("What cannot be gathered is refused, and nothing is changed", "[gather]") {
  Points p(10, 1);
  Optimizer opt{Constant<>{0.1}, every_kind(), spans(p.at, p.colour)};
  step(opt, p, 1);
  const auto refused = [&](const std::string& sentence, const auto& call) {
    const std::uint64_t before = digest(opt);
    CHECK_THROWS_WITH(call(), sentence);
    CHECK((digest(opt) == before && opt.size() == 40));
    step(opt, p, 0);  // it still works
  };
  refused("gradus::gather.kept[1] must be fresh, or below the number of rows, 10 (got 10)",
          [&] { gather(opt, {0, 10}, {3, 1}); });
  refused("gradus::gather.kept[2] must not repeat a row (got 7)",
          [&] { gather(opt, {7, 1, 7}, {3, 1}); });
  refused("gradus::gather.widths must be 2 numbers, one for each span (got 1)",
          [&] { gather(opt, {0}); });
  refused("gradus::gather.widths[0] must divide the number of elements, 30 (got 4)",
          [&] { gather(opt, {0}, {4, 1}); });
  refused("gradus::gather.widths[1] must make as many rows of its span as of others, 10 (got 5)",
          [&] { gather(opt, {0}, {3, 2}); });
  refused("gradus::gather.kept[0] must be fresh, or below the number of rows, 0 (got 0)",
          [&] { gather(opt, {0}, {0, 0}); });
  refused(
      "gradus::gather.params must be given, not only their number: a slot starts as a copy "
      "of them (got 6)",
      [&] { gather(opt, {0, fresh}, {3, 1}); });
  refused(
      "gradus::gather.params[1] must have as many elements as its span of parameters, 1 (got "
      "10)",
      [&] { gather(opt, {0}, {3, 1}, std::array{std::span(p.at).first(3), std::span(p.colour)}); });
  refused("gradus::gather.params must be 2 spans, as at construction (got 1)",
          [&] { gather(opt, {0}, {3, 1}, p.at); });
  refused("gradus::restart.rows must be below the number of rows (got 10)",
          [&] { gradus::restart(opt, {10}, {3, 1}, spans(p.at, p.colour)); });
  refused("gradus::restart.widths must be 2 numbers, one for each span (got 1)",
          [&] { gradus::restart(opt, {0}); });
  refused("gradus::restart.widths[1] must make as many rows of its span as of others, 10 (got 5)",
          [&] { gradus::restart(opt, {0}, {3, 2}); });
  refused(
      "gradus::restart.params must be given, not only their number: a slot starts as a copy "
      "of them (got 30)",
      [&] { gradus::restart(opt, {0}, {3, 1}); });
  refused("gradus::restart.params must be 2 spans, as at construction (got 1)",
          [&] { gradus::restart(opt, {0}, {3, 1}, p.at); });
  auto moved = std::move(opt);
  CHECK_THROWS_WITH(gather(opt, {0}, {3, 1}),  // NOLINT: that it can be asked is the point
                    "gradus::Optimizer.gather must not be called on an optimizer that was moved "
                    "from");
}

// ---- The first updates of fresh rows ------------------------------------------------------------

namespace {

// Of a row that is fresh at step 10,000, in units of a new optimizer's update of the same number.
struct Start {
  double first = 0, largest = 0;
};
template <class R>
Start start_of_fresh(const R& rule, const std::vector<std::string>& filled = {}) {
  using Doubles = std::vector<double>;
  constexpr double rate = 1e-3;
  Doubles p{1};
  const Doubles one{1}, two{1, 1};
  Optimizer opt{Constant<>{rate}, rule, p};
  for (int t = 0; t < 10'000; ++t) opt.step(p, one);
  Doubles q{p[0], 1}, alone{1};
  gather(opt, {0, fresh}, {1}, q);
  for (const std::string& slot : filled) opt.slot(slot)[1] = opt.slot(slot)[0];
  Optimizer born{Constant<>{rate}, rule, alone};
  Start r;
  for (int t = 0; t < 1000; ++t) {
    const double before = q[1], its = alone[0];
    opt.step(q, two), born.step(alone, one);
    const double ratio = (q[1] - before) / (alone[0] - its);
    if (t == 0) r.first = ratio;
    r.largest = std::max(r.largest, ratio);
  }
  return r;
}
bool near(const Start& r, double first, double largest) {
  return std::abs(r.first - first) < 0.05 * std::max(1.0, first / 5) &&
         std::abs(r.largest - largest) < 0.05 * std::max(1.0, largest / 5);
}

}  // namespace

TEST_CASE("The first updates of fresh rows are as the guide says", "[gather]") {
  CHECK(near(start_of_fresh(gradus::SGD{}), 1, 1));
  CHECK(near(start_of_fresh(gradus::Momentum{}), 1, 1));
  CHECK(near(start_of_fresh(gradus::RMSprop{}), 1, 1));
  CHECK(near(start_of_fresh(gradus::Adagrad{}), 1, 1));
  CHECK(near(start_of_fresh(gradus::Lion{}), 1, 1));
  CHECK(near(start_of_fresh(gradus::Adam{}), 3.16, 6.57));
  CHECK(near(start_of_fresh(gradus::AdamW{}), 3.14, 6.51));
  CHECK(near(start_of_fresh(gradus::AMSGrad{}), 3.16, 6.57));
  CHECK(near(start_of_fresh(gradus::NAdam{}), 8.06, 10.2));
  CHECK(near(start_of_fresh(gradus::LaProp{}), 3.16, 9.34));
  CHECK(near(start_of_fresh(gradus::QHAdam{}), 9.6, 9.6));
  CHECK(near(start_of_fresh(gradus::MADGRAD{}), 21.5, 21.5));
}

TEST_CASE("A second moment that is filled is a warmup of fresh rows", "[gather]") {
  CHECK(near(start_of_fresh(gradus::Adam{}, {"v"}), 0.1, 1));
  CHECK(near(start_of_fresh(gradus::AdamW{}, {"v"}), 0.11, 1));
  CHECK(near(start_of_fresh(gradus::AMSGrad{}, {"v", "s"}), 0.1, 1));
  CHECK(near(start_of_fresh(gradus::NAdam{}, {"v"}), 0.26, 1));
  CHECK(near(start_of_fresh(gradus::LaProp{}, {"v"}), 0.1, 1));
  CHECK(near(start_of_fresh(gradus::QHAdam{}, {"v"}), 0.3, 1));
  CHECK(near(start_of_fresh(gradus::MADGRAD{}, {"v"}), 1.14, 1.5));
}

TEST_CASE("Fresh rows in a group of their own are as in a new optimizer, at the common clock",
          "[gather]") {
  const gradus::Cosine<> schedule{.start = 0.1, .end = 0.01, .steps = 200};
  Floats old = support::numbers<float>(12, 1), rows = support::numbers<float>(6, 2), twin = rows;
  gradus::GroupList<Optimizer<gradus::Cosine<>, gradus::Adam>> list;
  list.add({schedule, gradus::Adam{}, old});
  gradus::step_t t = 0;
  for (; t < 100; ++t) {
    const Floats g = support::numbers<float>(12, 10 + t);
    list.step(spans(old), spans(g), {.position = t});
  }
  list.add({schedule, gradus::Adam{}, rows});
  Optimizer born{schedule, gradus::Adam{}, twin};
  for (; t < 150; ++t) {
    const Floats g = support::numbers<float>(12, 10 + t), h = support::numbers<float>(6, t);
    const auto result = list.step(spans(old, rows), spans(g, h), {.position = t});
    CHECK((result.groups[0].rate == schedule(t) && result.groups[1].rate == schedule(t)));
    born.step(twin, h, {.position = t});
    CHECK(support::same_bits(rows, twin));
  }
}
