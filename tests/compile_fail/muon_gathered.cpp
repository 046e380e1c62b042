// Rows that go would change the shapes.
// expect: gradus::gather, restart and resize: the state of a rule for matrices belongs to
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

#include <vector>

int main() {
  std::vector<float> w(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::Muon{}, gradus::matrix(w, 2, 2)};
  gradus::gather(opt, {1, 0}, {2});
}
