// A rule for matrices where nobody knows the shapes.
// expect: gradus::update: a rule for matrices needs an Optimizer, which knows their shapes
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>

#include <vector>

int main() {
  std::vector<float> w(4), g(4), b(4);
  gradus::update(gradus::Muon{}, {0, 0.1}, w, g, b);
}
