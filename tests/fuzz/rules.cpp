// Updates by every rule with random fields, rates and gradients, over all that `check()` accepts
// and all finite numbers: nothing may become NaN, and nothing infinite that does not overflow.
// A draw is one step of one rule. Built and run by tools/fuzz.
#include <gradus/gradus.hpp>
#include <gradus/save/kind_of.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
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

/// Gives all fields of a rule, and of those that it is made of, random values that it accepts.
template <class T, class R>
void draw_fields(Draw& d, R& rule) {
  if constexpr (requires { std::tuple_size<decltype(rule.parts)>::value; }) {
    std::apply([&d](auto&... part) { (draw_fields<T>(d, part), ...); }, rule.parts);
  } else if constexpr (requires { rule.rule; }) {
    draw_fields<T>(d, rule.rule);
  } else if constexpr (!std::is_empty_v<R>) {
    io::each_field(rule, [&](const io::Field&, auto& value) {
      const auto before = value;
      for (int tries = 0; tries < 8; ++tries) {
        d.draw(value);
        if (!fault_of<T>(rule)) break;
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

/// Whether a rule has a form in double: packs of doubles cannot be rounded to bfloat16.
template <class R>
inline constexpr bool has_double = true;
template <class R>
inline constexpr bool has_double<Compensated<R>> = false;

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

template <class T>
bool is_nan(const T& x) {
  return math::is_nan(x);
}
template <class T>
bool is_infinite(const T& x) {
  return !math::is_finite(x) && !math::is_nan(x);
}

/// One rule with random fields, for some steps; its updates are added to the tally.
template <class P, class R>
void run(fuzz::Random& random, R rule, Tally& tally) {
  using T = arithmetic_t<P>;
  using limits = std::numeric_limits<T>;
  Draw draw{
      random, static_cast<double>(limits::denorm_min()), static_cast<double>(limits::max()), {}};
  draw_fields<T>(draw, rule);
  ++tally.drawn;
  if (fault_of<T>(rule)) {
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
    const T r = static_cast<T>(random.below(2) == 0 ? x : -x);
    using Narrow = std::conditional_t<narrow_slots<R>, bfloat16, P>;
    using V = typename support::ScalarRun<R, T>::V;
    const T kept = support::ScalarRun<R, T>::template rounded<Narrow>(V(r));
    return math::is_finite(kept) ? kept : T{1};
  };
  support::ScalarRun<R, T> now;
  const std::uint64_t kind = random.below(3);  // of the gradients: ordinary or not
  for (T& x : now.p) x = number(random.below(4));
  now.start(rule);
  Context c{random.below(8) == 0 ? random.next() >> 2 : 0, 0, draw.unit()};
  double rate = draw.unit();
  // Infinity is looked for where no field is below 2^-60 or above 2^60, and nothing else within
  // 2^28 of the largest number: others overflow, or vanish, on the way.
  constexpr bool has_shadow = sizeof(T) == 4 && has_double<R>;
  const bool small = std::all_of(draw.drawn.begin(), draw.drawn.end(),
                                 [](double x) { return x == 0 || (x > 0x1p-60 && x < 0x1p60); });
  const auto near = [](const auto& s, std::size_t i) {
    const auto fits = [](double x) { return std::fabs(x) < 0x1p100; };
    bool r = fits(static_cast<double>(s.p[i])) && fits(static_cast<double>(s.g[i]));
    for (const auto& values : s.slots) r = r && fits(static_cast<double>(values[i]));
    for (const double& x : s.scalars) r = r && std::fabs(x) < 0x1p60;
    for (const double& x : s.span_scalars) r = r && std::fabs(x) < 0x1p60;
    return r;
  };
  const std::uint64_t steps = 1 + random.below(24);
  T held = 0;  // a gradient that stays for some steps
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
    const support::ScalarRun<R, T> before = now;
    now.template step<P>(rule, c);
    ++tally.steps;

    // The same step in double from where this one began.
    support::ScalarRun<R, std::conditional_t<has_double<R>, double, float>> exact;
    if constexpr (has_shadow) {
      for (std::size_t i = 0; i < n; ++i) {
        exact.p[i] = static_cast<double>(before.p[i]),
        exact.g[i] = static_cast<double>(before.g[i]);
        for (std::size_t j = 0; j < support::ScalarRun<R, T>::N; ++j)
          exact.slots[j][i] = static_cast<double>(before.slots[j][i]);
      }
      exact.scalars = before.scalars, exact.span_scalars = before.span_scalars;
      exact.template step<double>(rule, c);
    }
    const char* fault = nullptr;
    std::size_t where = 0, slot = 0;
    bool over = false;
    for (const double& x : now.scalars)
      if (!math::is_finite(x)) fault = "a scalar is not finite";
    for (const double& x : now.span_scalars)
      if (!math::is_finite(x)) fault = "a scalar is not finite";
    for (std::size_t i = 0; i < n; ++i) {
      const bool ordinary = has_shadow && small && near(before, i) && near(exact, i);
      if (is_infinite(now.p[i])) {
        over = true;
        if (ordinary) fault = "infinite", where = i, slot = 0;
      }
      if (is_nan(now.p[i])) fault = "NaN", where = i, slot = 0;
      for (std::size_t j = 0; j < support::ScalarRun<R, T>::N; ++j) {
        if (is_infinite(now.slots[j][i]) && ordinary) fault = "infinite", where = i, slot = j + 1;
        if (is_nan(now.slots[j][i]) && !is_infinite(now.p[i]))
          fault = "NaN", where = i, slot = j + 1;
      }
    }
    if (fault != nullptr) {
      if (++tally.wrong <= 2) {
        std::printf("%s: %s", tally.name.c_str(), fault);
        std::printf(" in %s%zu at step %llu of %llu, rate %.9g, loss %.9g\n  %s",
                    slot == 0 ? "p" : "slot ", slot == 0 ? 0 : slot - 1, shown(k), shown(c.t),
                    c.rate, c.loss, io::settings_of(rule).c_str());
        const auto show = [&](const char* what, const auto& s) {
          std::printf("\n  %s: p %.9g g %.9g slots", what, static_cast<double>(s.p[where]),
                      static_cast<double>(s.g[where]));
          for (const auto& values : s.slots)
            std::printf(" %.9g", static_cast<double>(values[where]));
          std::printf(" scalars");
          for (const double& x : s.scalars) std::printf(" %.9g", x);
          for (const double& x : s.span_scalars) std::printf(" %.9g", x);
        };
        show("before", before), show("after ", now), show("double", exact);
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
void add_all(Runs& runs, const char* type) {
  for_all([&]<class R>(const R& rule) {
    if constexpr (sizeof(P) < 8 || has_double<R>)
      runs.push_back({Tally{io::kind_of(rule) + ", " + type},
                      [rule](fuzz::Random& random, Tally& tally) { run<P>(random, rule, tally); }});
  });
}

}  // namespace

int main(int argc, char** argv) {
  const fuzz::Arguments arguments(argc, argv, 200'000);
  Runs runs;
  add_all<float>(runs, "float");
  add_all<double>(runs, "double");
  add_all<bfloat16>(runs, "bfloat16");

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
