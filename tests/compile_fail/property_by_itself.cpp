// A rule that declares a property as a member of its own.
// expect: gradus: a rule declares its properties together: static constexpr RuleTraits traits
#include <gradus/gradus.hpp>

struct ByLoss {
  static constexpr bool needs_loss = true;
  template <gradus::Real T>
  constexpr gradus::SGD::Kernel<T> prepare(const gradus::Context& c) const {
    return {static_cast<T>(c.rate * c.loss)};
  }
};

int main() {
  float p = 0, g = 0;
  gradus::Optimizer opt{gradus::Constant<>{0.1}, ByLoss{}, std::span(&p, 1)};
  opt.step(std::span(&p, 1), std::span<const float>(&g, 1));
}
