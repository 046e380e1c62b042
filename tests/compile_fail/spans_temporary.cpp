// Parameters that would be gone with what is written into them; a span of them would not.
// expect: gradus: the parameters are a temporary, or a list that makes its elements on the way
// expect: AsParams<float, std::array<float, 1U?L?L?> ?>
// expect: AsParams<float, std::array<float, 2U?L?L?> ?>
// expect: AsParams<float, std::array<float, 3U?L?L?> ?>
// expect: AsParams<float, std::array<float, 4U?L?L?> ?>
// expect: gradus::spans: a temporary would be gone after the call: give it a name
// expect: AsSpan<std::array<float, 5U?L?L?> ?>
#include <gradus/gradus.hpp>

#include <array>
#include <vector>

template <std::size_t N>
std::array<float, N> made() {
  return {};
}

int main() {
  std::vector<float> p(4), g(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  gradus::Optimizer of_made{gradus::Constant{0.1}, gradus::SGD{}, made<1>()};
  opt.step(made<2>(), g);
  gradus::SAM sam{p};
  sam.climb(made<3>(), g);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, made<4>(), g);
  gradus::spans(p, made<5>());
}
