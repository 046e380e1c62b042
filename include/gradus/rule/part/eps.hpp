// What keeps a rule from dividing by zero, and where systems put it.
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

/// The root that a step is divided by, with eps in its place. The branch is one that all elements
/// take alike; to add an eps of 0 instead would cost 4 to 15 % where the data are in cache.
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

/// The same, corrected, and what `hat` leaves for the step's size.
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
/// The smallest factor of eps inside a root whose smallest correction is c.
constexpr double least_factor(Eps place, const double& c) noexcept {
  return place == Eps::inside ? c : 1.0;
}
constexpr double size_under(Eps place, const double& c) noexcept {
  return place == Eps::hat ? math::sqrt(c) : 1.0;
}

/// eps > 0, in T as well, also times `least`, the smallest factor that it gets there.
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
