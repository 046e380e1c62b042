// Adam has two slots.
// expect-gcc: no matching function for call to .update[(]gradus::
// expect-gcc: note: the expression .sizeof ... .State .... == .slot_count<R>
// expect-clang: because 'sizeof...[(]State[)] == slot_count<gradus::Adam> [^']*' .1 == 2. eval
#include <gradus/gradus.hpp>
#include <vector>

int main() {
  std::vector<float> params(4), grads(4), m(4);
  gradus::update(gradus::Adam{}, {.t = 0, .rate = 1e-3}, params, grads, m);
}
