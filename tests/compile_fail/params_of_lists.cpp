// A list of lists, and a list for one span.
// expect: gradus: the parameters are a list of lists: make one list of spans of them
// expect: gradus: this takes one span of parameters, not a list: call it once for each
#include <gradus/gradus.hpp>

#include <vector>

int main() {
  std::vector<float> p(4);
  std::vector<std::vector<float>> list{p};
  std::vector<std::vector<std::vector<float>>> lists{list};
  gradus::Optimizer opt{gradus::Constant{0.1}, gradus::SGD{}, list};
  opt.step(lists, list);
  gradus::update(gradus::SGD{}, {.rate = 0.1}, list, list);
}
