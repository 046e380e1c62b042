// Powers of bases that rarely change, such as the betas of a rule.
#pragma once

#include <cstddef>

#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/pow.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// Computes powers, and remembers the logarithms of the last four bases.
///
///   powers(base, y) = pow(base, y),  powers.one_minus(base, y) = 1 - pow(base, y)
///
/// with the same bits.
/// Cost: that of pow for a new base, and about half of it for one of the last four.
class Powers {
 public:
  constexpr double operator()(double base, double y) noexcept {
    return is_usual_power(base, y) ? exp_product(log_of(base), y) : pow(base, y);
  }
  /// 1 - pow(base, y), with the same bits. Where the power is below 2^-54, this is 1, and the power
  /// is not computed: for a beta of 0.9 from the 356th update on, for 0.999 from the 37,482nd on.
  constexpr double one_minus(double base, double y) noexcept {
    if (!is_usual_power(base, y)) return 1.0 - pow(base, y);
    const dd l = log_of(base);
    if (static_cast<double>(l.hi) * y < -37.5) return 1;  // log 2^-54 is -37.43
    return 1.0 - exp_product(l, y);
  }

 private:
  constexpr dd log_of(double base) noexcept {
    for (const Base& k : bases_)
      if (k.value == base) return k.log;
    Base& k = bases_[next_++ % 4];
    k = {base, log_dd(base)};
    return k.log;
  }

  struct Base {
    double value = 0;
    dd log{};
  };
  Base bases_[4];
  std::size_t next_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::math
