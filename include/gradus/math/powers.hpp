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
/// Cost: that of pow for a new base, about half of it for one of the last four. `one_minus` also
///   computes the power that comes after it, y + 1. The caller goes on at once with what it asked
///   for, and a processor that executes out of order does the rest meanwhile.
class Powers {
 public:
  constexpr double operator()(double base, double y) noexcept {
    return is_usual_power(base, y) ? exp_product(remembered(base).log, y) : pow(base, y);
  }
  /// 1 - pow(base, y), with the same bits.
  constexpr double one_minus(double base, double y) noexcept {
    if (power_vanishes(base, y)) return 1;
    if (!is_usual_power(base, y)) return 1.0 - pow(base, y);
    Base& b = remembered(base);
    if (b.y != y) {
      b.power = b.y + 1 == y ? b.next : exp_product(b.log, y);
      b.next = exp_product(b.log, y + 1);
      b.y = y;
    }
    return 1.0 - b.power;
  }

 private:
  struct Base {
    double value = 0;
    dd log{};
    double y = 0, power = 1, next = 0;  // power = value^y, next = value^(y + 1)
  };
  constexpr Base& remembered(double base) noexcept {
    for (Base& b : bases_)
      if (b.value == base) return b;
    Base& b = bases_[next_++ % 4];
    const dd log = log_dd(base);
    return b = {base, log, 0, 1, exp_product(log, 1)};
  }

  Base bases_[4];
  std::size_t next_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::math
