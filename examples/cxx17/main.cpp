// A program in C++17 that trains through gradus: w approaches (1, 2, 3).
#include <cmath>
#include <cstdio>
#include <vector>

#include "trainer.hpp"

static_assert(__cplusplus < 202002L, "this file is to be compiled as C++17");

int main() {
  std::vector<float> w(3), g(3);
  Trainer trainer(w.data(), w.size(), 0.1, 300);
  for (int t = 0; t < 300; ++t) {
    for (std::size_t i = 0; i < 3; ++i) g[i] = w[i] - static_cast<float>(i + 1);
    trainer.step(w.data(), g.data());
  }
  std::printf("w = %.3f %.3f %.3f\n", static_cast<double>(w[0]), static_cast<double>(w[1]),
              static_cast<double>(w[2]));
  for (std::size_t i = 0; i < 3; ++i)
    if (std::fabs(w[i] - static_cast<float>(i + 1)) > 0.05f) return 1;
  return 0;
}
