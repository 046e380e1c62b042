// Updates by every rule with random fields, rates and gradients, over all that `check()` accepts
// and all finite numbers: nothing may become NaN, and nothing infinite that does not overflow.
// A draw is one step of one rule. Built and run by tools/fuzz.
#include <gradus/gradus.hpp>
#include <gradus/save/kind_of.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/every_rule.hpp"
#include "support/fuzz.hpp"
#include "support/scalar_run.hpp"

namespace {

using namespace gradus;

/// Random values of fields, and those of them that are numbers, to tell small ones and large ones.
struct Draw {
  fuzz::Random& random;
  double least, most;  // the smallest and the largest number of the parameters' type
  std::vector<double> drawn;

  bool one_in(std::uint64_t k) { return random.one_in(k); }
  double unit() { return random.fraction(); }
  /// Of any size that there is.
  double size() {
    const double low = std::log2(least), high = std::log2(most);
    return std::min(std::exp2(low + unit() * (high - low)), most);
  }
  /// What a field has by default in two of five draws; else, as often as not, the edge of a domain.
  double number(double ordinary) {
    switch (random.below(20)) {
      case 0: return 0;
      case 1: return std::exp2(-static_cast<double>(random.below(5)));
      case 2: return least;
      case 3: return most;
      case 4: return size();
      case 5: return unit();
      case 6: return 1 - 0x1p-24;
      case 7: return 1 - 0x1p-53;
      case 8: return 0x1p-1022;
      case 9: return unit() * 0x1p-20;
      case 10: return HUGE_VAL;
      case 11: return 1 + unit() * 100;
      default: return ordinary;
    }
  }

  void draw(double& x) { x = number(x); }
  void draw(bool& x) { x = one_in(2); }
  void draw(Length& x) { x = random.below(6); }
  void draw(std::uint64_t& x) { x = random.next(); }
  void draw(std::optional<double>& x) {
    x.reset();
    if (one_in(2)) x = number(0.99);
  }
  template <class E>
    requires std::is_enum_v<E>
  void draw(E& x) {
    static_assert(!io::choices<E>.empty(), "the names of its values are missing: io::choices");
    x = static_cast<E>(random.below(io::choices<E>.size()));
  }

  void note(const double& x) { drawn.push_back(x); }
  void note(const std::optional<double>& x) {
    if (x) drawn.push_back(*x);
  }
  template <class X>
  void note(const X&) {}
};

/// Whether a rule has a form in double: packs of doubles cannot be rounded to bfloat16.
template <class R>
inline constexpr bool has_double = true;
template <class R>
inline constexpr bool has_double<Compensated<R>> = false;

/// Whether a rule refuses its fields, in arithmetic in double or in float.
template <class R>
bool is_refused(const R& rule, bool in_double) {
  if constexpr (has_double<R>)
    if (in_double) return static_cast<bool>(fault_of<double>(rule));
  return static_cast<bool>(fault_of<float>(rule));
}

/// Gives all fields of a rule, and of those that it is made of, random values that it accepts.
template <class R>
void draw_fields(Draw& d, R& rule, bool in_double) {
  if constexpr (requires { std::tuple_size<decltype(rule.parts)>::value; }) {
    std::apply([&](auto&... part) { (draw_fields(d, part, in_double), ...); }, rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    draw_fields(d, rule.rule, in_double);
  } else if constexpr (!std::is_empty_v<R>) {
    io::each_field(rule, [&](const io::Field&, auto& value) {
      const auto before = value;
      for (int tries = 0; tries < 8; ++tries) {
        d.draw(value);
        if (!is_refused(rule, in_double)) break;
        value = before;
      }
      d.note(value);
    });
  }
}

// What is fuzzed -----------------------------------------------------------------------------

/// f(rule) for all rules, all stages, some chains, and the ways to store state.
template <class F>
void for_all(const F& f) {
  support::for_every_rule([&f](const auto& rule, auto... /*digest*/) { f(rule); });
  support::for_every_stage(f);
  f(Chain{AGC{}, Centralize{}, L2{}, Adam{}, WeightDecay{}, Ema{}});
  f(stored<bfloat16>(Adam{}));
  f(Master{Adam{}});
  f(Compensated{Adam{}});
}

// How it is run ------------------------------------------------------------------------------

constexpr std::size_t n = 4;  // parameters of a run

/// Whether slots are stored in bfloat16, which has no number for the largest floats.
template <class R>
inline constexpr bool narrow_slots = false;
template <class R>
inline constexpr bool narrow_slots<Stored<R, bfloat16, bfloat16>> = true;

struct Tally {
  std::string name;
  std::uint64_t drawn = 0, refused = 0, steps = 0, overflown = 0, wrong = 0;
};

// For printf.
unsigned long long shown(std::uint64_t x) { return x; }

/// In place of a run in double.
struct NoRun {
  template <class R>
  NoRun(const R&, std::size_t) {}
};

template <class T>
bool is_nan(const T& x) {
  return math::is_nan(x);
}
template <class T>
bool is_infinite(const T& x) {
  return !math::is_finite(x) && !math::is_nan(x);
}

/// A rule behind virtual functions, with a run in float and, where it has that form, one in double:
/// only what depends on the rule is compiled for each.
class AnyRule {
 public:
  std::string name;
  bool narrow;  // narrow_slots

  AnyRule(std::string kind, bool narrow_slots) : name(std::move(kind)), narrow(narrow_slots) {}
  AnyRule(const AnyRule&) = delete;
  AnyRule& operator=(const AnyRule&) = delete;
  virtual ~AnyRule() = default;

  /// Gives the fields random values, beginning with those of the list.
  virtual void draw(Draw& d, bool in_double) = 0;
  virtual bool refused(bool in_double) const = 0;
  virtual std::string settings() const = 0;
  virtual support::ScalarRun<float>& floats() = 0;
  virtual support::ScalarRun<double>* doubles() = 0;

  /// A run in double beside one in float.
  support::ScalarRun<double>* beside(bool in_double) { return in_double ? nullptr : doubles(); }
};
template <class R>
class ErasedRule final : public AnyRule {
 public:
  explicit ErasedRule(const R& rule)
      : AnyRule(io::kind_of(rule), narrow_slots<R>), given_(rule), rule_(rule) {}

  void draw(Draw& d, bool in_double) override {
    rule_ = given_;
    draw_fields(d, rule_, in_double);
  }
  bool refused(bool in_double) const override { return is_refused(rule_, in_double); }
  std::string settings() const override { return io::settings_of(rule_); }
  support::ScalarRun<float>& floats() override { return floats_; }
  support::ScalarRun<double>* doubles() override {
    if constexpr (has_double<R>)
      return &doubles_;
    else
      return nullptr;
  }

 private:
  R given_, rule_;
  support::ScalarRunOf<R, float> floats_{rule_, n};
  [[no_unique_address]] std::conditional_t<has_double<R>, support::ScalarRunOf<R, double>, NoRun>
      doubles_{rule_, n};
};

template <class T>
support::ScalarRun<T>& run_of(AnyRule& rule) {
  if constexpr (sizeof(T) == 4)
    return rule.floats();
  else
    return *rule.doubles();
}

/// A copy of a run's numbers, before a step.
template <class T>
struct Numbers {
  std::vector<T> p, g, slots;
  std::vector<double> scalars, span_scalars;

  void take(const support::ScalarRun<T>& run) {
    p = run.p, g = run.g, slots = run.slots;
    scalars = run.scalars, span_scalars = run.span_scalars;
  }
};
/// The same numbers in double.
template <class T>
void give(support::ScalarRun<double>& run, const Numbers<T>& from) {
  run.p.assign(from.p.begin(), from.p.end());
  run.g.assign(from.g.begin(), from.g.end());
  run.slots.assign(from.slots.begin(), from.slots.end());
  run.scalars = from.scalars, run.span_scalars = from.span_scalars;
}
/// Whether element i and the scalars are far from the largest number.
template <class State>
bool near(const State& s, std::size_t i) {
  const auto fits = [](double x) { return std::fabs(x) < 0x1p100; };
  bool r = fits(static_cast<double>(s.p[i])) && fits(static_cast<double>(s.g[i]));
  for (std::size_t j = i; j < s.slots.size(); j += n)
    r = r && fits(static_cast<double>(s.slots[j]));
  for (const double& x : s.scalars) r = r && std::fabs(x) < 0x1p60;
  for (const double& x : s.span_scalars) r = r && std::fabs(x) < 0x1p60;
  return r;
}
template <class State>
void show(const char* what, const State& s, std::size_t where) {
  std::printf("\n  %s: p %.9g g %.9g slots", what, static_cast<double>(s.p[where]),
              static_cast<double>(s.g[where]));
  for (std::size_t j = where; j < s.slots.size(); j += n)
    std::printf(" %.9g", static_cast<double>(s.slots[j]));
  std::printf(" scalars");
  for (const double& x : s.scalars) std::printf(" %.9g", x);
  for (const double& x : s.span_scalars) std::printf(" %.9g", x);
}

/// One rule with random fields, for some steps; its updates are added to the tally.
template <class P>
void run(fuzz::Random& random, AnyRule& rule, Tally& tally) {
  using T = arithmetic_t<P>;
  using limits = std::numeric_limits<T>;
  constexpr bool in_double = sizeof(T) == 8;
  Draw draw{
      random, static_cast<double>(limits::denorm_min()), static_cast<double>(limits::max()), {}};
  rule.draw(draw, in_double);
  ++tally.drawn;
  if (rule.refused(in_double)) {
    ++tally.refused;
    return;
  }
  const auto number = [&](std::uint64_t ordinary) {
    double x = 0;
    switch (random.below(8)) {
      case 0: break;
      case 1: x = draw.most; break;
      case 2: x = draw.least; break;
      case 3: x = draw.size(); break;
      default: x = ordinary == 0 ? draw.unit() : draw.size();
    }
    const support::ScalarPack<T> r(static_cast<T>(random.below(2) == 0 ? x : -x));
    const T kept = rule.narrow ? support::rounded_as<bfloat16>(r) : support::rounded_as<P>(r);
    return math::is_finite(kept) ? kept : T{1};
  };
  support::ScalarRun<T>& now = run_of<T>(rule);
  const std::uint64_t kind = random.below(3);  // of the gradients: ordinary or not
  for (T& x : now.p) x = number(random.below(4));
  now.start();
  Context c{random.below(8) == 0 ? random.next() >> 2 : 0, 0, draw.unit()};
  double rate = draw.unit();
  // The same step in double from where each step begins. Infinity is looked for where no field is
  // below 2^-60 or above 2^60, and nothing else within 2^28 of the largest number: others overflow,
  // or vanish, on the way.
  support::ScalarRun<double>* const exact = rule.beside(in_double);
  const bool small = std::all_of(draw.drawn.begin(), draw.drawn.end(),
                                 [](double x) { return x == 0 || (x > 0x1p-60 && x < 0x1p60); });
  const std::uint64_t steps = 1 + random.below(24);
  T held = 0;  // a gradient that stays for some steps
  Numbers<T> before;
  for (std::uint64_t k = 0; k < steps; ++k, ++c.t) {
    switch (random.below(12)) {
      case 0: rate = 0; break;
      case 1: rate = static_cast<double>(limits::denorm_min()); break;
      case 2: rate = 0x1p-1074; break;
      case 3:
      case 4: rate = std::min(1000.0, draw.size()); break;
      case 5: rate = draw.unit(); break;
      case 6: rate = 10 * draw.unit(); break;
      default: break;
    }
    c.rate = rate;
    if (random.below(6) == 0) c.loss = draw.size() * (random.below(2) == 0 ? 1 : -1);
    if (random.below(3) == 0) held = number(kind);
    for (T& x : now.g) x = random.below(2) == 0 ? held : number(kind);
    before.take(now);
    now.step(c);
    now.template round_params<P>();
    ++tally.steps;
    if (exact != nullptr) {
      give(*exact, before);
      exact->step(c);
    }
    const char* fault = nullptr;
    std::size_t where = 0, slot = 0;
    bool over = false;
    for (const double& x : now.scalars)
      if (!math::is_finite(x)) fault = "a scalar is not finite";
    for (const double& x : now.span_scalars)
      if (!math::is_finite(x)) fault = "a scalar is not finite";
    for (std::size_t i = 0; i < n; ++i) {
      const bool ordinary = exact != nullptr && small && near(before, i) && near(*exact, i);
      if (is_infinite(now.p[i])) {
        over = true;
        if (ordinary) fault = "infinite", where = i, slot = 0;
      }
      if (is_nan(now.p[i])) fault = "NaN", where = i, slot = 0;
      for (std::size_t j = 0; j < now.slots.size() / n; ++j) {
        const T& x = now.slots[j * n + i];
        if (is_infinite(x) && ordinary) fault = "infinite", where = i, slot = j + 1;
        if (is_nan(x) && !is_infinite(now.p[i])) fault = "NaN", where = i, slot = j + 1;
      }
    }
    if (fault != nullptr) {
      if (++tally.wrong <= 2) {
        std::printf("%s: %s", tally.name.c_str(), fault);
        std::printf(" in %s%zu at step %llu of %llu, rate %.9g, loss %.9g\n  %s",
                    slot == 0 ? "p" : "slot ", slot == 0 ? 0 : slot - 1, shown(k), shown(c.t),
                    c.rate, c.loss, rule.settings().c_str());
        show("before", before, where), show("after ", now, where);
        if (exact != nullptr) show("double", *exact, where);
        std::printf("\n");
      }
      return;
    }
    if (over) {
      ++tally.overflown;
      return;
    }
  }
}

using Runs = std::vector<std::pair<Tally, std::function<void(fuzz::Random&, Tally&)>>>;

template <class P>
void add_all(Runs& runs, const std::vector<std::unique_ptr<AnyRule>>& rules, const char* type) {
  for (const auto& rule : rules)
    if (sizeof(P) < 8 || rule->doubles() != nullptr)
      runs.push_back({Tally{rule->name + ", " + type}, [&rule](fuzz::Random& random, Tally& tally) {
                        run<P>(random, *rule, tally);
                      }});
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Arguments arguments(argc, argv, 200'000);
  std::vector<std::unique_ptr<AnyRule>> rules;
  for_all([&rules]<class R>(const R& rule) {
    rules.push_back(std::unique_ptr<AnyRule>(new ErasedRule<R>(rule)));
  });
  Runs runs;
  add_all<float>(runs, rules, "float");
  add_all<double>(runs, rules, "double");
  add_all<bfloat16>(runs, rules, "bfloat16");

  fuzz::Random random(arguments.seed);
  std::uint64_t steps = 0;
  {
    fuzz::Progress progress("rules", arguments.draws);
    while (steps < arguments.draws)
      for (auto& [tally, one] : runs) {
        std::uint64_t taken = tally.steps;
        one(random, tally);
        for (taken = tally.steps - taken; taken != 0; --taken, ++steps) progress.advance();
      }
  }
  Tally all;
  for (const auto& [tally, one] : runs) {
    all.drawn += tally.drawn, all.refused += tally.refused;
    all.overflown += tally.overflown, all.wrong += tally.wrong;
    if (tally.wrong != 0)
      std::printf("%s: %llu wrong of %llu\n", tally.name.c_str(), shown(tally.wrong),
                  shown(tally.drawn - tally.refused));
  }
  std::printf(
      "%zu rules and types: %llu runs with random fields (%llu more refused by check), %llu steps "
      "of %zu parameters; %llu runs ended where the result overflows; %llu wrong\n",
      runs.size(), shown(all.drawn - all.refused), shown(all.refused), shown(steps), n,
      shown(all.overflown), shown(all.wrong));
  return all.wrong == 0 ? 0 : 1;
}
