// eps, which keeps a rule from dividing by 0, and the places where libraries add it.
#pragma once

#include <gradus/config/compiler.hpp>
#include <gradus/error/check.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/sqrt.hpp>
#include <gradus/simd/divisor.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Where eps is added to the root that a step is divided by; c is the correction of v for its start
/// at zero, 1 - beta2^n, or 1 in a rule that makes none.
///
///   outside: sqrt(v / c) + eps     hat: (sqrt(v) + eps) / sqrt(c)     inside: sqrt(v / c + eps)
///
/// Without a correction, `hat` is `outside`.
enum class Eps { outside, hat, inside };

namespace detail {

constexpr Fault check_choice(const char* type, const char* field, Eps place) noexcept {
  return check_one_of(type, field, place, Eps::inside, "must be outside, hat or inside");
}

/// The root that a step is divided by, with eps added where `place` says. The branch is the same
/// for all elements; adding an eps of 0 in the other places instead would cost 4 to 15 % where the
/// data are in cache.
template <Real T>
struct Root {
  Eps place;
  T eps;
  constexpr Root(Eps where, const double& e) noexcept : place(where), eps(static_cast<T>(e)) {}
  template <class V>
  GRADUS_KERNEL V operator()(const V& v) const {
    if (place == Eps::inside) [[unlikely]]
      return sqrt(v + eps);
    return sqrt(v) + eps;
  }
};

/// The same with the bias correction of v, c. `hat` leaves its correction to `size_under`.
template <Real T>
struct CorrectedRoot {
  Eps place;
  T eps;
  simd::Divisor<T> root;
  constexpr CorrectedRoot(Eps where, const double& e, const double& c) noexcept
      : place(where),
        eps(static_cast<T>(place == Eps::inside ? static_cast<double>(math::ieee(e) * c) : e)),
        root(place == Eps::hat ? 1.0 : math::sqrt(c)) {}
  template <class V>
  GRADUS_KERNEL V operator()(const V& v) const {
    if (place == Eps::inside) [[unlikely]]
      return divide_root(sqrt(v + eps), root);
    return divide_root(sqrt(v), root) + eps;
  }
};
/// The smallest number that eps is ever multiplied by, where the smallest correction is c; by it
/// `check_eps` sees whether eps rounds to 0.
constexpr double least_factor(Eps place, const double& c) noexcept {
  return place == Eps::inside ? c : 1.0;
}
/// The factor by which `place` changes the rate: sqrt(c) for `hat`, else 1.
constexpr double size_under(Eps place, const double& c) noexcept {
  return place == Eps::hat ? math::sqrt(c) : 1.0;
}

/// The fields that Adam and its kin share: beta1 and beta2 in [0, 1), eps > 0, in T as well.
template <class T>
constexpr Fault check_adam(const char* type, const double& beta1, const double& beta2,
                           const double& eps) noexcept {
  return first_fault(check_beta<T>(type, "beta1", beta1), check_beta<T>(type, "beta2", beta2),
                     check_divisor<T>(type, "eps", eps));
}
/// eps > 0, in T as well, and times `least`, the smallest number that it is multiplied by.
template <class T>
constexpr Fault check_eps(const char* type, const double& eps, const double& least) noexcept {
  if (const Fault fault = check_divisor<T>(type, "eps", eps)) return fault;
  if (!(static_cast<T>(static_cast<double>(math::ieee(eps) * least)) > 0))
    return {type, "eps", "must be representable in the parameters' type, also times 1 - beta2",
            eps};
  return {};
}

}  // namespace detail

}}  // namespace gradus::GRADUS_ABI
