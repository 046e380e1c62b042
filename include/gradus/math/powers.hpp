// Powers of bases that rarely change, such as the betas of a rule.
#pragma once

#include <cstddef>

#include <gradus/math/bits.hpp>
#include <gradus/math/dd.hpp>
#include <gradus/math/pow.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace math {

/// Computes powers, and remembers the logarithms of the last four bases.
///
///   powers(base, y) = pow(base, y), with the same bits
///
/// Cost: that of pow for a new base, and about half of it for one of the last four.
class Powers {
 public:
  constexpr double operator()(double base, double y) noexcept {
    if (!is_usual_power(base, y)) return pow(base, y);
    for (const Base& k : bases_)
      if (k.value == base) return exp_product(k.log, y);
    Base& k = bases_[next_++ % 4];
    k = {base, log_dd(base)};
    return exp_product(k.log, y);
  }

 private:
  struct Base {
    double value = 0;
    dd log{};
  };
  Base bases_[4];
  std::size_t next_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::math
