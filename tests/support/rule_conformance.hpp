// What every rule must keep, whatever its formula.
#pragma once

#include <gradus/concept/kernel.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/update.hpp>

#include <array>
#include <concepts>
#include <cstdio>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

namespace support {

using gradus::Context;

template <class R, class T>
using SlotSpans = std::array<std::span<T>, gradus::slot_count<R>>;

/// The scalars of a rule, and those of the one span.
template <class R>
struct AllScalars {
  std::array<double, gradus::scalar_count<R>> whole{};
  std::array<double, gradus::span_scalar_count<R>> span{};

  static AllScalars start(const R& rule) {
    AllScalars r;
    for (std::size_t j = 0; j < r.whole.size(); ++j) r.whole[j] = gradus::scalars_of(rule)[j].value;
    for (std::size_t j = 0; j < r.span.size(); ++j)
      r.span[j] = gradus::span_scalars_of(rule)[j].value;
    return r;
  }
  bool operator==(const AllScalars& o) const {
    return same_bits<double>(whole, o.whole) && same_bits<double>(span, o.span);
  }
};

/// The loss for a rule that needs one, where a test has none of its own.
inline constexpr double some_loss = 0.75;

template <class R>
constexpr Context with_loss(Context context) {
  if (gradus::traits<R>.needs_loss && gradus::math::is_nan(context.loss)) context.loss = some_loss;
  return context;
}

/// `gradus::update` with the slots in an array.
template <class T, class R>
void update(const R& rule, const Context& without_loss, std::span<T> p, std::span<const T> g,
            const SlotSpans<R, T>& slots, AllScalars<R>& scalars) {
  const Context context = with_loss<R>(without_loss);
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    if constexpr (gradus::HasScalars<R> && gradus::HasSpanScalars<R>) {
      gradus::update(rule, context, p, g, slots[J]..., scalars.whole, scalars.span);
    } else if constexpr (gradus::HasScalars<R>) {
      gradus::update(rule, context, p, g, slots[J]..., scalars.whole);
    } else if constexpr (gradus::HasSpanScalars<R>) {
      gradus::update(rule, context, p, g, slots[J]..., scalars.span);
    } else {
      gradus::update(rule, context, p, g, slots[J]...);
    }
  }(std::make_index_sequence<gradus::slot_count<R>>{});
}

/// Parameters and the state of a rule, owned here.
template <class R, class T>
struct Run {
  static constexpr std::size_t N = gradus::slot_count<R>;
  std::vector<T> p;
  std::array<std::vector<T>, N> slots;
  AllScalars<std::remove_const_t<R>> scalars;

  Run(const R& rule, std::vector<T> params)
      : p(std::move(params)), scalars(AllScalars<std::remove_const_t<R>>::start(rule)) {
    for (auto& slot : slots) slot.resize(p.size());
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      gradus::start(rule, p, slots[J]...);
    }(std::make_index_sequence<N>{});
  }
  /// One update of the elements from `begin` on, as many as there are gradients.
  void step(const R& rule, const Context& context, std::span<const T> g, std::size_t begin = 0) {
    SlotSpans<R, T> s;
    for (std::size_t j = 0; j < N; ++j) s[j] = std::span(slots[j]).subspan(begin, g.size());
    update<T>(rule, context, std::span(p).subspan(begin, g.size()), g, s, scalars);
  }
  bool operator==(const Run& o) const {
    bool same = same_bits(p, o.p) && scalars == o.scalars;
    for (std::size_t j = 0; j < N; ++j) same = same && same_bits(slots[j], o.slots[j]);
    return same;
  }
};

/// What is known of one rule.
struct Traits {
  bool decays = false;  ///< moves the parameters also where the gradient is zero
  bool local = true;    ///< each element is computed from its own inputs alone: no norms
};

inline constexpr double some_rate = 0x1.8p-5;

// Zero gradients and zero state move nothing, not the last bit of any parameter.
template <class T, class R>
void keeps_still(const R& rule) {
  using limits = std::numeric_limits<T>;
  const std::vector<T> p{T{0},
                         -T{0},
                         T{1},
                         -limits::max(),
                         limits::min(),
                         limits::denorm_min(),
                         -limits::denorm_min()};
  Run<R, T> run(rule, p);
  for (gradus::step_t t = 0; t < 5; ++t)
    run.step(rule, {t, some_rate}, std::vector<T>(p.size(), T{0}));
  CHECK(same_bits(run.p, p));
}

// A rate of zero moves nothing, whatever gradients and state are.
template <class T, class R>
void keeps_still_at_rate_zero(const R& rule) {
  const std::vector<T> p = numbers<T>(70, 1);
  Run<R, T> run(rule, p);
  for (gradus::step_t t = 0; t < 5; ++t) run.step(rule, {t, 0}, numbers<T>(70, 10 + t));
  bool same = true;
  for (std::size_t i = 0; i < p.size(); ++i) same = same && run.p[i] - p[i] == 0;
  CHECK(same);
}

// A gradient that is not finite touches that element alone.
template <class T, class R>
void isolates(const R& rule) {
  constexpr std::size_t n = 70;
  for (const T& bad : {nan<T>(), infinity<T>(), -infinity<T>()})
    for (const std::size_t at : {0U, 15U, 37U, 69U}) {
      CAPTURE(bad, at);
      Run<R, T> run(rule, numbers<T>(n, 1)), clean = run;
      for (gradus::step_t t = 0; t < 3; ++t) {
        std::vector<T> g = numbers<T>(n, 10 + t);
        clean.step(rule, {t, some_rate}, g);
        if (t == 1) g[at] = bad;
        run.step(rule, {t, some_rate}, g);
      }
      if (gradus::math::is_nan(bad)) CHECK(gradus::math::is_nan(run.p[at]));
      run.p[at] = clean.p[at];
      for (std::size_t j = 0; j < run.slots.size(); ++j) run.slots[j][at] = clean.slots[j][at];
      CHECK(run == clean);
    }
}

// Every count and alignment, on every path: the scalar path's bits, and not a byte beside the
// spans.
template <class T, class R>
void same_everywhere(const R& rule) {
  constexpr std::size_t N = gradus::slot_count<R>;
  constexpr std::size_t offsets[][3] = {{0, 0, 0}, {1, 0, 2}, {0, 3, 1}, {15, 15, 15}, {9, 6, 13}};
  std::vector<std::size_t> counts{100, 1000, 1023};
  for (std::size_t n = 0; n <= 33; ++n) counts.push_back(n);
  for (const std::size_t n : counts) {
    const std::vector<T> p = numbers<T>(n, n);
    Run<R, T> expected(rule, p);
    const Run<R, T> start = expected;
    {
      const OnPath on(Isa::scalar);
      for (gradus::step_t t = 0; t < 3; ++t)
        expected.step(rule, {t, some_rate}, numbers<T>(n, 10 + t));
    }
    for (const Isa isa : paths())
      for (const auto& [of_p, of_g, of_slots] : offsets) {
        const OnPath on(isa);
        Fenced<T> params(n, of_p), grads(n, of_g);
        std::vector<Fenced<T>> slots;
        SlotSpans<R, T> spans;
        for (std::size_t j = 0; j < N; ++j) slots.emplace_back(n, (of_slots + 5 * j) % 16);
        for (std::size_t j = 0; j < N; ++j) spans[j] = slots[j].fill(start.slots[j]);
        params.fill(p);
        Run<R, T> got = start;
        bool intact = true;
        for (gradus::step_t t = 0; t < 3; ++t) {
          const std::vector<T> g = numbers<T>(n, 10 + t);
          update<T>(rule, {t, some_rate}, params.span(), grads.fill(g), spans, got.scalars);
          intact = intact && same_bits<T>(grads.span(), std::span(g));
        }
        for (std::size_t j = 0; j < N; ++j) {
          got.slots[j].assign(spans[j].begin(), spans[j].end());
          intact = intact && slots[j].intact();
        }
        got.p.assign(params.span().begin(), params.span().end());
        CAPTURE(n, gradus::simd::name(isa), of_p, of_g, of_slots);
        CHECK((got == expected && intact && params.intact() && grads.intact()));
      }
  }
}

// Any partition of the spans, by any number of calls: the same bits.
template <class T, class R>
void same_in_parts(const R& rule) {
  constexpr std::size_t n = 1000;
  Random random;
  Run<R, T> whole(rule, numbers<T>(n, 1)), parts = whole;
  for (gradus::step_t t = 0; t < 20; ++t) {
    const std::vector<T> g = numbers<T>(n, 10 + t);
    const auto scalars = parts.scalars;
    whole.step(rule, {t, some_rate}, g);
    for (std::size_t i = 0, m = 0; i < n; i += m) {
      m = std::min(n - i, random.below(t % 2 == 0 ? 200 : 20));
      parts.scalars = scalars;  // each call advances them from where the step began
      parts.step(rule, {t, some_rate}, std::span(g).subspan(i, m), i);
    }
    CHECK(parts == whole);
  }
}

// 200 steps, in which an error in one would grow: the same bits on every path.
template <class T, class R>
void same_on_every_path(const R& rule) {
  Run<R, T> first(rule, numbers<T>(1100, 1));
  const Run<R, T> start = first;
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    Run<R, T> run = start;
    for (gradus::step_t t = 0; t < 200; ++t)
      run.step(rule, {t, some_rate}, numbers<T>(1100, 10 + t));
    if (isa == Isa::scalar) first = run;
    CAPTURE(gradus::simd::name(isa));
    CHECK(run == first);
  }
}

/// The kernel of update 7, prepared with measured sums of zero, and the scalars after it.
template <class T, class R>
constexpr auto prepared(const R& rule, const Context& context) {
  std::array<double, gradus::scalar_count<R>> scalars{};
  for (double& s : scalars) s = 0.75;
  const auto kernel =
      gradus::prepare<T>(rule, context, gradus::Scalars<R>(scalars), gradus::ProbeMeasure{});
  return std::pair{kernel, scalars};
}

// A kernel that was prepared at compile time is the one that is prepared at run time.
template <class T, class Make>
void same_at_compile_time(Make make) {
  using R = decltype(make());
  using V = gradus::probe_pack<T>;
  constexpr Context context = with_loss<R>({7, 0x1.9p-7});
  static constexpr auto known = prepared<T>(Make{}(), context);
  volatile double rate = context.rate;
  const auto found = prepared<T>(make(), Context{context.t, rate, context.loss});
  for (std::size_t j = 0; j < known.second.size(); ++j)
    CHECK(to_bits(known.second[j]) == to_bits(found.second[j]));
  Random random;
  for (int i = 0; i < 20; ++i) {
    std::array<V, gradus::slot_count<R>> s{}, z{};
    for (std::size_t j = 0; j < s.size(); ++j)
      s[j] = z[j] = V(random.number<T>() + T{2});  // positive: some are under a root
    V p(random.number<T>()), q = p;
    const V g(random.number<T>());
    const V step = known.first(p, g, s);
    CHECK(to_bits(step.v) == to_bits(found.first(q, g, z).v));
    CHECK(to_bits(p.v) == to_bits(q.v));
    for (std::size_t j = 0; j < s.size(); ++j) CHECK(to_bits(s[j].v) == to_bits(z[j].v));
  }
}

/// The sentence with which `call` refuses, "" if it does not.
template <class F>
std::string words_of(const F& call) {
  try {
    call();
  } catch (const gradus::Error& error) {
    return error.what();
  }
  return "";
}

/// The sentence with which `update` and, unless it is about the rate, `start` refuse a rule; by
/// then nothing has changed.
template <class T, class R>
std::string refusal(const R& rule, double rate = some_rate) {
  constexpr std::size_t N = gradus::slot_count<R>;
  const std::vector<T> start = numbers<T>(40, 1), g = numbers<T>(40, 2);
  std::vector<T> p = start;
  std::array<std::vector<T>, N> slots;
  for (auto& slot : slots) slot = start;
  AllScalars<R> scalars;
  SlotSpans<R, T> spans;
  for (std::size_t j = 0; j < N; ++j) spans[j] = slots[j];

  const std::string words =
      words_of([&] { update<T>(rule, {3, rate}, p, std::span(g), spans, scalars); });
  if (words.empty()) return words;
  if (rate == some_rate)
    CHECK(words_of([&] {
            [&]<std::size_t... J>(std::index_sequence<J...>) {
              gradus::start(rule, p, slots[J]...);
            }(std::make_index_sequence<N>{});
          }) == words);
  bool same = same_bits(p, start);
  for (const auto& slot : slots) same = same && same_bits(slot, start);
  same = same && scalars == AllScalars<R>{};
  CHECK(same);
  return words;
}

/// The same by an optimizer, when it is made.
template <class T, class R>
std::string refusal_at_construction(const R& rule) {
  std::vector<T> p(4);
  return words_of([&] { const gradus::Optimizer opt{gradus::Constant<>{0.1}, rule, p}; });
}

template <class T, class R>
void refuses(const R& rule, const std::string& sentence) {
  CHECK(refusal<T>(rule) == sentence);
  CHECK(refusal_at_construction<T>(rule) == sentence);
}
template <class T, class R>
void accepts(const R& rule) {
  refuses<T>(rule, "");
}

inline std::string text(const double& x) {
  char r[40];
  std::snprintf(r, sizeof r, "%.9g", x);
  return r;
}
inline std::string sentence(const std::string& field, const std::string& rule, const double& got) {
  return "gradus::" + field + " " + rule + " (got " + text(got) + ")";
}

/// `make(x)` is a rule with x in its field, e.g. "Adam.beta1", which must be in [0, 1).
template <class T, class Make>
void checks_beta(const std::string& field, const Make& make) {
  for (const double& x : {-0.1, -0x1p-1074, 1.0, 1.5, nan<double>(), infinity<double>()})
    refuses<T>(make(x), sentence(field, "must be in [0, 1)", x));
  for (const double& x : {0x1.ffffffp-1, 0x1.fffffffffffffp-1})  // in float, these are 1
    if constexpr (std::same_as<T, float>) {
      refuses<T>(make(x), sentence(field, "must be below 1 in the parameters' type, too", x));
    } else {
      accepts<T>(make(x));
    }
  for (const double& x : {0.0, -0.0, 0x1p-1074, 0x1.fffffep-1}) accepts<T>(make(x));
}
/// A field that must be > 0, in T as well.
template <class T, class Make>
void checks_positive(const std::string& field, const Make& make) {
  for (const double& x : {-0.1, 0.0, -0.0, nan<double>(), infinity<double>()})
    refuses<T>(make(x), sentence(field, "must be finite and > 0", x));
  if constexpr (std::same_as<T, float>)
    for (const double& x : {1e-50, 1e300})
      refuses<T>(make(x), sentence(field, "must be representable in the parameters' type", x));
  for (const double& x : {0x1p-149, 1.0, 0x1p100}) accepts<T>(make(x));
}
/// A field that must be > 0 and may be infinite.
template <class T, class Make>
void checks_limit(const std::string& field, const Make& make) {
  for (const double& x : {-0.1, 0.0, -0.0, nan<double>(), -infinity<double>()})
    refuses<T>(make(x), sentence(field, "must be > 0", x));
  for (const double& x : {1e-300, 1.0, 1e300, infinity<double>()}) accepts<T>(make(x));
}
/// A field that must be >= 0, in T as well.
template <class T, class Make>
void checks_not_negative(const std::string& field, const Make& make) {
  for (const double& x : {-0.1, -0x1p-1074, nan<double>(), infinity<double>(), -infinity<double>()})
    refuses<T>(make(x), sentence(field, "must be finite and >= 0", x));
  if constexpr (std::same_as<T, float>)
    refuses<T>(make(1e300),
               sentence(field, "must be representable in the parameters' type", 1e300));
  for (const double& x : {0.0, -0.0, 0x1p-1074, 1.0}) accepts<T>(make(x));
}

/// A field that must be in [0, 1].
template <class T, class Make>
void checks_fraction(const std::string& field, const Make& make) {
  for (const double& x : {-0.1, 1.5, nan<double>(), infinity<double>()})
    refuses<T>(make(x), sentence(field, "must be in [0, 1]", x));
  for (const double& x : {0.0, -0.0, 0.5, 1.0}) accepts<T>(make(x));
}

template <class T, class R>
void checks_rate(const R& rule) {
  constexpr const char* words = "must be finite, >= 0 and representable in the parameters' type";
  for (const double& rate : {-1.0, nan<double>(), infinity<double>(), -infinity<double>()})
    CHECK(refusal<T>(rule, rate) == sentence("update.rate", words, rate));
  if constexpr (std::same_as<T, float>)
    CHECK(refusal<T>(rule, 1e300) == sentence("update.rate", words, 1e300));
}

/// The conformance, in arithmetic of type T, of the rule that `make`, a lambda without captures,
/// returns.
template <class T, class Make>
void conforms(Make make, const Traits& traits = {}) {
  using R = decltype(make());
  static_assert(gradus::Rule<R, T>);
  static_assert(std::copyable<R> && std::equality_comparable<R>);
  static_assert(!gradus::fault_of<T>(Make{}()));
  default_environment();
  const R rule = make();
  CHECK(rule == make());
  accepts<T>(rule);
  checks_rate<T>(rule);
  if (!traits.decays) keeps_still<T>(rule);
  keeps_still_at_rate_zero<T>(rule);
  if (traits.local) isolates<T>(rule);
  if (traits.local) same_in_parts<T>(rule);
  same_everywhere<T>(rule);
  same_on_every_path<T>(rule);
  same_at_compile_time<T>(make);
}

}  // namespace support
