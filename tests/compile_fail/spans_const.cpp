// Parameters that may not be written, to each call that writes them: as in spans_of_int.cpp.
// expect: gradus: the parameters are const, but they are written to: pass what is not const
// expect: AsParams<float, const std::array<float, 1U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 2U?L?L?> ?&>
// expect: AsParams<float, std::array<std::span<const float[^>]*>, 3U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 4U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 5U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 6U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 7U?L?L?> ?&>
// expect: AsParams<float, const std::array<float, 8U?L?L?> ?&>
// expect: gradus: a slot is written to, and of float, double, gradus::bfloat16, gradus::float16
// expect: AsSlot<const std::array<float, 9U?L?L?> ?&>
#include <gradus/gradus.hpp>

#include <array>
#include <vector>

template <std::size_t N>
const std::array<float, N> fixed{};

int main() {
  std::vector<float> p(4), g(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  gradus::Optimizer of_fixed{gradus::Constant{0.1}, gradus::SGD{}, fixed<1>};
  opt.step(fixed<2>, g);
  std::array<std::span<const float>, 3> list;
  opt.step(list, list);
  gradus::SAM sam{p}, of_none{fixed<4>};
  sam.climb(fixed<5>, g);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, fixed<6>, g);
  gradus::Groups groups{opt, opt};
  groups.step(std::tie(p, fixed<7>), std::tie(g, g));
  gradus::gather(opt, {0}, {1}, fixed<8>);
  gradus::update(gradus::Momentum{}, {.rate = 0.1}, p, g, fixed<9>);
}
