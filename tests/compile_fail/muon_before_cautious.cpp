// A stage that takes sums over all steps, which are made one matrix after another.
// expect: gradus: a step stage that takes sums over the steps .Cautious, Mechanic. cannot stand
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

#include <vector>

int main() {
  std::vector<float> w(4), g(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Chain{gradus::Muon{}, gradus::Cautious{}},
                        gradus::matrix(w, 2, 2)};
  opt.step(w, g);
}
