// Blocks of 8 bits reach across spans.
// expect: gradus: blocks of 8 bits reach across spans, so that a rule for matrices cannot
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

#include <vector>

int main() {
  std::vector<float> w(4), g(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::stored<gradus::Signed8>(gradus::Muon{}),
                        gradus::matrix(w, 2, 2)};
  opt.step(w, g);
}
