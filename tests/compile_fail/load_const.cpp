// Loading into what may not be written.
// expect: gradus::io::load: what is const cannot be loaded
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <vector>

int main() {
  const std::vector<float> params(4);
  gradus::Optimizer opt{gradus::Constant<>{0.1}, gradus::SGD{}, 4};
  gradus::io::load("x", opt, gradus::io::named("params", params));
}
