#include "support/rule_conformance.hpp"

#include <gradus/config/error.hpp>

#include <cstdio>
#include <limits>
#include <vector>

#include "support/guarded.hpp"

namespace support {

template <class T>
void keeps_still(const AnyRule<T>& rule) {
  using limits = std::numeric_limits<T>;
  const std::vector<T> p{T{0},
                         -T{0},
                         T{1},
                         -limits::max(),
                         limits::min(),
                         limits::denorm_min(),
                         -limits::denorm_min()};
  AnyRun<T> run(rule, p);
  for (gradus::step_t t = 0; t < 5; ++t)
    run.step(rule, {t, some_rate}, std::vector<T>(p.size(), T{0}));
  CHECK(same_bits(run.p, p));
}
template void keeps_still(const AnyRule<float>&);
template void keeps_still(const AnyRule<double>&);

namespace {

// A rate of zero moves nothing, whatever gradients and state are.
template <class T>
void keeps_still_at_rate_zero(const AnyRule<T>& rule) {
  const std::vector<T> p = numbers<T>(70, 1);
  AnyRun<T> run(rule, p);
  for (gradus::step_t t = 0; t < 5; ++t) run.step(rule, {t, 0}, numbers<T>(70, 10 + t));
  bool same = true;
  for (std::size_t i = 0; i < p.size(); ++i) same = same && run.p[i] - p[i] == 0;
  CHECK(same);
}

// A gradient that is not finite touches that element alone.
template <class T>
void isolates(const AnyRule<T>& rule) {
  constexpr std::size_t n = 70;
  for (const T& bad : {nan<T>(), infinity<T>(), -infinity<T>()})
    for (const std::size_t at : {0U, 15U, 37U, 69U}) {
      CAPTURE(bad, at);
      AnyRun<T> run(rule, numbers<T>(n, 1)), clean = run;
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
template <class T>
void same_everywhere(const AnyRule<T>& rule) {
  constexpr std::size_t offsets[][3] = {{0, 0, 0}, {1, 0, 2}, {0, 3, 1}, {15, 15, 15}, {9, 6, 13}};
  const std::size_t slot_count = rule.slots();
  std::vector<std::size_t> counts{100, 1000, 1023};
  for (std::size_t n = 0; n <= 33; ++n) counts.push_back(n);
  for (const std::size_t n : counts) {
    const std::vector<T> p = numbers<T>(n, n);
    std::vector<std::vector<T>> gradients;
    for (gradus::step_t t = 0; t < 3; ++t) gradients.push_back(numbers<T>(n, 10 + t));
    AnyRun<T> expected(rule, p);
    const AnyRun<T> start = expected;
    {
      const OnPath on(Isa::scalar);
      for (gradus::step_t t = 0; t < 3; ++t) expected.step(rule, {t, some_rate}, gradients[t]);
    }
    for (const Isa isa : paths())
      for (const auto& [of_p, of_g, of_slots] : offsets) {
        const OnPath on(isa);
        Fenced<T> params(n, of_p), grads(n, of_g);
        std::vector<Fenced<T>> slots;
        std::vector<std::span<T>> spans;
        slots.reserve(slot_count);
        for (std::size_t j = 0; j < slot_count; ++j) {
          slots.emplace_back(n, (of_slots + 5 * j) % 16);
          spans.push_back(slots[j].fill(start.slots[j]));
        }
        params.fill(p);
        AnyRun<T> got = start;
        bool intact = true;
        for (gradus::step_t t = 0; t < 3; ++t) {
          const std::vector<T>& g = gradients[t];
          rule.update({t, some_rate}, params.span(), grads.fill(g), spans, got.scalars);
          intact = intact && same_bits<T>(grads.span(), std::span(g));
        }
        for (std::size_t j = 0; j < slot_count; ++j) {
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
template <class T>
void same_in_parts(const AnyRule<T>& rule) {
  constexpr std::size_t n = 1000;
  Random random;
  AnyRun<T> whole(rule, numbers<T>(n, 1)), parts = whole;
  for (gradus::step_t t = 0; t < 20; ++t) {
    const std::vector<T> g = numbers<T>(n, 10 + t);
    const AllScalars scalars = parts.scalars;
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
template <class T>
void same_on_every_path(const AnyRule<T>& rule) {
  std::vector<std::vector<T>> gradients;
  for (gradus::step_t t = 0; t < 200; ++t) gradients.push_back(numbers<T>(1100, 10 + t));
  AnyRun<T> first(rule, numbers<T>(1100, 1));
  const AnyRun<T> start = first;
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    AnyRun<T> run = start;
    for (gradus::step_t t = 0; t < 200; ++t) run.step(rule, {t, some_rate}, gradients[t]);
    if (isa == Isa::scalar) first = run;
    CAPTURE(gradus::simd::name(isa));
    CHECK(run == first);
  }
}

// Parameters, slots and scalars of a call that is to be refused.
template <class T>
struct Untouched {
  std::vector<T> start = numbers<T>(40, 1), p = start;
  std::vector<std::vector<T>> slots;
  std::vector<std::span<T>> spans;
  AllScalars scalars, zero;

  explicit Untouched(const AnyRule<T>& rule) : slots(rule.slots(), start), scalars(rule.scalars()) {
    for (std::vector<T>& slot : slots) spans.push_back(slot);
    zero.whole.resize(scalars.whole.size());
    zero.span.resize(scalars.span.size());
    scalars = zero;
  }
  std::string refusal(const AnyRule<T>& rule, double rate) {
    return words_of([&] { rule.update({3, rate}, p, numbers<T>(40, 2), spans, scalars); });
  }
  bool whole() const {
    bool same = same_bits(p, start) && scalars == zero;
    for (const std::vector<T>& slot : slots) same = same && same_bits(slot, start);
    return same;
  }
};

template <class T>
void checks_rate(const AnyRule<T>& rule) {
  constexpr const char* words = "must be finite, >= 0 and representable in the parameters' type";
  std::vector<double> rates{-1, nan<double>(), infinity<double>(), -infinity<double>()};
  if (std::same_as<T, float>) rates.push_back(1e300);
  for (const double& rate : rates) {
    Untouched<T> call(rule);
    CHECK(call.refusal(rule, rate) == sentence("update.rate", words, rate));
    CHECK(call.whole());
  }
}

std::string text(const double& x) {
  char r[40];
  std::snprintf(r, sizeof r, "%.9g", x);
  return r;
}

}  // namespace

std::string words_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const gradus::Error& error) {
    return error.what();
  }
  return "";
}

template <class T>
std::string refusal(const AnyRule<T>& rule) {
  Untouched<T> call(rule);
  const std::string words = call.refusal(rule, some_rate);
  CHECK(words_of([&] { rule.make_optimizer(); }) == words);
  if (words.empty()) return words;
  CHECK(words_of([&] { rule.start(call.p, call.spans); }) == words);
  CHECK(call.whole());
  return words;
}
template std::string refusal(const AnyRule<float>&);
template std::string refusal(const AnyRule<double>&);

std::string sentence(const std::string& field, const std::string& rule, const double& got) {
  return "gradus::" + field + " " + rule + " (got " + text(got) + ")";
}

void checks_beta(bool is_float, const std::string& field, const RefusalOf& refusal_of) {
  for (const double& x : {-0.1, -0x1p-1074, 1.0, 1.5, nan<double>(), infinity<double>()})
    CHECK(refusal_of(x) == sentence(field, "must be in [0, 1)", x));
  for (const double& x : {0x1.ffffffp-1, 0x1.fffffffffffffp-1})  // in float, these are 1
    CHECK(refusal_of(x) ==
          (is_float ? sentence(field, "must be below 1 in the parameters' type, too", x) : ""));
  for (const double& x : {0.0, -0.0, 0x1p-1074, 0x1.fffffep-1}) CHECK(refusal_of(x) == "");
}
void checks_positive(bool is_float, const std::string& field, const RefusalOf& refusal_of) {
  for (const double& x : {-0.1, 0.0, -0.0, nan<double>(), infinity<double>()})
    CHECK(refusal_of(x) == sentence(field, "must be finite and > 0", x));
  if (is_float)
    for (const double& x : {1e-50, 1e300})
      CHECK(refusal_of(x) == sentence(field, "must be representable in the parameters' type", x));
  for (const double& x : {0x1p-149, 1.0, 0x1p100}) CHECK(refusal_of(x) == "");
}
void checks_limit(const std::string& field, const RefusalOf& refusal_of) {
  for (const double& x : {-0.1, 0.0, -0.0, nan<double>(), -infinity<double>()})
    CHECK(refusal_of(x) == sentence(field, "must be > 0", x));
  for (const double& x : {1e-300, 1.0, 1e300, infinity<double>()}) CHECK(refusal_of(x) == "");
}
void checks_not_negative(bool is_float, const std::string& field, const RefusalOf& refusal_of) {
  for (const double& x : {-0.1, -0x1p-1074, nan<double>(), infinity<double>(), -infinity<double>()})
    CHECK(refusal_of(x) == sentence(field, "must be finite and >= 0", x));
  if (is_float)
    CHECK(refusal_of(1e300) ==
          sentence(field, "must be representable in the parameters' type", 1e300));
  for (const double& x : {0.0, -0.0, 0x1p-1074, 1.0}) CHECK(refusal_of(x) == "");
}
void checks_fraction(const std::string& field, const RefusalOf& refusal_of) {
  for (const double& x : {-0.1, 1.5, nan<double>(), infinity<double>()})
    CHECK(refusal_of(x) == sentence(field, "must be in [0, 1]", x));
  for (const double& x : {0.0, -0.0, 0.5, 1.0}) CHECK(refusal_of(x) == "");
}

template <class T>
void conforms(const AnyRule<T>& rule, const Traits& traits) {
  default_environment();
  CHECK(refusal(rule) == "");
  checks_rate(rule);
  if (!traits.decays) keeps_still(rule);
  keeps_still_at_rate_zero(rule);
  if (traits.local) isolates(rule);
  if (traits.local) same_in_parts(rule);
  same_everywhere(rule);
  same_on_every_path(rule);
}
template void conforms(const AnyRule<float>&, const Traits&);
template void conforms(const AnyRule<double>&, const Traits&);

}  // namespace support
