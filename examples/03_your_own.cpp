// Defines a schedule and a rule in a namespace of its own and uses them like the built-in ones.
// There is no base class and no registration. The rule is Lion (X. Chen et al., Symbolic discovery
// of optimization algorithms, 2023): it moves every parameter by the same amount, so that the
// scales of the parameters do not matter.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <gradus/gradus.hpp>

namespace mine {

/// Stays at `rate` until step `flat`, then falls in a straight line to 0 within `down` steps.
struct Trapezoid {
  static constexpr const char* name = "Trapezoid";
  double rate = 0, flat = 0, down = 1;

  constexpr double operator()(gradus::step_t t) const {
    const double fraction = 1 - (static_cast<double>(t) - flat) / down;
    return fraction > 1 ? rate : fraction < 0 ? 0 : rate * fraction;
  }
  constexpr gradus::Fault check() const {  // the Optimizer calls it once
    return down > 0 ? gradus::Fault{} : gradus::Fault{name, "down", "must be > 0", down};
  }
};

struct Lion {
  static constexpr const char* name = "Lion";  // the name in errors, and of its slots in a chain
  double beta1 = 0.9, beta2 = 0.99;

  constexpr std::array<gradus::Slot, 1> slots() const { return {{{"m"}}}; }

  template <gradus::Real T>
  struct Kernel {
    T rate, keep1, add1, keep2, add2;
    template <class V>  // V is a pack of several T: use select_less in place of `if`
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>& s) const {
      const V c = keep1 * s[0] + add1 * g, zero(T{0});
      s[0] = keep2 * s[0] + add2 * g;
      return select_less(zero, c, V(rate), select_less(c, zero, V(-rate), zero));
    }
  };
  template <gradus::Real T>  // computes what all parameters share, once per step, in double
  constexpr Kernel<T> prepare(const gradus::Context& c) const {
    const auto t = [](double x) { return static_cast<T>(x); };
    return {t(c.rate), t(beta1), t(1 - beta1), t(beta2), t(1 - beta2)};
  }
  constexpr gradus::Fault check() const {
    if (!(beta1 >= 0 && beta1 < 1)) return {name, "beta1", "must be in [0, 1)", beta1};
    if (!(beta2 >= 0 && beta2 < 1)) return {name, "beta2", "must be in [0, 1)", beta2};
    return {};
  }
};

}  // namespace mine

int main() {
  const gradus::Warmup schedule{10, mine::Trapezoid{.rate = 0.05, .flat = 90, .down = 100}};
  const std::array<double, 3> curvature = {0.01, 1, 100};  // of a valley whose minimum is at 1
  std::array<double, 3> p = {}, g = {};
  gradus::Optimizer opt{schedule, gradus::Chain{gradus::ClipNorm{1.0}, mine::Lion{}}, p};
  for (int i = 0; i <= 200; ++i) {
    if (i % 40 == 0) fmt::print("{:3}: {:.3f}  {:.3f}  {:.3f}\n", i, p[0], p[1], p[2]);
    for (std::size_t k = 0; k < 3; ++k) g[k] = curvature[k] * (p[k] - 1);
    opt.step(p, g);
  }
  bool refused = false;
  try {
    gradus::Optimizer{schedule, mine::Lion{.beta1 = 1.5}, p};
  } catch (const gradus::Error& e) {
    refused = true;
    fmt::print("refused: {}\n", e.what());
  }
  const double off = std::abs(p[0] - 1) + std::abs(p[1] - 1) + std::abs(p[2] - 1);
  if (off < 0.01 && refused) return 0;
  fmt::print(stderr, "Lion is {} off, or a beta1 of 1.5 was not refused\n", off);
  return 1;
}
