// Spans in braces, of which one is of another type: each call says what does not fit.
// expect: gradus: the parameters must be float, double, gradus::bfloat16 or gradus::float16
// expect: gradus: the gradients [(]or what else is read[)] are of another type than the parameters
// expect: gradus: the parameters are of another type than this was made for
// expect: gradus::Groups.step takes one item for each group, step..p, q., .gp, gq..
// expect: gradus: no call takes these arguments together: in braces each item is one span
// expect: AsParams<float, std::array<int, 1U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 2U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 3U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 4U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 5U?L?L?> ?&>
// expect: AsParams<double, std::array<int, 6U?L?L?> ?&>
// expect: AsGrads<float, std::array<double, 1U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 2U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 3U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 4U?L?L?> ?>
// expect: AsGrads<float, std::array<double, 5U?L?L?> ?>
#include <gradus/gradus.hpp>

#include <array>
#include <vector>

template <std::size_t N>
std::array<int, N> whole;
template <std::size_t N>
std::array<double, N> wide;

int main() {
  std::vector<float> p(4), g(4);
  std::vector<double> d(4);
  std::vector<gradus::bfloat16> half(4);
  gradus::Optimizer mixed{gradus::Constant{0.1}, gradus::SGD{}, {p, whole<1>}};
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, {p, p}};
  opt.step({p, whole<2>}, {g, g});
  opt.step({p, wide<6>}, {g, g});
  opt.step({p, p}, {g, wide<1>});
  opt.step({p, p}, {half, half});
  gradus::Accumulator acc{gradus::spans(p, p)};
  acc.add({g, wide<2>});
  acc.step(opt, {p, whole<3>});
  gradus::SAM sam{gradus::spans(p, p)};
  sam.climb({p, whole<4>}, {g, g});
  sam.climb({p, p}, {g, wide<3>});
  sam.step(opt, {p, whole<5>}, {g, wide<4>});
  gradus::Groups groups{opt, gradus::Optimizer{gradus::Constant{0.1}, gradus::SGD{}, d}};
  groups.step({p, whole<6>}, {wide<5>, d});
  groups.step({p}, {g});
}
