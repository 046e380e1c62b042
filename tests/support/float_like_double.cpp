#include "support/float_like_double.hpp"

#include <algorithm>
#include <cmath>

#include "support/reference_data.hpp"

namespace support {

void float_like_double(const AnyRule<float>& narrow_rule, const AnyRule<double>& wide_rule,
                       double rate, double tolerance) {
  default_environment();
  const Problem<float> narrow(coarse);
  const Problem<double> wide(coarse);
  AnyRun<float> a(narrow_rule, narrow.params);
  AnyRun<double> b(wide_rule, wide.params);
  for (gradus::step_t t = 0; t < reference_steps; ++t) {
    a.step(narrow_rule, {t, rate}, narrow.grads[t]);
    b.step(wide_rule, {t, rate}, wide.grads[t]);
    double largest = 0, error = 0;
    for (std::size_t i = 0; i < reference_count; ++i) {
      largest = std::max(largest, std::fabs(b.p[i]));
      error = std::max(error, std::fabs(static_cast<double>(a.p[i]) - b.p[i]));
    }
    CAPTURE(t, error, largest);
    CHECK(error <= tolerance * largest);
  }
}

template <class T>
void stays_finite(const AnyRule<T>& rule, double rate) {
  AnyRun<T> run(rule, numbers<T>(100, 1));
  for (gradus::step_t t = 0; t < 100; ++t) run.step(rule, {t, rate}, numbers<T>(100, 10 + t));
  bool finite = true;
  for (const T& x : run.p) finite = finite && gradus::math::is_finite(x);
  for (const std::vector<T>& slot : run.slots)
    for (const T& x : slot) finite = finite && gradus::math::is_finite(x);
  CHECK(finite);
}
template void stays_finite(const AnyRule<float>&, double);
template void stays_finite(const AnyRule<double>&, double);

}  // namespace support
