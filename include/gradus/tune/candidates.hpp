// optional header
// The points of a space that a search tries, and for how many steps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/math/random_bits.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/tune/setting.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// Every combination of `points` points of each range, ends included, and of the values of each
/// choice, in the order of nested loops with the last dimension innermost.
///
/// Domain: points >= 2; at most 10^6 combinations. On a range of whole numbers, points that round
///   to the same number count once.
struct Grid {
  static constexpr const char* name = "tune::Grid";
  std::size_t points = 5;
  Length steps = 0;  ///< of each training; 0 if a trial is a whole training

  Fault check() const noexcept {
    if (points < 2 || points > 1'000'000)
      return {name, "points", "must be in [2, 1000000]", static_cast<double>(points)};
    return gradus::detail::check_length_or_0(name, "steps", steps);
  }
};

/// Random points, uniform on the scale of each dimension and independent of each other. Point i
/// depends only on seed, space and i, so that a search with more trials begins with the same
/// points.
///
/// Domain: trials in [1, 10^6].
/// Source: J. Bergstra, Y. Bengio, Random search for hyper-parameter optimization, 2012.
struct Random {
  static constexpr const char* name = "tune::Random";
  std::size_t trials = 0;
  Length steps = 0;  ///< of each training; 0 if a trial is a whole training
  std::uint64_t seed = 1;

  Fault check() const noexcept {
    if (trials == 0 || trials > 1'000'000)
      return {name, "trials", "must be in [1, 1000000]", static_cast<double>(trials)};
    return gradus::detail::check_length_or_0(name, "steps", steps);
  }
};

/// A number of trials, all trained up to the same step.
struct Rung {
  step_t steps = 0;
  std::size_t trials = 0;
  bool operator==(const Rung&) const = default;
};

/// How the settings of a Halving are chosen: as by a Random, or as by a Grid.
struct Sampling {
  Sampling() = default;
  Sampling(const Random& like) : random(like) {}             // NOLINT: implicit
  Sampling(const Grid& like) : grid(like), is_grid(true) {}  // NOLINT: implicit

  Random random{};
  Grid grid{};
  bool is_grid = false;

  Length steps() const noexcept { return is_grid ? grid.steps : random.steps; }
  Fault check() const noexcept { return is_grid ? grid.check() : random.check(); }
};

/// Successive halving: trains all settings for few steps, then only the best ones for `factor`
/// times as many steps, and so on.
///
///   rung k: the best max(1, floor(trials / factor^k)), to min(first * factor^k, steps) steps
///
/// Domain: 0 < first <= of.steps; factor in [2, 2^31).
/// Source: K. Jamieson, A. Talwalkar, Non-stochastic best arm identification and hyperparameter
///   optimization, 2016; the rungs of L. Li et al., Hyperband, 2018.
struct Halving {
  static constexpr const char* name = "tune::Halving";
  Sampling of{};
  Length first = {};       ///< steps of the first rung
  std::size_t factor = 3;  ///< one of `factor` trials goes on, for `factor` times the steps

  /// The rungs of a search that begins with `trials` trials.
  std::vector<Rung> rungs(std::size_t trials) const {
    refuse_if(check());
    const step_t last = of.steps().steps();
    std::vector<Rung> r{{first.steps() < last ? first.steps() : last, trials}};
    while (r.back().steps < last) {
      const step_t steps = r.back().steps;
      const std::size_t trials_left = r.back().trials / factor;
      r.push_back(
          {steps > last / factor ? last : steps * factor, trials_left == 0 ? 1 : trials_left});
    }
    return r;
  }
  Fault check() const noexcept {
    if (const Fault fault = of.check()) return fault;
    const Length steps = of.steps();
    if (const Fault fault =
            gradus::detail::first_fault(gradus::detail::check_length(name, "of.steps", steps),
                                        gradus::detail::check_length(name, "first", first)))
      return fault;
    if (first.value > steps.value)
      return {name, "first", "must be <= the steps of a whole training",
              static_cast<double>(first.value)};
    if (factor < 2 || factor >> 31 != 0)
      return {name, "factor", "must be in [2, 2^31)", static_cast<double>(factor)};
    return {};
  }
};

namespace detail {

inline double between(const Range& range, double high, step_t t, step_t of) noexcept {
  return gradus::detail::falling<double>(range.logarithmic ? Curve::geometric : Curve::linear,
                                         range.low, high, t, of);
}
/// The points of a dimension on a grid.
inline std::vector<Value> on_grid(const Dimension& d, std::size_t points) {
  if (d.is_choice) return d.values;
  if (d.range.points != 0) points = d.range.points;
  std::vector<Value> r;
  for (std::size_t i = 0; i < points; ++i) {
    const double x = between(d.range, d.range.high, i, points - 1);
    const double value = d.range.whole ? floor_of(x + 0.5) : x;
    if (r.empty() || r.back().number() != value) r.push_back(value);
  }
  return r;
}
/// The value at `bits` / 2^53 of a dimension.
inline Value drawn(const Dimension& d, std::uint64_t bits) {
  if (d.is_choice)
    return d.values[static_cast<std::size_t>(static_cast<double>(bits) * 0x1p-53 *
                                             static_cast<double>(d.values.size()))];
  constexpr step_t all = step_t{1} << 53;
  const double high = d.range.high;
  if (!d.range.whole) return between(d.range, high, bits, all);
  const double whole = floor_of(between(d.range, high + 1, bits, all));
  return whole < high ? whole : high;
}

/// The settings that a search tries, and a line of text that identifies them.
class Candidates {
 public:
  Candidates(const Space& space, const Sampling& how) : space_(space) {
    refuse_if(how.check());
    how.is_grid ? lay_out(how.grid) : draw(how.random);
  }
  const Space& space() const noexcept { return space_; }
  std::size_t count() const noexcept { return count_; }
  std::string describe() const { return io::detail::concat({space_.describe(), "; ", what_}); }

  Setting operator[](std::size_t trial) const {
    const auto& dimensions = space_.dimensions();
    std::vector<std::pair<std::string, Value>> values(dimensions.size());
    std::size_t rest = trial;
    for (std::size_t d = dimensions.size(); d-- > 0;) {
      values[d].first = dimensions[d].name;
      if (grid_.empty()) {
        const RandomKey key(seed_, trial, d);
        const std::uint64_t bits = (std::uint64_t{key.b} << 32 | key.a) >> 11;
        values[d].second = drawn(dimensions[d], bits);
      } else {
        values[d].second = grid_[d][rest % grid_[d].size()];
        rest /= grid_[d].size();
      }
    }
    return {trial, std::move(values)};
  }

 private:
  void lay_out(const Grid& grid) {
    what_ = "grid";
    for (const Dimension& d : space_.dimensions()) {
      grid_.push_back(on_grid(d, grid.points));
      const std::size_t size = grid_.back().size();
      what_.append(grid_.size() == 1 ? " " : " x ").append(io::detail::Digits(size));
      if (size > 1'000'000 / count_)
        refuse({Grid::name, "points", "must make 1000000 combinations at most",
                static_cast<double>(grid.points)});
      count_ *= size;
    }
  }
  void draw(const Random& random) {
    what_ = io::detail::concat({"random, seed ", io::detail::Digits(random.seed)});
    count_ = random.trials;
    seed_ = random.seed;
  }

  Space space_;
  std::string what_{};
  std::size_t count_ = 1;
  std::uint64_t seed_ = 0;
  std::vector<std::vector<Value>> grid_{};  // the values of each dimension; empty for random points
};

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::tune
