// Every schedule and every combinator over the whole domain that `check()` accepts: rates from the
// smallest double to the largest, lengths to 2^63 - 1, steps to 2^64 - 1, often at their edges. A
// value must be finite, between the schedule's ends, exact where it is an end, and within 2 ulp of
// the schedule's largest value of what long double gives; a cosine near its end within 2 ulp of the
// value itself. What a combinator evaluates must have the bits of what it should have evaluated.
// Run for longer: tools/fuzz schedules.
#include <gradus/gradus.hpp>
#include <gradus/text/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/every_schedule.hpp"
#include "support/fuzz.hpp"

using namespace gradus;

namespace {

using real_t = long double;
constexpr real_t pi = std::numbers::pi_v<real_t>;
constexpr double huge = std::numeric_limits<double>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();

constexpr real_t wide(double x) { return static_cast<real_t>(x); }
constexpr real_t wide(step_t t) { return static_cast<real_t>(t); }
constexpr real_t wide(const Length& n) { return static_cast<real_t>(n.value); }

/// Numbers of a domain, often its edges.
class Draw : public fuzz::Random {
 public:
  using Random::Random;

  /// > 0 and finite.
  double positive() {
    switch (below(8)) {
      case 0: return one_in(2) ? huge : std::nextafter(huge, 0.0);
      case 1: return std::ldexp(1.0, static_cast<int>(below(2098)) - 1074);
      case 2: return one_in(2) ? tiny : std::numeric_limits<double>::min();
      case 3: {
        const auto number = next() % (math::infinity_bits<double> - 1) + 1;
        return math::from_bits<double>(number);
      }
      default: return std::ldexp(1 + fraction(), static_cast<int>(below(30)) - 23);
    }
  }
  double rate() { return one_in(12) ? 0 : positive(); }
  /// In (0, 1].
  double factor() {
    switch (below(6)) {
      case 0: return 1;
      case 1: return 1 - std::ldexp(1.0, -static_cast<int>(below(53)) - 1);
      case 2: return std::min(1.0, positive());
      default: return 1 - fraction();
    }
  }
  /// > 0, mostly not far from 1.
  double power() {
    return one_in(4) ? positive() : std::ldexp(1 + fraction(), static_cast<int>(below(60)) - 20);
  }
  step_t length() {
    switch (below(6)) {
      case 0: return 1 + below(3);
      case 1: return static_cast<step_t>(last_step) - below(3);
      case 2: {
        const step_t n = (step_t{1} << below(63)) + below(3) - 1;
        return std::clamp<step_t>(n, 1, last_step);
      }
      default: return std::max(next() >> (1 + below(63)), step_t{1});
    }
  }
  /// Any step, mostly within a length or at its multiples.
  step_t step(step_t n) {
    switch (below(8)) {
      case 0: return next() >> below(64);
      case 1: return ~step_t{0} - below(3);
      case 2: return n * (1 + below(5)) + below(5) - 2;
      case 3: return n - 1 - std::min(n - 1, next() >> below(64));
      case 4: return std::min(n, next() >> below(64));
      default: return below(n);
    }
  }
  Past past() { return static_cast<Past>(below(3)); }
  Curve curve() { return static_cast<Curve>(below(5)); }
  Boundary boundary() { return static_cast<Boundary>(below(3)); }
};

constexpr double bits = -1;

/// What a schedule says at a step, and what is known of it.
struct Case {
  double got;
  real_t exact;
  double low, high;
  double unit;            ///< the value whose ulp counts; `bits`: `got` must be `exact`
  bool of_value = false;  ///< within 2 ulp of the value itself, too
  std::string text{};
};

double ulps(double got, real_t exact, double unit) {
  const int exponent = unit == 0 ? -1022 : std::max(std::ilogb(unit), -1022);
  return static_cast<double>(std::scalbn(std::fabs(wide(got) - exact), 52 - exponent));
}

template <class S>
std::string text_of(const S& s, step_t t) {
  std::string text;
  if constexpr (requires { io::AnySchedule(s); }) text = io::to_string(io::AnySchedule(s));
  return text + " at " + std::to_string(t);
}
template <class S>
Case made(const S& s, step_t t, real_t exact, double low, double high, double unit,
          bool of_value = false) {
  Case c{static_cast<double>(s(t)), exact, low, high, unit, of_value};
  // The text takes longer than all else: only where it will be printed.
  const bool bad = !math::is_finite(c.got) || c.got < low || c.got > high ||
                   (unit == bits ? wide(c.got) != exact : ulps(c.got, exact, unit) > 2) ||
                   (of_value && ulps(c.got, exact, c.got) > 2);
  if (bad) c.text = text_of(s, t);
  return c;
}

// The curves, by their formulas.

/// (1 + cos(pi t / n)) / 2 and what it lacks of 1.
std::pair<real_t, real_t> cosine(step_t t, step_t n) {
  const real_t early = std::sin(pi / 2 * (wide(t) / wide(n)));
  const real_t late = std::sin(pi / 2 * (wide(n - t) / wide(n)));
  return {late * late, early * early};
}
/// from + (to - from) * w, by the nearer end; rest = 1 - w.
real_t between(double from, double to, real_t w, real_t rest) {
  return w < 0.5L ? wide(from) + (wide(to) - wide(from)) * w
                  : wide(to) - (wide(to) - wide(from)) * rest;
}
real_t power_of(step_t t, step_t n, double y) {  // (t / n)^y
  return std::exp(wide(y) *
                  (t < n / 2 ? std::log(wide(t) / wide(n)) : std::log1p(-(wide(n - t) / wide(n)))));
}
real_t on(Curve curve, double start, double end, step_t t, step_t n, double y) {
  if (t >= n) return wide(end);
  if (t == 0) return wide(start);
  const real_t x = wide(t) / wide(n), left = wide(n - t) / wide(n);
  switch (curve) {
    case Curve::linear: return between(start, end, x, left);
    case Curve::cosine: {
      const auto [w, rest] = cosine(t, n);
      return between(end, start, w, rest);
    }
    case Curve::root: return between(start, end, std::sqrt(x), 1 - std::sqrt(x));
    case Curve::power: {
      const real_t w = power_of(n - t, n, y);
      return between(end, start, w, 1 - w);
    }
    case Curve::geometric: break;
  }
  return std::exp(std::log(wide(start)) * left + std::log(wide(end)) * x);
}
/// Near its end, a falling cosine is its squared sine; a rising one near its start.
bool is_tail(Curve curve, double start, double end, step_t t, step_t n) {
  return curve == Curve::cosine && (start > end ? t > n / 2 : t < n / 2);
}

template <class S>
bool valid(const S& s) {
  return !s.check();
}

// The schedules.

Case cosine(Draw& r) {
  Cosine<> s{r.rate(), r.rate(), r.length(), r.past()};
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  if (at == 0 || at == n) return made(s, t, wide(at == 0 ? s.start : s.end), low, high, bits);
  return made(s, t, on(Curve::cosine, s.start, s.end, at, n, 1), low, high, high,
              is_tail(Curve::cosine, s.start, s.end, at, n));
}
Case cosine_exponent(Draw& r) {
  const Cosine<> s{r.rate(), r.rate(), r.length(), r.past(), r.power()};
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  if (at == 0 || at == n) return made(s, t, wide(at == 0 ? s.start : s.end), low, high, bits);
  const auto [w, rest] = cosine(at, n);
  const real_t l = wide(s.exponent) * (w < 0.5L ? std::log(w) : std::log1p(-rest));
  return made(s, t, between(s.end, s.start, std::exp(l), -std::expm1(l)), low, high, high,
              s.exponent <= 4 && s.start > s.end && at > n / 2);
}
Case cosine_k(Draw& r) {
  Cosine<> s{r.rate(), r.rate(), r.length(), r.past(), 1, r.power()};
  while (!valid(s)) s.k = r.power();
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  if (at == 0 || at == n) return made(s, t, wide(at == 0 ? s.start : s.end), low, high, bits);
  const real_t l = wide(s.k) * (at < n / 2 ? std::log(wide(at) / wide(n))
                                           : std::log1p(-(wide(n - at) / wide(n))));
  const real_t early = std::sin(pi / 2 * std::exp(l)), late = std::sin(pi / 2 * -std::expm1(l));
  return made(s, t, between(s.end, s.start, late * late, early * early), low, high, high,
              s.start > s.end && l > -0.6875L && n >> 53 == 0);
}
Case linear(Draw& r) {
  const Linear<> s{r.rate(), r.rate(), r.length(), r.past()};
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  return made(s, t, on(Curve::linear, s.start, s.end, at, n, 1), low, high,
              at == 0 || at == n ? bits : high);
}
Case ramp(Draw& r) {
  Ramp<> s{r.rate(), r.rate(), r.length(), r.curve(), r.power(), r.past()};
  while (!valid(s)) s.start = r.positive(), s.end = r.positive();
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  return made(s, t, on(s.curve, s.start, s.end, at, n, s.power), low, high,
              at == 0 || at == n ? bits : high, is_tail(s.curve, s.start, s.end, at, n));
}
Case geometric(Draw& r) {
  const Geometric<> s{r.positive(), r.positive(), r.length(), r.past()};
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  return made(s, t, on(Curve::geometric, s.start, s.end, at, n, 1), low, high,
              at == 0 || at == n ? bits : high);
}
Case polynomial(Draw& r) {
  Polynomial<> s{r.rate(), r.rate(), r.length(), r.power(), r.past()};
  if (r.one_in(4)) s.cycle = true, s.past = Past::hold;
  const step_t n = s.steps.steps(), t = r.step(n);
  step_t at = detail::place(t, n, s.past), whole = n;
  if (s.cycle && t > n) {
    const step_t left = n - 1 - (t - 1) % n;
    at = t, whole = t > ~step_t{0} - left ? t : t + left;  // beyond 2^64 it has ended
  }
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  return made(s, t, on(Curve::power, s.start, s.end, at, whole, s.power), low, high,
              at == 0 || at == whole ? bits : high);
}
Case rex(Draw& r) {
  const Rex<> s{r.rate(), r.rate(), r.length(), r.past()};
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  const real_t sum = wide(n) + wide(n - at);
  return made(s, t, between(s.end, s.start, 2 * wide(n - at) / sum, wide(at) / sum), low, high,
              at == 0 || at == n ? bits : high);
}
Case tanh(Draw& r) {
  const auto bound = [&] {
    return r.one_in(2) ? 20 * r.fraction() - 10 : r.one_in(8) ? 1000 : 2000 * r.fraction() - 1000;
  };
  Tanh<> s{r.rate(), r.rate(), r.length(), bound(), bound(), r.past()};
  while (!valid(s)) s.from = -bound(), s.to = bound();
  const step_t n = s.steps.steps(), t = r.step(n), at = detail::place(t, n, s.past);
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  if (at == n) return made(s, t, wide(s.end), low, high, bits);
  const real_t z = wide(s.from) + (wide(s.to) - wide(s.from)) * (wide(at) / wide(n));
  const real_t w = 1 / (1 + std::exp(2 * z)), rest = 1 / (1 + std::exp(-2 * z));
  return made(s, t, between(s.end, s.start, w, rest), low, high, high);
}
Case constant(Draw& r) {
  const Constant<> s{r.rate()};
  return made(s, r.step(1), wide(s.value), s.value, s.value, bits);
}
Case step_decay(Draw& r) {
  StepDecay<> s{r.rate(), r.length(), r.factor(), 0};
  if (r.one_in(2)) s.floor = s.start * r.fraction();
  const step_t t = r.step(s.every.steps()), n = t / s.every.steps();
  const real_t rate = wide(s.start) * std::pow(wide(s.factor), wide(n));
  return made(s, t, std::max(rate, wide(s.floor)), s.floor, s.start, n == 0 ? bits : s.start);
}
Case exponential(Draw& r) {
  Exponential<> s{r.rate(), r.rate(), 0};
  if (r.one_in(2)) s.floor = s.start * r.fraction();
  const step_t t = r.step(r.length());
  const real_t rate = wide(s.start) * std::exp(-wide(s.decay) * wide(t));
  return made(s, t, std::max(rate, wide(s.floor)), s.floor, s.start, t == 0 ? bits : s.start);
}
Case exponential_decay(Draw& r) {
  ExponentialDecay<> s{r.rate(), r.one_in(2) ? r.factor() : r.positive(), r.length(), r.one_in(2)};
  if (r.one_in(3)) s.factor = 1 + std::ldexp(r.fraction(), -static_cast<int>(r.below(50)));
  if (s.factor > 1 && s.start == 0) s.start = r.positive();
  const bool rises = s.factor > 1;
  if (r.one_in(3)) s.limit = rises ? std::max(s.start, r.positive()) : s.start * r.fraction();
  const step_t t = r.step(s.every.steps()), n = s.every.steps();
  // Half of the draws where the rise ends.
  const double end = s.limit.value_or(rises ? huge : 0);
  const real_t y = s.staircase ? wide(t / n) : wide(t) / wide(n);
  const real_t rest = s.staircase ? 0 : std::fma(-y, wide(n), wide(t)) / wide(n);
  const real_t about = std::pow(wide(s.factor), y);
  const real_t power = about > 1e4000L ? about : about * (1 + rest * std::log(wide(s.factor)));
  const real_t rate = wide(s.start) * power;
  const real_t exact = rises ? std::min(rate, wide(end)) : std::max(rate, wide(end));
  const double largest = rises ? static_cast<double>(exact) : s.start;
  return made(s, t, exact, std::min(s.start, end), std::max(s.start, end), t == 0 ? bits : largest);
}
Case inverse_sqrt(Draw& r) {
  const InverseSqrt<> s{r.rate(), r.length()};
  const step_t t = r.step(s.tau.steps());
  const real_t exact = wide(s.start) * std::sqrt(wide(s.tau) / (wide(t) + wide(s.tau)));
  return made(s, t, exact, 0, s.start, t == 0 ? bits : s.start);
}
Case inverse_time(Draw& r) {
  InverseTime<> s{r.rate(), r.rate(), r.one_in(2) ? 1 : r.power(), r.length(), r.one_in(2)};
  while (!valid(s)) s.decay = r.rate();
  const step_t n = s.every.steps(), t = r.step(n);
  // Half of the powers where they are seen.
  const real_t way = wide(s.decay) * (s.staircase ? wide(t / n) : wide(t) / wide(n));
  if (s.power != 1 && way > 0 && r.one_in(2)) {
    const double seen = static_cast<double>(wide(4 * r.fraction()) / std::log1p(way));
    if (seen > 0 && math::is_finite(seen)) s.power = seen;
  }
  const real_t exact = wide(s.start) * std::exp(-wide(s.power) * std::log1p(way));
  return made(s, t, exact, 0, s.start, t == 0 ? bits : s.start);
}
Case sigmoid(Draw& r) {
  const Sigmoid<> s{r.rate(), (r.one_in(2) ? 1 : -1) * r.rate(), r.length()};
  const step_t t = r.step(s.middle.steps());
  const real_t z = wide(s.slope) * (wide(t) - wide(s.middle));
  return made(s, t, wide(s.start) / (1 + std::exp(z)), 0, s.start, s.start);
}
Case noam(Draw& r) {
  const Noam<> s{r.length(), r.length(), r.rate()};
  const step_t w = s.warmup.steps(), t = r.step(w);
  const real_t n = wide(t) + 1, root = std::sqrt(wide(s.size)), peak = std::sqrt(wide(w));
  const real_t shape = t < w ? n / wide(w) / peak : 1 / std::sqrt(n);
  const double largest = static_cast<double>(wide(s.factor) / (root * peak));
  return made(s, t, wide(s.factor) / root * shape, 0, std::nextafter(largest, huge), largest);
}
Case cyclical(Draw& r) {
  Cyclical<> s{r.rate(), r.rate(), r.length(), r.one_in(2) ? 0 : r.length()};
  if (s.low > s.high) std::swap(s.low, s.high);
  s.shape = static_cast<Cycle>(r.below(3)), s.factor = r.factor();
  const step_t up = s.up.steps(), down = s.down.value == 0 ? up : s.down.steps();
  const step_t t = r.step(r.one_in(2) ? up : up + down), x = t % (up + down);
  const real_t height = x <= up ? wide(x) / wide(up) : wide(up + down - x) / wide(down);
  const real_t f = s.shape == Cycle::triangular    ? 1
                   : s.shape == Cycle::triangular2 ? std::exp2(-wide(t / (up + down)))
                                                   : std::pow(wide(s.factor), wide(t));
  const real_t w = height * f;
  if (r.one_in(8)) {
    Opposite<Cyclical<>> o{s, r.rate(), r.rate()};
    if (o.low > o.high) std::swap(o.low, o.high);
    return made(o, t, between(o.high, o.low, w, 1 - w), o.low, o.high, x == 0 ? bits : o.high);
  }
  return made(s, t, between(s.low, s.high, w, 1 - w), s.low, s.high, x == 0 ? bits : s.high);
}
Case cosine_restarts(Draw& r) {
  CosineRestarts<> s{r.rate(), r.rate(), r.length()};
  if (r.one_in(2)) s.growth = r.one_in(8) ? 1 + r.rate() : static_cast<double>(2 + r.below(5));
  if (s.growth < 0x1p53) s.growth = std::floor(s.growth);
  if (!math::is_finite(s.growth)) s.growth = huge;
  if (r.one_in(2)) s.decay = r.factor();
  if (r.one_in(3)) s.limit = 1 + r.below(6);
  const step_t t = r.step(s.steps.steps());
  real_t x = wide(t), length = wide(s.steps), cycle = 0;
  if (s.growth == 1) {
    cycle = wide(t / s.steps.steps()), x = wide(t % s.steps.steps());
  } else {
    for (; x >= length; ++cycle) x -= length, length *= wide(s.growth);
  }
  const double low = std::min(s.start, s.end), high = std::max(s.start, s.end);
  if (s.limit.value != 0 && cycle >= wide(s.limit)) return made(s, t, wide(s.end), low, high, bits);
  const real_t late = std::sin(pi / 2 * ((length - x) / length)),
               early = std::sin(pi / 2 * (x / length));
  const real_t height = std::pow(wide(s.decay), cycle);
  const real_t w = height * late * late;
  return made(
      s, t, between(s.end, s.start, w, s.decay == 1 ? early * early : 1 - w), low, high,
      x == 0 && height == 1 ? bits : high,
      s.start > s.end && 2 * x > length && length < 0x1p64L && cycle < 0x1p53L && height > 1e-200L);
}
Case cosine_restarts_real(Draw& r) {  // its bounds alone: a cycle's begin is no step
  CosineRestarts<> s{r.rate(), r.rate(), r.length()};
  s.growth = 1 + (r.one_in(2) ? 3 * r.fraction() : r.positive());
  if (!math::is_finite(s.growth)) s.growth = huge;
  if (r.one_in(2)) s.decay = r.factor();
  const step_t t = r.step(s.steps.steps());
  const double got = s(t);
  return made(s, t, wide(got), std::min(s.start, s.end), std::max(s.start, s.end), bits);
}
Case one_cycle(Draw& r) {
  OneCycle<> s{.peak = r.rate(), .steps = r.length()};
  do {
    s.rise = r.one_in(4) ? r.factor() : 0.02 + 0.45 * r.fraction();
    s.divisor = r.one_in(4) ? r.positive() : 1 + 40 * r.fraction();
    s.final_divisor = r.one_in(4) ? r.positive() : 1 + 1e4 * r.fraction();
    s.curve = r.one_in(3) ? Curve::linear : Curve::cosine;
    s.phases = r.one_in(2) ? 2 : 3;
    s.back = r.one_in(2) ? 0 : s.rise + (1 - s.rise) * r.fraction();
    s.boundary = r.boundary();
    if (r.one_in(3)) s.steps = r.length();
  } while (!valid(s));
  const step_t n = s.steps.steps(), t = r.step(n);
  // first and last are doubles, and so are the steps between the phases, unless they are the end.
  using math::ieee;
  const double first = static_cast<double>(ieee(s.peak) / s.divisor);
  const double last = std::min(s.peak, static_cast<double>(ieee(first) / s.final_divisor));
  const ieee late = s.boundary == Boundary::before ? -1 : s.boundary == Boundary::at ? 0 : 1;
  const auto place = [&](double f) {
    return static_cast<double>(f * ieee(static_cast<double>(n)) + late);
  };
  const real_t up = wide(place(s.rise)), down = s.back > 0 ? wide(place(s.back)) : 2 * up;
  const real_t end = wide(n) + wide(static_cast<double>(late)), at = wide(t);
  const double low = std::min(first, last), high = s.peak;
  const auto move = [&](double from, double to, real_t begin, real_t stop) {
    const real_t x = (at - begin) / (stop - begin), left = (stop - at) / (stop - begin);
    if (s.curve == Curve::linear) return made(s, t, between(from, to, x, left), low, high, high);
    const real_t early = std::sin(pi / 2 * x), tail = std::sin(pi / 2 * left);
    return made(s, t, between(to, from, tail * tail, early * early), low, high, high,
                from > to ? x > 0.5L : x < 0.5L);
  };
  if (at >= end) return made(s, t, wide(last), low, high, bits);
  if (at <= up) return move(first, s.peak, 0, up);
  if (s.phases == 2) return move(s.peak, last, up, end);
  return at <= down ? move(s.peak, first, up, down) : move(first, last, down, end);
}
Case multi_step(Draw& r) {
  MultiStep<3> s{r.rate(), {}, r.factor(), r.boundary()};
  std::array<step_t, 3> b{r.length(), r.length(), r.length()};
  std::sort(b.begin(), b.end());
  for (std::size_t i = 0; i < 3; ++i) s.boundaries[i] = b[i];
  if (!valid(s)) s.boundaries[0] = 1, s.boundaries[1] = 2, s.boundaries[2] = 3;
  const step_t t = r.step(s.boundaries[r.below(3)].steps());
  int drops = 0;
  for (const Length& x : s.boundaries)
    drops += s.boundary == Boundary::at      ? t >= x.steps()
             : s.boundary == Boundary::after ? t > x.steps()
                                             : t + 1 >= x.steps() || t + 1 == 0;
  const real_t exact = wide(s.start) * std::pow(wide(s.factor), static_cast<real_t>(drops));
  return made(s, t, exact, 0, s.start, drops == 0 ? bits : s.start);
}
Case piecewise_constant(Draw& r) {
  PiecewiseConstant<2> s{r.rate(), {{r.length(), r.rate()}, {r.length(), r.rate()}}};
  if (!valid(s)) std::swap(s.points[0].at, s.points[1].at);
  if (!valid(s)) s.points[0].at = 1, s.points[1].at = 2;
  const step_t t = r.step(s.points[r.below(2)].at.steps());
  const double exact = t >= s.points[1].at.steps()   ? s.points[1].value
                       : t >= s.points[0].at.steps() ? s.points[0].value
                                                     : s.start;
  return made(s, t, wide(exact), exact, exact, bits);
}
Case points(Draw& r) {
  Points<2> s{{{r.length(), r.rate()}, {r.length(), r.rate()}}, r.curve(), r.power()};
  if (s.points[0].at.value > s.points[1].at.value) std::swap(s.points[0].at, s.points[1].at);
  if (r.one_in(4)) s.points[0].at = 0;
  while (!valid(s)) s.points[0] = {0, r.positive()}, s.points[1].value = r.positive();
  const auto& [a, b] = s.points;
  const step_t t = r.step(b.at.steps()), begin = a.at.steps(), n = b.at.steps() - begin;
  const step_t at = t < begin ? 0 : std::min(t - begin, n);
  const double high = std::max(a.value, b.value);
  return made(s, t, on(s.curve, a.value, b.value, at, n, s.power), std::min(a.value, b.value), high,
              at == 0 || at == n ? bits : high, is_tail(s.curve, a.value, b.value, at, n));
}
Case table(Draw& r) {
  Table<std::vector<double>> s{{r.rate(), r.rate(), r.rate()}, r.past()};
  s.values.resize(1 + r.below(3));
  const step_t n = s.values.size(), t = r.step(n);
  std::size_t at = std::min(t, n - 1);
  if (s.past == Past::repeat) at = t % n;
  if (s.past == Past::mirror && n > 1) {
    const step_t turn = t % (2 * (n - 1));
    at = turn < n ? turn : 2 * (n - 1) - turn;
  }
  return made(s, t, wide(s.values[at]), s.values[at], s.values[at], bits);
}

// The combinators: the bits of what they should evaluate, found with 128 bits.

__extension__ typedef unsigned __int128 wide_t;
__extension__ typedef __int128 signed_t;
constexpr step_t all = ~step_t{0};
step_t clipped(wide_t t) { return t > all ? all : static_cast<step_t>(t); }

Linear<> line(Draw& r) { return {r.rate(), r.rate(), r.length()}; }
template <class S>
Case same(const S& s, step_t t, double expected) {
  return made(s, t, wide(expected), expected, expected, bits);
}
Case combine_for(Draw& r) {
  const For<Linear<>> s{r.length(), line(r)};
  const step_t t = r.step(s.steps.steps());
  return same(s, t, s.schedule(std::min(t, s.steps.steps())));
}
Case combine_shift(Draw& r) {
  Shift<Linear<>> s{line(r), 0};
  s.by.value =
      r.one_in(2) ? static_cast<std::int64_t>(r.length()) : -static_cast<std::int64_t>(r.length());
  if (r.one_in(8)) s.by.value = std::numeric_limits<std::int64_t>::min();
  const step_t t = r.step(s.schedule.steps.steps());
  const signed_t at = static_cast<signed_t>(t) - s.by.value;
  return same(s, t, s.schedule(at < 0 ? 0 : clipped(static_cast<wide_t>(at))));
}
Case combine_stretch(Draw& r) {
  const Stretch<Linear<>> s{line(r), r.length(), r.length()};
  const step_t t = r.step(s.to.steps());
  return same(s, t, s.schedule(clipped(static_cast<wide_t>(t) * s.from.steps() / s.to.steps())));
}
Case combine_per_epoch(Draw& r) {
  const PerEpoch<Linear<>> s{r.length(), line(r)};
  const step_t t = r.step(s.steps.steps());
  return same(s, t, s.schedule(t / s.steps.steps()));
}
Case combine_repeat(Draw& r) {
  Repeat<Linear<>> s{line(r)};
  if (r.one_in(2)) s.steps = r.length();
  if (r.one_in(2)) s.times = r.one_in(2) ? 1 + r.below(5) : r.length();
  const step_t n = (s.steps.is_given() ? s.steps : s.schedule.steps).steps(), t = r.step(n);
  const bool over = s.times.value > 0 && static_cast<wide_t>(n) * s.times.steps() <= t;
  return same(s, t, s.schedule(over ? n : t % n));
}
Case combine_reverse(Draw& r) {
  Reverse<Linear<>> s{line(r)};
  if (r.one_in(2)) s.steps = r.length();
  const step_t n = (s.steps.is_given() ? s.steps : s.schedule.steps).steps(), t = r.step(n);
  return same(s, t, s.schedule(t < n ? n - t : 0));
}
Case combine_sequence(Draw& r) {
  const Linear<> a = line(r), b = line(r), c = line(r);
  const Sequence s{a, b, c};
  const step_t first = a.steps.steps(), second = b.steps.steps(), t = r.step(first + second);
  return same(s, t, t < first ? a(t) : t - first < second ? b(t - first) : c(t - first - second));
}
Case combine_clamp(Draw& r) {
  Clamp<Linear<>> s{line(r), r.rate(), r.rate()};
  if (s.low > s.high) std::swap(s.low, s.high);
  const step_t t = r.step(s.schedule.steps.steps());
  return same(s, t, std::clamp(s.schedule(t), s.low, s.high));
}
Case combine_pointwise(Draw& r) {
  Linear<> a = line(r), b = line(r);
  a.start = std::fmin(a.start, 0x1p500), a.end = std::fmin(a.end, 0x1p500);  // products are finite
  b.start = std::fmin(b.start, 0x1p500), b.end = std::fmin(b.end, 0x1p500);
  const step_t t = r.step(a.steps.steps());
  const double x = a(t), y = b(t);
  switch (r.below(5)) {
    case 0: return same(minimum(a, b), t, std::min(x, y));
    case 1: return same(maximum(a, b), t, std::max(x, y));
    case 2: return made(scale(a, b.start), t, wide(x) * wide(b.start), 0, huge, x * b.start);
    case 3: return made(sum(a, b), t, wide(x) + wide(y), 0, huge, x + y);
    default: return made(product(a, b), t, wide(x) * wide(y), 0, huge, x * y);
  }
}
Case combine_noise(Draw& r) {
  // The amount is exact: whatever x is drawn, the rate is in the interval, and one of the same
  // `every` steps is the same.
  Noise<Linear<>> s{line(r), r.one_in(4) ? 1 : r.fraction(), r.next(), r.length()};
  s.spread = static_cast<Spread>(r.below(3)), s.power = r.power();
  s.schedule.start /= 2, s.schedule.end /= 2;  // above, the noise makes it infinite
  const step_t t = r.step(s.every.steps());
  const double rate = s.schedule(t), got = s(t);
  const double low = static_cast<double>(wide(rate) * (1 - wide(s.amount)));
  const double high = static_cast<double>(wide(rate) * (1 + wide(s.amount)));
  return made(s, t, wide(got), std::nextafter(low, 0.0), std::nextafter(high, huge), high);
}
Case combine_warmup(Draw& r) {
  Warmup<Constant<>> s{r.length(), Constant<>{r.rate()}, {}, r.curve(), r.power()};
  if (r.one_in(2)) s.from = r.one_in(4) ? 0 : r.factor();
  while (!valid(s)) s.from = r.factor(), s.schedule.value = r.positive();
  const step_t w = s.steps.steps(), t = r.step(w);
  const double peak = s.schedule.value;
  if (t >= w) return made(s, t, wide(peak), peak, peak, bits);
  const step_t left = w - (s.from ? t : t + 1);
  const double low = static_cast<double>(math::ieee(peak) * s.from.value_or(0.0));
  return made(s, t, on(s.curve, peak, low, left, w, s.power), low, peak, left == 0 ? bits : peak,
              is_tail(s.curve, peak, low, left, w));
}

// Any schedule by itself, with random fields: finite, not negative, and its text gives it again.

void draw(Draw& r, double& x) {
  switch (r.below(4)) {
    case 0: x = r.rate(); break;
    case 1: x = r.factor(); break;
    case 2: x = r.power(); break;
    default: x = r.positive(); break;
  }
}
void draw(Draw& r, bool& x) { x = r.one_in(2); }
void draw(Draw& r, int& x) { x = static_cast<int>(r.below(5)); }
void draw(Draw& r, Length& x) { x = r.length(); }
void draw(Draw& r, Point<>& x) { draw(r, x.at), draw(r, x.value); }
template <class X>
void draw(Draw& r, std::optional<X>& x) {
  if (r.one_in(2)) draw(r, x.emplace());
}
template <class X>
void draw(Draw& r, std::vector<X>& x) {
  x.resize(1 + r.below(3));
  for (X& each : x) draw(r, each);
}
template <class E>
  requires std::is_enum_v<E>
void draw(Draw& r, E& x) {
  static_assert(!io::choices<E>.empty(), "the names of its values are missing: io::choices");
  x = static_cast<E>(r.below(io::choices<E>.size()));
}

/// Gives all fields random values that the schedule accepts.
template <class S>
Case with_any_fields(Draw& r) {
  S s = support::filled<S>();
  io::each_field(s, [&](const io::Field&, auto& value) {
    const auto before = value;
    for (int tries = 0; tries < 8; ++tries) {
      draw(r, value);
      if (!s.check()) return;
      value = before;
    }
  });
  const step_t t = r.step(r.length());
  Case c = made(s, t, wide(static_cast<double>(s(t))), 0, huge, bits);
  // A text takes longer than a value.
  if (r.one_in(64) && io::parse(io::to_string(io::AnySchedule(s))) != io::AnySchedule(s))
    c.got = -1, c.text = text_of(s, t);
  return c;
}
template <class S>
constexpr bool holds_schedules = requires(S& s) { s.schedule; } ||
                                 requires(S& s) { s.schedules; } || requires(S& s) { s.pieces; };
Case any_schedule(Draw& r) {
  using Draws = Case (*)(Draw&);
  static const std::vector<Draws> every = [] {
    std::vector<Draws> of_all;
    support::for_every_schedule([&]<class S>(const S&) {
      if constexpr (!holds_schedules<S>) of_all.push_back(with_any_fields<S>);
    });
    return of_all;
  }();
  return every[r.below(every.size())](r);
}

struct Kind {
  const char* name;
  Case (*draw)(Draw&);
  bool bounds_alone = false;
};
constexpr Kind kinds[] = {
    {"Constant", constant},
    {"Cosine", cosine},
    {"Cosine with an exponent", cosine_exponent},
    {"Cosine with k", cosine_k},
    {"CosineRestarts, growth whole", cosine_restarts},
    {"CosineRestarts, any growth: its bounds", cosine_restarts_real, true},
    {"Cyclical, Opposite", cyclical},
    {"Exponential", exponential},
    {"ExponentialDecay", exponential_decay},
    {"Geometric", geometric},
    {"InverseSqrt", inverse_sqrt},
    {"InverseTime", inverse_time},
    {"Linear", linear},
    {"MultiStep", multi_step},
    {"Noam", noam},
    {"OneCycle", one_cycle},
    {"PiecewiseConstant", piecewise_constant},
    {"Points, every curve", points},
    {"Polynomial", polynomial},
    {"Ramp, every curve", ramp},
    {"Rex", rex},
    {"Sigmoid", sigmoid},
    {"StepDecay", step_decay},
    {"Table", table},
    {"Tanh", tanh},
    {"Clamp", combine_clamp},
    {"For", combine_for},
    {"Noise: its bounds", combine_noise, true},
    {"PerEpoch", combine_per_epoch},
    {"product, sum, minimum, maximum, scale", combine_pointwise},
    {"Repeat", combine_repeat},
    {"Reverse", combine_reverse},
    {"Sequence", combine_sequence},
    {"Shift", combine_shift},
    {"Stretch", combine_stretch},
    {"Warmup, every curve", combine_warmup},
    {"Every schedule by itself, any fields: its bounds", any_schedule, true},
};

/// Whether long double has more digits than double, in fact too (valgrind computes it in double).
bool long_double_judges() {
  volatile real_t one = 1;
  const real_t next = one + std::numeric_limits<real_t>::epsilon();
  return std::numeric_limits<real_t>::digits >= 64 && next != one;
}

}  // namespace

int main(int count, char** values) {
  const fuzz::Arguments arguments(count, values, 200'000);
  if (!long_double_judges()) {
    std::puts("long double has no more digits than double: nothing to compare with");
    return 0;
  }
  fuzz::Progress progress("schedules", arguments.draws);
  const std::uint64_t each = arguments.draws / std::size(kinds) + 1;
  std::uint64_t wrong_in_all = 0;
  std::printf(
      "| schedule | draws | worst, ulp of the largest value | of the value, in a cosine's "
      "lower half | wrong |\n|---|---|---|---|---|\n");
  for (const Kind& kind : kinds) {
    Draw draw(arguments.seed ^ (static_cast<std::uint64_t>(&kind - kinds) << 32));
    double worst = -1, worst_of_value = -1;
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < each; ++i, progress.advance()) {
      const Case c = kind.draw(draw);
      bool good = math::is_finite(c.got) && c.got >= c.low && c.got <= c.high;
      if (c.unit == bits) good = good && wide(c.got) == c.exact;
      if (good && c.unit != bits) {
        const double error = ulps(c.got, c.exact, c.unit);
        worst = std::max(worst, error);
        good = error <= 2;
      }
      if (good && c.of_value) {
        const double error = ulps(c.got, c.exact, c.got);
        worst_of_value = std::max(worst_of_value, error);
        good = error <= 2;
      }
      if (!good && ++wrong <= 5)
        std::fprintf(stderr, "%s: %s is %.17g, not %.20Lg, in [%.17g, %.17g]\n", kind.name,
                     c.text.c_str(), c.got, c.exact, c.low, c.high);
    }
    char error[32] = "exact", tail[32] = "";
    if (kind.bounds_alone) {
      error[0] = '\0';
    } else if (worst >= 0) {
      std::snprintf(error, sizeof error, "%.3f", worst);
    }
    if (worst_of_value >= 0) std::snprintf(tail, sizeof tail, "%.3f", worst_of_value);
    std::printf("| %s | %llu | %s | %s | %llu |\n", kind.name,
                static_cast<unsigned long long>(each), error, tail,
                static_cast<unsigned long long>(wrong));
    wrong_in_all += wrong;
  }
  std::printf("\n%llu draws, %llu wrong\n",
              static_cast<unsigned long long>(each * std::size(kinds)),
              static_cast<unsigned long long>(wrong_in_all));
  return wrong_in_all == 0 ? 0 : 1;
}
