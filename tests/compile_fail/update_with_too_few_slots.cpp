// Adam has two slots.
// expect: update
// expect: slot_count
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4), grads(4), m(4);
  gradus::update(gradus::Adam{}, {.t = 0, .rate = 1e-3}, params, grads, m);
}
