// One span for two groups, and one for a list of them.
// expect: gradus::Groups.step takes one item for each group, step..p, q., .gp, gq..
// expect: gradus::GroupList.step takes a list of all spans, or a list with one item for each group
#include <gradus/gradus.hpp>

#include <vector>

int main() {
  std::vector<float> p(4), g(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, p};
  gradus::Groups groups{opt, opt};
  groups.step(p, g);
  gradus::GroupList<decltype(opt)> list;
  list.step(p, g);
}
