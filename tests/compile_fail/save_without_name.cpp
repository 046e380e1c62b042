// Numbers without a name.
// expect: gradus::io::save takes optimizers, Groups, GroupLists, and what is named
#include <gradus/gradus.hpp>
#include <gradus/save/save.hpp>
#include <vector>

int main() {
  const std::vector<float> params(4);
  gradus::io::save("x", params);
}
