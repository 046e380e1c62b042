// Every ordered pair and triple of wrappers around a rule: refused, or bit for bit what a reference
// gives that goes from wrapper to wrapper with whole arrays. Packs are of width 1 and the loop is
// this file's, because there are hundreds of types; the sweeps have tests of their own.
#pragma once

#include <gradus/exec/access.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/compensated.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/nesting.hpp>
#include <gradus/rule/combine/only.hpp>
#include <gradus/rule/combine/stochastic.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/stage/l2.hpp>
#include <gradus/rule/stage/weight_decay.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support::nesting {

using gradus::bfloat16, gradus::Context, gradus::RandomKey, gradus::step_t;
using Pack = gradus::probe_pack<float>;
namespace exec = gradus::exec;

// ---- The wrappers ------------------------------------------------------------------------------

enum class W { both, only, around, stochastic, master, compensated, stored, vary, gradient, step };
inline constexpr const char* names[] = {"Chain{L2, ., WeightDecay}",
                                        "Chain{., Only{WeightDecay}}",
                                        "Only{.}",
                                        "Stochastic",
                                        "Master",
                                        "Compensated",
                                        "stored",
                                        "vary",
                                        "Chain{L2, .}",
                                        "Chain{., WeightDecay}"};
// The last two are in the first: triples do without them, so that there are fewer types.
inline constexpr std::size_t wrappers = 10;

inline constexpr gradus::L2 l2{0.25};
inline constexpr gradus::WeightDecay decay{0.5};
inline constexpr double rate = 0x1p-5;
inline constexpr std::uint64_t seed = 7;
struct Odd {
  constexpr bool operator()(std::size_t span) const { return span % 2 == 1; }
  constexpr bool operator==(const Odd&) const = default;
};
struct Falling {
  constexpr double operator()(step_t t) const { return 0.5 - 0.125 * static_cast<double>(t); }
  constexpr bool operator==(const Falling&) const = default;
};

/// The field of a rule that is varied; one of another rule where it has none.
template <class Base>
inline constexpr auto field = &gradus::Adam::beta1;
/// The concept that wrapper w asserts of what it is around.
template <class Base, W w, class R>
constexpr bool fits() {
  if constexpr (w == W::gradient) return gradus::StoreNoParams<R> && gradus::StepStagesAct<R>;
  if constexpr (w == W::step || w == W::both)
    return gradus::StoreNoParams<R> && gradus::StepStagesAct<R, gradus::WeightDecay>;
  if constexpr (w == W::only)
    return gradus::StoreNoParams<R> &&
           gradus::StepStagesAct<R, gradus::Only<gradus::WeightDecay, Odd>>;
  if constexpr (w == W::around) return gradus::Stage<R>;
  if constexpr (w == W::stochastic) return gradus::RoundsNoParams<R>;
  if constexpr (w == W::master || w == W::compensated) return gradus::StoreNoParams<R>;
  if constexpr (w == W::stored) return gradus::StoreNoParams<R> && gradus::StoresNoSlots<R>;
  if constexpr (w == W::vary) return gradus::StoreNoParams<R> && gradus::HasFields<R, field<Base>>;
}
template <class Base, W w, class R>
auto wrapped(const R& r) {
  if constexpr (w == W::gradient) return gradus::Chain<gradus::L2, R>(l2, r);
  if constexpr (w == W::step) return gradus::Chain<R, gradus::WeightDecay>(r, decay);
  if constexpr (w == W::both)
    return gradus::Chain<gradus::L2, R, gradus::WeightDecay>(l2, r, decay);
  if constexpr (w == W::only)
    return gradus::Chain<R, gradus::Only<gradus::WeightDecay, Odd>>(r, {decay, Odd{}});
  if constexpr (w == W::stochastic) return gradus::Stochastic<R>(r, seed);
  if constexpr (w == W::master) return gradus::Master<R>(r);
  if constexpr (w == W::compensated) return gradus::Compensated<R>(r);
  if constexpr (w == W::stored) return gradus::stored<bfloat16>(r);
  if constexpr (w == W::vary) return gradus::vary<field<Base>>(r, Falling{});
}

// ---- What is updated ---------------------------------------------------------------------------

inline constexpr std::size_t n = 11, most_slots = 4;
inline constexpr std::size_t begins[] = {0, 4, 6, n};  // of three spans

struct Memory {
  std::vector<bfloat16> p;
  std::array<std::vector<float>, most_slots> floats;
  std::array<std::vector<bfloat16>, most_slots> halves;
  std::vector<double> scalars, span_scalars;

  template <class E>
  std::vector<E>& slot(std::size_t j) {
    if constexpr (std::is_same_v<E, float>) {
      return floats[j];
    } else {
      return halves[j];
    }
  }
};

inline std::vector<float> gradients(step_t t) { return numbers<float>(n, 20 + t); }
inline std::vector<bfloat16> parameters() {
  std::vector<bfloat16> r;
  for (const float x : numbers<float>(n, 1)) r.emplace_back(x);
  return r;
}
/// Sums of terms over elements: `load(i, p, g, s)` fills the packs of element i.
template <std::size_t N, class Load>
struct Sums {
  const Load& load;
  std::size_t begin = 0, end = n, span = 0;
  template <class Terms>
  std::array<double, Terms::count> operator()(const Terms& terms) const {
    std::array<double, Terms::count> r{};
    for (std::size_t i = begin; i < end; ++i) {
      Pack p(0.0F), g(0.0F);
      std::array<Pack, N> s;
      load(i, p, g, s);
      const auto products = gradus::at_element(terms, i)(p, g, s);
      for (std::size_t k = 0; k < Terms::count; ++k) {
        float a = 0, b = 0;
        products[k].a.store(&a), products[k].b.store(&b);
        r[k] += static_cast<double>(a) * static_cast<double>(b);
      }
    }
    return r;
  }
};

/// The kernel for span j.
template <class K, class Measure>
K for_span(const K& kernel, std::vector<double>& scalars, std::size_t j, const Measure& all) {
  if constexpr (gradus::HasForSpan<K>) {
    const std::size_t count = scalars.size() / 3;
    Measure here = all;
    here.begin = begins[j], here.end = begins[j + 1], here.span = j;
    return kernel.for_span(std::span(scalars).subspan(count * j, count), here);
  } else {
    return kernel;
  }
}

// ---- The rule under test -----------------------------------------------------------------------

/// A rule without its type: what is the same for all is compiled once.
struct Subject {
  const void* rule;
  std::vector<gradus::Slot> slots;
  std::vector<bool> halved;  // which slots are stored in bfloat16
  std::vector<gradus::Scalar> scalars, span_scalars;
  void (*step)(const void* rule, step_t t, Memory& m);

  Memory start() const {
    Memory m;
    m.p = parameters();
    for (std::size_t j = 0; j < slots.size(); ++j)
      for (const bfloat16 p : m.p) {
        const float x = slots[j].from == gradus::Slot::From::params
                            ? static_cast<float>(p)
                            : static_cast<float>(slots[j].value);
        if (halved[j])
          m.halves[j].emplace_back(x);
        else
          m.floats[j].push_back(x);
      }
    for (const gradus::Scalar& s : scalars) m.scalars.push_back(s.value);
    for (std::size_t j = 0; j < 3; ++j)
      for (const gradus::Scalar& s : span_scalars) m.span_scalars.push_back(s.value);
    return m;
  }
};

template <class R>
void step(const void* any, step_t t, Memory& m) {
  const R& rule = *static_cast<const R*>(any);
  constexpr std::size_t N = gradus::slot_count<R>;
  using Types = gradus::slot_types_t<R, float>;
  const std::vector<float> g = gradients(t);
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    const auto load = [&](std::size_t i, Pack& p, Pack& y, std::array<Pack, N>& s) {
      p = Pack::load(&m.p[i]), y = Pack::load(&g[i]);
      ((s[J] = Pack::load(&m.slot<std::tuple_element_t<J, Types>>(J)[i])), ...);
    };
    const Sums<N, decltype(load)> sums{load};
    const auto& now = gradus::rule_at(rule, t);
    const auto kernel = gradus::prepare<float>(now, Context{t, rate}, m.scalars.data(), sums);
    for (std::size_t j = 0; j < 3; ++j) {
      const auto own = for_span(kernel, m.span_scalars, j, sums);
      for (std::size_t i = begins[j]; i < begins[j + 1]; ++i) {
        Pack p(0.0F), y(0.0F);
        std::array<Pack, N> s;
        load(i, p, y, s);
        const Pack d = gradus::at_element(own, i)(p, y, s);
        exec::put(p - d, &m.p[i], i, own, 0);
        (exec::put(s[J], &m.slot<std::tuple_element_t<J, Types>>(J)[i], i, own, J + 1), ...);
      }
    }
  }(std::make_index_sequence<N>{});
}

template <class R>
Subject subject(const R& rule) {
  const auto copy = [](const auto& items) { return std::vector(items.begin(), items.end()); };
  return {&rule,
          copy(gradus::slots_of(rule)),
          []<class... E>(std::tuple<E...>*) {
            return std::vector<bool>{std::is_same_v<E, bfloat16>...};
          }(static_cast<gradus::slot_types_t<R, float>*>(nullptr)),
          copy(gradus::scalars_of(rule)),
          copy(gradus::span_scalars_of(rule)),
          &step<R>};
}

// ---- The reference -----------------------------------------------------------------------------

using Floats = std::vector<float>;

/// A rule by itself, on arrays of floats: it moves p and returns the step.
struct Rule {
  virtual ~Rule() = default;
  virtual Floats step(step_t t, bool varied, Floats& p, const Floats& g, Memory& m) const = 0;
};
template <class Base>
struct RuleOf final : Rule {
  Base base;
  explicit RuleOf(const Base& b) : base(b) {}

  Floats step(step_t t, bool varied, Floats& params, const Floats& g, Memory& m) const override {
    constexpr std::size_t N = gradus::slot_count<Base>;
    Base now = base;
    if constexpr (gradus::HasFields<Base, field<Base>>)
      if (varied) now.*field<Base> = Falling{}(t);
    const auto load = [&](std::size_t i, Pack& p, Pack& y, std::array<Pack, N>& s) {
      p = Pack::load(&params[i]), y = Pack::load(&g[i]);
      for (std::size_t j = 0; j < N; ++j) s[j] = Pack::load(&m.floats[j][i]);
    };
    const Sums<N, decltype(load)> sums{load};
    const auto kernel = gradus::prepare<float>(now, Context{t, rate}, m.scalars.data(), sums);
    Floats r(n);
    for (std::size_t j = 0; j < 3; ++j) {
      const auto own = for_span(kernel, m.span_scalars, j, sums);
      for (std::size_t i = begins[j]; i < begins[j + 1]; ++i) {
        Pack p(0.0F), y(0.0F);
        std::array<Pack, N> s;
        load(i, p, y, s);
        gradus::at_element(own, i)(p, y, s).store(&r[i]);
        p.store(&params[i]);
        for (std::size_t k = 0; k < N; ++k) s[k].store(&m.floats[k][i]);
      }
    }
    return r;
  }
};

class Reference {
 public:
  Reference(const Rule& rule, std::size_t slots, std::vector<W> nest)
      : rule_(rule), slots_(slots), nest_(std::move(nest)) {}

  bool has(W w) const { return std::find(nest_.begin(), nest_.end(), w) != nest_.end(); }
  void step(step_t t, Memory& m) const {
    Floats p;
    for (const bfloat16 x : m.p) p.push_back(static_cast<float>(x));
    const Floats d = descend(0, t, p, gradients(t), m);
    p = minus(p, d);
    for (std::size_t i = 0; i < n; ++i) m.p[i] = rounded(p[i], t, 0, i);
    const std::size_t halves = has(W::stored) ? slots_ : 0;
    for (std::size_t j = 0; j < halves; ++j) round(m.floats[j], t, j + 1);
    if (has(W::compensated)) round(m.floats[slots_], t, slots_ + 1);
  }

 private:
  Floats descend(std::size_t at, step_t t, Floats& p, Floats g, Memory& m) const {
    if (at == nest_.size()) return rule_.step(t, has(W::vary), p, g, m);
    const W w = nest_[at];
    const auto inner = [&](Floats& params) { return descend(at + 1, t, params, g, m); };
    if (w == W::gradient || w == W::both)
      for (std::size_t i = 0; i < n; ++i)
        (Pack(g[i]) + Pack(static_cast<float>(l2.weight_decay)) * Pack(p[i])).store(&g[i]);
    if (w == W::step || w == W::both || w == W::only) {
      const Floats d = inner(p);
      for (std::size_t i = 0; i < n; ++i)
        if (w != W::only || (i >= begins[1] && i < begins[2]))
          p[i] *= static_cast<float>(1 - rate * decay.weight_decay);
      return d;
    }
    if (w == W::master) {
      Floats& master = m.floats[slots_];
      const Floats d = inner(master);
      p = master = minus(master, d);
      return Floats(n);
    }
    if (w == W::compensated) {
      Floats& remainder = m.floats[slots_];
      Floats whole(n);
      for (std::size_t i = 0; i < n; ++i) whole[i] = p[i] + remainder[i];
      const Floats d = inner(whole);
      whole = minus(whole, d);
      for (std::size_t i = 0; i < n; ++i) {
        p[i] = static_cast<float>(bfloat16(whole[i]));
        remainder[i] = whole[i] - p[i];
      }
      return Floats(n);
    }
    return inner(p);
  }
  static Floats minus(Floats a, const Floats& b) {
    for (std::size_t i = 0; i < n; ++i) a[i] -= b[i];
    return a;
  }
  bfloat16 rounded(float x, step_t t, std::size_t stream, std::size_t i) const {
    bfloat16 r(x);
    if (has(W::stochastic)) Pack(x).store_randomly(&r, RandomKey(seed, t, stream), i);
    return r;
  }
  void round(Floats& slot, step_t t, std::size_t stream) const {
    for (std::size_t i = 0; i < n; ++i)
      slot[i] = static_cast<float>(rounded(slot[i], t, stream, i));
  }

  const Rule& rule_;
  std::size_t slots_;
  std::vector<W> nest_;
};

// ---- All nestings ------------------------------------------------------------------------------

struct Counts {
  std::array<std::size_t, 4> right{}, refused{};  // by the number of wrappers
};

inline bool same(const Memory& a, const Memory& b) {
  bool r = a.p == b.p && a.scalars == b.scalars && a.span_scalars == b.span_scalars;
  for (std::size_t j = 0; j < most_slots; ++j) {
    Floats x = a.floats[j];
    for (const bfloat16 h : a.halves[j]) x.push_back(static_cast<float>(h));
    r = r && same_bits(x, b.floats[j]);
  }
  return r;
}

/// One nesting against the reference: 4 steps.
inline void compare(const Rule& alone, const Subject& base, const Subject& tested,
                    const std::vector<W>& nest, Counts& counts) {
  const Reference reference(alone, base.slots.size(), nest);
  Memory expected = base.start(), got = tested.start();
  if (reference.has(W::master))
    for (const bfloat16 p : expected.p)
      expected.floats[base.slots.size()].push_back(static_cast<float>(p));
  if (reference.has(W::compensated)) expected.floats[base.slots.size()].assign(n, 0);
  bool good = true;
  for (step_t t = 0; t < 4; ++t) {
    tested.step(tested.rule, t, got);
    reference.step(t, expected);
    good = good && same(got, expected);
  }
  std::string text;
  for (const W w : nest) text += std::string(names[static_cast<int>(w)]) + " of ";
  CAPTURE(text);
  CHECK(good);
  if (good) counts.right[nest.size()]++;
}

/// A wrapper around others.
inline std::vector<W> around(std::vector<W> nest, W w) {
  nest.insert(nest.begin(), w);
  return nest;
}

/// All nestings of up to three wrappers around a rule, from the inside out; R has `depth` already,
/// and the next is one of [First, Last). Triples are of the first `InTriples` wrappers;
/// `of_triples` says whether those so far are.
template <std::size_t InTriples, std::size_t First, std::size_t Last, std::size_t depth = 0,
          bool of_triples = true, class Base, class R>
void nestings(const RuleOf<Base>& alone, const R& rule, const std::vector<W>& nest,
              Counts& counts) {
  if constexpr (depth > 0) compare(alone, subject(alone.base), subject(rule), nest, counts);
  if constexpr (depth < 3) {
    const auto one = [&]<W w>(std::integral_constant<W, w>) {
      constexpr bool in_triples = of_triples && static_cast<std::size_t>(w) < InTriples;
      if constexpr (depth < 2 || in_triples) {
        if constexpr (fits<Base, w, R>()) {
          nestings<InTriples, 0, wrappers, depth + 1, in_triples>(alone, wrapped<Base, w>(rule),
                                                                  around(nest, w), counts);
        } else {  // and with it all that would be around it
          counts.refused[depth + 1]++;
          if (depth == 0) counts.refused[2] += wrappers;
          if (depth == 0 && in_triples) counts.refused[3] += InTriples * InTriples;
          if (depth == 1 && in_triples) counts.refused[3] += InTriples;
        }
      }
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (one(std::integral_constant<W, static_cast<W>(First + I)>{}), ...);
    }(std::make_index_sequence<Last - First>{});
  }
}

/// How many pairs and triples are right; all others are refused. `InTriples` is 10 where triples
/// have chains with one stage, too. The innermost wrapper is one of [First, Last).
template <std::size_t InTriples = 8, std::size_t First = 0, std::size_t Last = wrappers, class Base>
std::array<std::size_t, 2> right_around(const Base& base) {
  Counts counts;
  nestings<InTriples, First, Last>(RuleOf<Base>(base), base, {}, counts);
  const std::size_t innermost = std::min(Last, InTriples) - std::min(First, InTriples);
  CHECK(counts.right[2] + counts.refused[2] == (Last - First) * wrappers);
  CHECK(counts.right[3] + counts.refused[3] == innermost * InTriples * InTriples);
  return {counts.right[2], counts.right[3]};
}

/// The same in two parts, because one unit with all would take too much memory: with a chain or
/// Only as the innermost wrapper, and with any other.
inline constexpr std::size_t chains_and_only = 3;
template <class Base>
std::array<std::size_t, 2> right_around_in_a_chain(const Base& base) {
  return right_around<8, 0, chains_and_only>(base);
}
template <class Base>
std::array<std::size_t, 2> right_around_in_others(const Base& base) {
  return right_around<8, chains_and_only, wrappers>(base);
}

}  // namespace support::nesting
