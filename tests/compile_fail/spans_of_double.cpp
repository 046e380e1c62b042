// Double where floats are wanted.
// expect: gradus: the gradients [(]or what else is read[)] are of another type than the parameters
// expect: gradus: the parameters are of another type than this was made for
// expect: AsGrads<float, std::array<double, 1U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 2U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 3U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 4U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 5U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 6U?L?L?> ?>
// expect: AsGrads<float, std::vector<double[^&]*>
// expect: AsParams<float, std::array<double, 7U?L?L?> ?&>
// expect: AsParams<float, std::array<double, 8U?L?L?> ?&>
// expect: AsParams<float, std::array<double, 9U?L?L?> ?&>
#include <gradus/gradus.hpp>

#include <array>
#include <vector>

template <std::size_t N>
std::array<double, N> wide;

int main() {
  std::vector<float> p(4), g(4);
  std::vector<double> d(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  opt.step(p, wide<1>);
  opt.step({p}, {d});
  gradus::Accumulator acc{p};
  acc.add(wide<2>);
  gradus::SAM sam{p};
  sam.climb(p, wide<3>);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, p, wide<4>);
  gradus::Groups groups{opt, opt};
  groups.step(std::tie(p, p), std::tie(g, wide<5>));
  gradus::GroupList<decltype(opt)> list;
  std::vector<std::vector<float>> lists;
  std::vector<std::array<double, 6>> of_double;
  list.step(lists, of_double);
  opt.step(wide<7>, wide<7>);
  sam.restore(wide<8>);
  gradus::exchange(opt, wide<9>, 0);
}
