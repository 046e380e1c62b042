// Updates by random rules, fields, rates and gradients, over all that `check()` accepts and all
// finite numbers: nothing may become NaN, and nothing infinite that does not overflow.
// A draw is one step of one rule. Built and run by tools/fuzz.
#include <gradus/gradus.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "support/fuzz.hpp"
#include "support/scalar_run.hpp"

namespace {

using namespace gradus;

/// Random fields, and what was drawn, for the report of a failure.
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
  double note(double x) {
    drawn.push_back(x);
    return x;
  }
  double positive(double ordinary) {
    switch (random.below(8)) {
      case 0: return note(least);
      case 1: return note(most);
      case 2: return note(size());
      case 3: return note(1);
      default: return note(ordinary);
    }
  }
  double not_negative(double ordinary) { return one_in(6) ? note(0) : positive(ordinary); }
  double beta(double ordinary) {
    switch (random.below(10)) {
      case 0: return note(0);
      case 1: return note(least);
      case 2: return note(size());  // refused where it is too large
      case 3: return note(unit());
      case 4: return note(1 - 0x1p-24);
      case 5: return note(1 - 0x1p-53);
      case 6: return note(0x1p-1022);
      case 7: return note(unit() * 0x1p-20);
      default: return note(ordinary);
    }
  }
  double fraction(double ordinary) {
    return one_in(4) ? note(0) : one_in(4) ? note(1) : one_in(3) ? note(unit()) : note(ordinary);
  }
  double growth() {
    return one_in(3) ? note(1) : one_in(2) ? note(HUGE_VAL) : note(1 + unit() * 100);
  }
  double limit(double ordinary) { return one_in(4) ? note(HUGE_VAL) : positive(ordinary); }
  bool flag() { return note(static_cast<double>(random.below(2))) != 0; }
  Eps eps() { return static_cast<Eps>(note(static_cast<double>(random.below(3)))); }
  int steps() { return static_cast<int>(note(static_cast<double>(random.below(6)))); }
};

// What is fuzzed -----------------------------------------------------------------------------

/// f(name, make) for all rules, make(draw) being one with random fields.
template <class F>
void for_every_rule(const F& f) {
  f("AdaBelief", [](Draw& d) {
    return AdaBelief{d.beta(0.9), d.beta(0.999), d.positive(1e-16), d.not_negative(1e-16),
                     d.flag()};
  });
  f("AdaBound", [](Draw& d) {
    return AdaBound{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.not_negative(100),
                    d.positive(1e-3)};
  });
  f("Adadelta", [](Draw& d) { return Adadelta{d.beta(0.9), d.positive(1e-6)}; });
  f("Adagrad", [](Draw& d) {
    return Adagrad{d.not_negative(0), d.not_negative(0), d.positive(1e-10), d.eps()};
  });
  const auto adam = [](Draw& d) {
    return Adam{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.eps(), d.flag()};
  };
  f("Adam", adam);
  f("Adamax", [](Draw& d) {
    return Adamax{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.eps(), d.flag()};
  });
  f("AdamW", [](Draw& d) {
    return AdamW{d.beta(0.9),          d.beta(0.999), d.positive(1e-8),
                 d.not_negative(0.01), d.eps(),       d.flag()};
  });
  f("Adan",
    [](Draw& d) { return Adan{d.beta(0.98), d.beta(0.92), d.beta(0.99), d.positive(1e-8)}; });
  f("AdEMAMix", [](Draw& d) {
    return AdEMAMix{d.beta(0.9), d.beta(0.999), d.beta(0.9999), d.not_negative(5),
                    d.positive(1e-8)};
  });
  f("ADOPT", [](Draw& d) {
    return ADOPT{d.beta(0.9), d.beta(0.9999), d.positive(1e-6), d.not_negative(0.25), d.flag()};
  });
  f("AMSBound", [](Draw& d) {
    return AMSBound{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.not_negative(100),
                    d.positive(1e-3)};
  });
  f("AMSGrad", [](Draw& d) {
    return AMSGrad{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.eps(), d.flag(), d.flag()};
  });
  f("ASGD", [](Draw& d) { return ASGD{d.not_negative(1e-4), d.not_negative(0.75), d.steps()}; });
  f("CenteredRMSprop", [](Draw& d) {
    return CenteredRMSprop{d.beta(0.99), d.positive(1e-8), d.not_negative(0), d.eps()};
  });
  f("CenteredRMSpropMomentum", [](Draw& d) {
    return CenteredRMSpropMomentum{d.beta(0.99), d.beta(0.9), d.positive(1e-8), d.not_negative(0),
                                   d.eps()};
  });
  f("COCOB", [](Draw& d) { return COCOB{d.positive(100), d.positive(1e-8)}; });
  f("DAdaptAdam", [](Draw& d) {
    return DAdaptAdam{d.beta(0.9),      d.beta(0.999), d.positive(1e-8), d.not_negative(0),
                      d.positive(1e-6), d.growth(),    d.flag()};
  });
  f("DAdaptSGD", [](Draw& d) { return DAdaptSGD{d.beta(0.9), d.positive(1e-6), d.growth()}; });
  f("DampenedMomentum",
    [](Draw& d) { return DampenedMomentum{d.beta(0.9), d.beta(0.1), d.flag()}; });
  f("DoG", [](Draw& d) { return DoG{d.positive(1e-6), d.positive(1e-8)}; });
  f("DoWG", [](Draw& d) { return DoWG{d.positive(1e-2), d.positive(1e-4)}; });
  f("FTRL", [](Draw& d) {
    return FTRL{d.not_negative(0), d.not_negative(0), d.not_negative(1), d.not_negative(0)};
  });
  f("LAMB", [](Draw& d) {
    return LAMB{d.beta(0.9),          d.beta(0.999), d.positive(1e-6),
                d.not_negative(0.01), d.limit(10),   d.flag()};
  });
  f("LaProp", [](Draw& d) { return LaProp{d.beta(0.9), d.beta(0.999), d.positive(1e-15)}; });
  f("LARS", [](Draw& d) {
    return LARS{d.beta(0.9),          d.positive(1e-3), d.not_negative(0.01),
                d.not_negative(1e-8), d.flag(),         d.flag()};
  });
  f("LDoG", [](Draw& d) { return LDoG{d.positive(1e-6), d.positive(1e-8)}; });
  f("Lion", [](Draw& d) { return Lion{d.beta(0.9), d.beta(0.99)}; });
  f("MADGRAD", [](Draw& d) { return MADGRAD{d.beta(0.9), d.positive(1e-6)}; });
  f("MARS", [](Draw& d) {
    return MARS{d.not_negative(0.025), d.beta(0.95),         d.beta(0.99),
                d.positive(1e-8),      d.not_negative(0.01), d.limit(1)};
  });
  f("Momentum", [](Draw& d) { return Momentum{d.beta(0.9)}; });
  f("NAdam", [](Draw& d) {
    return NAdam{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.not_negative(4e-3), d.eps()};
  });
  f("Nesterov", [](Draw& d) { return Nesterov{d.beta(0.9)}; });
  f("NovoGrad", [](Draw& d) {
    return NovoGrad{d.beta(0.95),         d.beta(0.98), d.positive(1e-8),
                    d.not_negative(0.01), d.flag(),     d.flag()};
  });
  f("PolyakSGD", [](Draw& d) { return PolyakSGD{d.not_negative(0), d.limit(1)}; });
  f("Prodigy", [](Draw& d) {
    Prodigy r{d.beta(0.9),      d.beta(0.999), {},         d.positive(1e-8), d.not_negative(0.01),
              d.positive(1e-6), d.positive(1), d.growth(), d.flag(),         d.flag()};
    if (d.flag()) r.beta3 = d.beta(0.99);
    return r;
  });
  f("QHAdam", [](Draw& d) {
    return QHAdam{d.beta(0.995), d.beta(0.999), d.fraction(0.7), d.fraction(1), d.positive(1e-8)};
  });
  f("QHM", [](Draw& d) { return QHM{d.beta(0.999), d.fraction(0.7)}; });
  f("RAdam", [](Draw& d) { return RAdam{d.beta(0.9), d.beta(0.999), d.positive(1e-8), d.eps()}; });
  f("RMSprop",
    [](Draw& d) { return RMSprop{d.beta(0.99), d.positive(1e-8), d.not_negative(0), d.eps()}; });
  f("RMSpropMomentum", [](Draw& d) {
    return RMSpropMomentum{d.beta(0.99), d.beta(0.9), d.positive(1e-8), d.not_negative(0), d.eps()};
  });
  f("Rprop", [](Draw& d) {
    return Rprop{d.positive(0.01), d.positive(0.5), d.positive(1.2), d.positive(1e-6),
                 d.positive(50)};
  });
  f("ScheduleFreeAdamW", [](Draw& d) {
    return ScheduleFreeAdamW{d.beta(0.9),          d.beta(0.999),     d.positive(1e-8),
                             d.not_negative(0.01), d.not_negative(2), d.not_negative(1)};
  });
  f("ScheduleFreeSGD", [](Draw& d) {
    return ScheduleFreeSGD{d.beta(0.9), d.not_negative(0.01), d.not_negative(2), d.not_negative(1)};
  });
  f("SGD", [](Draw&) { return SGD{}; });
  f("SignSGD", [](Draw&) { return SignSGD{}; });
  f("Signum", [](Draw& d) { return Signum{d.beta(0.9)}; });
  f("SMORMS3", [](Draw& d) { return SMORMS3{d.positive(1e-16), d.flag()}; });
  f("Yogi", [](Draw& d) {
    return Yogi{d.beta(0.9),          d.beta(0.999),     d.positive(1e-3),
                d.not_negative(1e-6), d.not_negative(0), d.flag()};
  });
  // Each stage, in front of or behind a rule.
  const auto before = [&](const char* name, const auto& stage) {
    f(name, [=](Draw& d) { return Chain{stage(d), SGD{}}; });
  };
  const auto after = [&](const char* name, const auto& stage) {
    f(name, [=](Draw& d) { return Chain{SGD{}, stage(d)}; });
  };
  before("AGC", [](Draw& d) { return AGC{d.positive(0.01), d.positive(1e-3)}; });
  before("Centralize", [](Draw&) { return Centralize{}; });
  before("ClipNorm", [](Draw& d) { return ClipNorm{d.positive(1), d.not_negative(1e-6)}; });
  before("ClipSpanNorm", [](Draw& d) { return ClipSpanNorm{d.positive(1)}; });
  before("ClipValue", [](Draw& d) { return ClipValue{d.positive(1)}; });
  before("GradientNoise", [](Draw& d) {
    return GradientNoise{d.not_negative(0.01), d.not_negative(0.55), d.random.next()};
  });
  before("L2", [](Draw& d) { return L2{d.not_negative(0.01)}; });
  after("Cautious",
        [](Draw& d) { return Cautious{d.fraction(1e-3), d.not_negative(0), d.flag()}; });
  after("CautiousWeightDecay", [](Draw& d) { return CautiousWeightDecay{d.not_negative(0.01)}; });
  after("CorrectedWeightDecay",
        [](Draw& d) { return CorrectedWeightDecay{d.not_negative(0.01), d.positive(0.1)}; });
  after("WeightDecay", [](Draw& d) { return WeightDecay{d.not_negative(0.01), d.flag()}; });
  after("Ema", [](Draw& d) {
    return Ema{d.beta(0.9), static_cast<Ema::Begin>(d.random.below(4)), d.positive(2.0 / 3)};
  });
  after("Hypergradient", [](Draw& d) {
    return Hypergradient{d.not_negative(1e-3), d.flag(), d.positive(1), d.not_negative(0)};
  });
  after("Lookahead", [](Draw& d) { return Lookahead{d.steps(), d.fraction(0.5)}; });
  after("Mechanic",
        [](Draw& d) { return Mechanic{d.positive(1e-6), d.not_negative(1e-2), d.positive(1e-8)}; });
  after("NesterovVelocity", [](Draw& d) { return NesterovVelocity{d.beta(0.9)}; });
  after("ProximalWeightDecay", [](Draw& d) { return ProximalWeightDecay{d.not_negative(0.01)}; });
  after("SWA", [](Draw& d) { return SWA{d.steps(), d.steps()}; });
  after("Velocity", [](Draw& d) { return Velocity{d.beta(0.9)}; });
  f("Chain of many", [=](Draw& d) {
    return Chain{
        AGC{d.positive(0.01), d.positive(1e-3)}, Centralize{},    L2{d.not_negative(0.01)}, adam(d),
        WeightDecay{d.not_negative(0.01)},       Ema{d.beta(0.9)}};
  });
  f("stored<bfloat16>(Adam)", [=](Draw& d) { return stored<bfloat16>(adam(d)); });
  f("Master{Adam}", [=](Draw& d) { return Master{adam(d)}; });
  f("Compensated{Adam}", [=](Draw& d) { return Compensated{adam(d)}; });
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
template <class P, class Make>
void run(fuzz::Random& random, const Make& make, Tally& tally) {
  using T = arithmetic_t<P>;
  using R = std::invoke_result_t<Make, Draw&>;
  using limits = std::numeric_limits<T>;
  Draw draw{
      random, static_cast<double>(limits::denorm_min()), static_cast<double>(limits::max()), {}};
  const R rule = make(draw);
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
        std::printf(" in %s%zu at step %llu of %llu, rate %.9g, loss %.9g\n  fields:",
                    slot == 0 ? "p" : "slot ", slot == 0 ? 0 : slot - 1, shown(k), shown(c.t),
                    c.rate, c.loss);
        for (const double& x : draw.drawn) std::printf(" %.17g", x);
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
  for_every_rule([&](const char* name, const auto& make) {
    using R = std::invoke_result_t<decltype(make), Draw&>;
    if constexpr (sizeof(P) < 8 || has_double<R>)
      runs.push_back({Tally{std::string(name) + ", " + type},
                      [make](fuzz::Random& random, Tally& tally) { run<P>(random, make, tally); }});
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
