// The terms of a measure that give a sum in place of factors.
// expect: gradus: a measure's terms must be callable as terms.p, g, slots. while they are const
#include <gradus/gradus.hpp>

struct Summing {
  struct Terms {
    static constexpr std::size_t count = 1;
    template <class V, std::size_t N>
    V operator()(const V&, const V& g, const std::array<V, N>&) const {
      return g * g;
    }
  };
  template <class T, class M>
  gradus::SGD::Kernel<T> prepare(const gradus::Context& c, const M& measure) const {
    return {static_cast<T>(measure(Terms{})[0] * c.rate)};
  }
};

int main() {
  float p = 0, g = 0;
  gradus::Optimizer opt{gradus::Constant<>{0.1}, Summing{}, std::span(&p, 1)};
  opt.step(std::span(&p, 1), std::span<const float>(&g, 1));
}
