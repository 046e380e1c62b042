// What every schedule must keep, whatever its formula; and how far it is from the formula.
#pragma once

#include <gradus/concept/kernel.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/sgd.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "support/catch.hpp"

// How many random (schedule, t) a worst error is taken over.
#if !defined(GRADUS_TEST_DRAWS)
#define GRADUS_TEST_DRAWS 100'000
#endif

namespace conformance {

using gradus::step_t;

inline constexpr double largest_double = std::numeric_limits<double>::max();
inline constexpr double smallest_double = std::numeric_limits<double>::denorm_min();
inline constexpr double smallest_normal = std::numeric_limits<double>::min();

// From their bits: what -Ofast sees it may take for anything.
inline double infinity() { return gradus::math::from_bits<double>(0x7ff0'0000'0000'0000U); }
inline double nan() { return gradus::math::from_bits<double>(0x7ff8'0000'0000'0000U); }

/// The same numbers everywhere (Steele, Lea, Flood, SplitMix, OOPSLA 2014).
class Random {
 public:
  std::uint64_t next() {
    state_ += 0x9e37'79b9'7f4a'7c15U;
    std::uint64_t z = (state_ ^ (state_ >> 30)) * 0xbf58'476d'1ce4'e5b9U;
    z = (z ^ (z >> 27)) * 0x94d0'49bb'1331'11ebU;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }
  /// Any 64-bit integer, every size as likely as another.
  step_t step() { return next() >> below(64); }
  /// A length in [1, 2^63), every size as likely as another.
  step_t length() { return std::max(next() >> (1 + below(63)), step_t{1}); }
  /// In [0, 1).
  double fraction() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  /// A rate of at most 2^7; one in 16 is 0, one in 16 a power of two.
  double rate() {
    const std::uint64_t kind = below(16);
    if (kind == 0) return 0;
    return std::ldexp(kind == 1 ? 1 : 1 + fraction(), static_cast<int>(below(30)) - 23);
  }
  /// Where something happens in a schedule of this length: inside, just around its end, or
  /// anywhere.
  step_t step_near(step_t length) {
    const std::uint64_t kind = below(8);
    if (kind == 0) return step();
    if (kind == 1) return length - 1 + below(3);
    return below(length);
  }

 private:
  std::uint64_t state_ = 0;
};

/// Whether long double has more digits than double, in fact too (valgrind computes it in double).
inline bool long_double_judges() {
  volatile long double one = 1;
  const long double next = one + std::numeric_limits<long double>::epsilon();
  return std::numeric_limits<long double>::digits >= 64 && next != one;
}

constexpr double wide(float x) { return static_cast<double>(x); }
/// A rate or a step with the digits of the reference.
template <class X>
constexpr long double exactly(X x) {
  return static_cast<long double>(x);
}

/// |got - exact| in units in the last place of the schedule's largest value.
inline double ulps(double got, long double exact, double largest) {
  const int exponent = std::max(std::ilogb(largest), -1022);
  return static_cast<double>(std::scalbn(std::fabs(exactly(got) - exact), 52 - exponent));
}

/// Evaluates without letting the compiler see which schedule and which t.
template <class S>
double evaluate(const S& schedule, step_t t) {
  double (*volatile call)(const S&, step_t) = [](const S& s, step_t u) {
    return static_cast<double>(s(u));
  };
  return call(schedule, t);
}

inline std::uint64_t bits(double x) { return gradus::math::to_bits(x); }

/// 0 ... 16, the boundaries of the first four periods, and 2^k - 1, 2^k, 2^k + 1 up to 2^64 - 1.
constexpr auto points(step_t period) {
  std::array<step_t, 17 + 12 + 64 * 3> r{};
  std::size_t at = 0;
  for (step_t t = 0; t <= 16; ++t) r[at++] = t;
  for (step_t k = 1; k <= 4; ++k)
    for (const step_t t : {k * period - 1, k * period, k * period + 1}) r[at++] = t;
  for (int k = 1; k < 64; ++k)
    for (const step_t t : {(step_t{1} << k) - 1, step_t{1} << k, (step_t{1} << k) + 1}) r[at++] = t;
  for (const step_t t : {gradus::last_step - 1, ~step_t{1}, ~step_t{0}}) r[at++] = t;
  return r;
}

/// The points, the first periods, and random steps; ascending, each once.
inline std::vector<step_t> many_points(step_t period) {
  const auto some = points(period);
  std::vector<step_t> r(some.begin(), some.end());
  for (step_t t = 0; t <= 4 * std::min(period, step_t{100}); ++t) r.push_back(t);
  Random random;
  for (int i = 0; i < 500; ++i) {
    r.push_back(random.step());
    r.push_back(random.below(4 * period));
  }
  std::sort(r.begin(), r.end());
  r.erase(std::unique(r.begin(), r.end()), r.end());
  return r;
}

enum class Course { any, falls, rises };

/// What is known of one schedule.
struct Expect {
  double min = 0;
  double max = 0;
  step_t period = 1;  ///< at most 2^61
  Course course = Course::any;
  std::optional<step_t> holds_from = {};  ///< the value there is the value for ever after
};

/// The conformance of the schedule that `make`, a lambda without captures, returns. `exact`: its
/// formula, (schedule, t) -> long double.
template <class Make, class Exact = std::nullptr_t>
void conforms(Make make, const Expect& expect, const Exact& exact = nullptr) {
  using S = decltype(make());
  static_assert(gradus::Schedule<S> && gradus::HasCheck<S>);
  static_assert(std::copyable<S> && std::equality_comparable<S>);
  static_assert(noexcept(std::declval<const S&>()(step_t{})));
  static_assert(!Make{}().check());

  const S schedule = make();
  const S copy = schedule;
  CHECK(copy == schedule);
  CHECK_FALSE(schedule.check());

  const std::vector<step_t> steps = many_points(expect.period);
  std::vector<double> values;
  double worst = 0;
  step_t worst_at = 0;
  for (const step_t t : steps) {
    CAPTURE(t);
    const double value = evaluate(schedule, t);
    CHECK(gradus::math::is_finite(value));
    CHECK(value >= expect.min);
    CHECK(value <= expect.max);
    if (!values.empty() && expect.course == Course::falls) CHECK(value <= values.back());
    if (!values.empty() && expect.course == Course::rises) CHECK(value >= values.back());
    if (expect.holds_from && t >= *expect.holds_from)
      CHECK(bits(value) == bits(evaluate(schedule, *expect.holds_from)));
    if constexpr (!std::same_as<Exact, std::nullptr_t>) {
      const double error = ulps(value, exact(schedule, t), expect.max);
      if (error > worst) worst = error, worst_at = t;
    }
    values.push_back(value);
  }
  CAPTURE(worst_at);
  if (long_double_judges()) CHECK(worst <= 2);

  // The compiler's arithmetic is the processor's.
  static constexpr auto known_steps = points(100);
  static constexpr auto known_bits = [] {
    std::array<std::uint64_t, known_steps.size()> r{};
    const auto known = Make{}();
    for (std::size_t i = 0; i < r.size(); ++i)
      r[i] = std::bit_cast<std::uint64_t>(static_cast<double>(known(known_steps[i])));
    return r;
  }();
  for (std::size_t i = 0; i < known_steps.size(); ++i) {
    CAPTURE(known_steps[i]);
    CHECK(bits(evaluate(schedule, known_steps[i])) == known_bits[i]);
  }

  // The order of the queries leaves no trace, and a copy is no other schedule.
  for (std::size_t i = steps.size(); i-- > 0;) {
    CAPTURE(steps[i]);
    CHECK(bits(evaluate(copy, steps[i])) == bits(values[i]));
    const std::size_t j = i * 1'009 % steps.size();
    CHECK(bits(evaluate(schedule, steps[j])) == bits(values[j]));
  }
}

/// A schedule of float has the values of the one of double with the same fields, rounded once.
template <class F, class D>
void rounds_once(const F& narrow, const D& wide, step_t period) {
  static_assert(std::same_as<decltype(narrow(0)), float> &&
                std::same_as<decltype(wide(0)), double>);
  for (const step_t t : many_points(period)) {
    CAPTURE(t);
    const double once = static_cast<double>(static_cast<float>(evaluate(wide, t)));
    CHECK(bits(evaluate(narrow, t)) == bits(once));
  }
}

template <class S>
struct Draw {
  S schedule;
  step_t t;
  double largest;  ///< of the schedule's values
};

/// The largest error over many draws, in ulp of each schedule's largest value. `draw`: Random& ->
/// Draw.
template <class D, class Exact>
double worst_error(const D& draw, const Exact& exact) {
  if (!long_double_judges()) return 0;
  Random random;
  double worst = 0;
  for (long i = 0; i < GRADUS_TEST_DRAWS; ++i) {
    const auto [schedule, t, largest] = draw(random);
    if (largest == 0) continue;
    const auto value = static_cast<double>(schedule(t));
    if (!gradus::math::is_finite(value)) return largest_double;
    worst = std::max(worst, ulps(value, exact(schedule, t), largest));
  }
  return worst;
}

/// The sentence with which an optimizer refuses the schedule, "" if it does not. Evaluating it all
/// the same must be defined.
template <class S>
std::string refusal(const S& schedule) {
  for (const step_t t : points(100)) static_cast<void>(evaluate(schedule, t));
  std::string from_check;
  try {
    gradus::refuse_if(schedule.check());
  } catch (const gradus::Error& error) {
    from_check = error.what();
  }
  try {
    const gradus::Optimizer opt{schedule, gradus::SGD{}, 4};
  } catch (const gradus::Error& error) {
    return error.what() == from_check ? from_check : from_check + " but then " + error.what();
  }
  return from_check.empty() ? "" : from_check + ", but the optimizer takes it";
}

/// The rates at the start and at the end are exact, for every length; make(random) is a schedule.
template <class Make>
void has_exact_ends(const Make& make) {
  Random random;
  for (int i = 0; i < 1'000; ++i) {
    const auto s = make(random);
    CAPTURE(s.start, s.end, s.steps.value);
    CHECK(s(0) == s.start);
    CHECK(s(s.steps.steps()) == s.end);
  }
}

/// A schedule refuses a start, an end and a number of steps that are invalid.
template <class S>
void refuses_start_to_end() {
  std::string name = "gradus::";  // by two statements: g++ 12 warns of the sum of the two
  name += S::name;
  const auto refused = [](double start, double end, gradus::Length steps) {
    S s;
    s.start = start, s.end = end, s.steps = steps;
    return refusal(s);
  };
  CHECK(refused(1, 0, 0) == name + ".steps must be > 0 (got 0)");
  CHECK(refused(1, 0, -5) == name + ".steps must be > 0 (got -5)");
  CHECK(refused(1, 0, std::size_t{3} - 5) == name + ".steps must be > 0 (got -2)");
  CHECK(refused(-1, 0, 1) == name + ".start must be finite and >= 0 (got -1)");
  CHECK(refused(nan(), 0, 1) == name + ".start must be finite and >= 0 (got nan)");
  CHECK(refused(1, -0.25, 1) == name + ".end must be finite and >= 0 (got -0.25)");
  CHECK(refused(1, infinity(), 1) == name + ".end must be finite and >= 0 (got inf)");
  CHECK(refused(nan(), nan(), 0) == name + ".start must be finite and >= 0 (got nan)");
}

}  // namespace conformance
