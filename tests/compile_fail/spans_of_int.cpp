// Numbers of a type that nothing is computed in, to each call that takes some. The calls differ by
// the size of the array, so that each of them is seen to say the sentence.
// expect: gradus: the parameters must be float, double, gradus::bfloat16 or gradus::float16
// expect: gradus: the gradients [(]or what else is read[)] must be float, double
// expect: AsParams<float, std::array<int, 1U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 2U?L?L?> ?&>
// expect: AsGrads<float, std::array<int, 3U?L?L?> ?>
// expect: AsGrads<float, std::array<int, 4U?L?L?> ?>
// expect: AsGrads<float, std::array<int, 5U?L?L?> ?>
// expect: AsParams<float, std::array<int, 6U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 7U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 8U?L?L?> ?&>
// expect: AsGrads<void, std::array<int, 9U?L?L?> ?>
// expect: AsParams<float, std::array<int, 10U?L?L?> ?&>
// expect: AsGrads<float, std::array<int, 11U?L?L?> ?>
// expect: AsParams<float, std::array<int, 12U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 13U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 14U?L?L?> ?&>
// expect: AsParams<float, std::array<int, 15U?L?L?> ?&>
#include <gradus/gradus.hpp>

#include <array>
#include <vector>

template <std::size_t N>
std::array<int, N> wrong;

int main() {
  std::vector<float> p(4), g(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  gradus::Optimizer of_wrong{gradus::Constant{0.1}, gradus::SGD{}, wrong<1>};
  opt.step(wrong<2>, g);
  opt.step(p, wrong<3>);
  gradus::Accumulator acc{p}, of_others{wrong<4>};
  acc.add(wrong<5>);
  gradus::SAM sam{p}, of_none{wrong<6>};
  sam.climb(wrong<7>, g);
  sam.restore(wrong<8>);
  gradus::gradient_norm(wrong<9>);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, wrong<10>, g);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, p, wrong<11>);
  gradus::Groups groups{opt, opt};
  groups.step(std::tie(p, wrong<12>), std::tie(g, g));
  gradus::GroupList<decltype(opt)> list;
  std::vector<std::array<int, 13>> lists;
  list.step(lists, lists);
  gradus::exchange(opt, wrong<14>, 0);
  gradus::resize(opt, wrong<15>);
}
