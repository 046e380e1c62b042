// A rule in float beside the same rule in double, and at the edges of its fields.
#pragma once

#include "support/any_rule.hpp"

namespace support {

/// 200 steps of the reference problem: each parameter in float within `tolerance` of the one in
/// double, relative to the largest.
void float_like_double(const AnyRule<float>& narrow, const AnyRule<double>& wide, double rate,
                       double tolerance);
template <class R>
void float_like_double(const R& rule, double rate, double tolerance) {
  float_like_double(Erased<R, float>(rule), Erased<R, double>(rule), rate, tolerance);
}

/// 100 steps leave parameters and slots finite.
template <class T>
void stays_finite(const AnyRule<T>& rule, double rate);
template <class R>
void stays_finite(const R& rule, double rate) {
  stays_finite<float>(Erased<R, float>(rule), rate);
  stays_finite<double>(Erased<R, double>(rule), rate);
}

}  // namespace support
