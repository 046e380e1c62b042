// A user's first program; every project of this folder but two_units builds it.
#include <gradus/gradus.hpp>

#include <cstdio>
#include <vector>

int main() {
  std::vector<float> params(100, 1.0f), grads(100, 0.5f);
#if __cpp_deduction_guides >= 201907L  // clang 16 cannot yet deduce an aggregate's arguments
  gradus::Optimizer opt{gradus::Cosine{.start = 1e-3, .end = 1e-5, .steps = 1000},
                        gradus::AdamW{.weight_decay = 0.01}, params};
#else
  gradus::Optimizer opt{gradus::Cosine<>{.start = 1e-3, .end = 1e-5, .steps = 1000},
                        gradus::AdamW{.weight_decay = 0.01}, params};
#endif
  opt.step(params, grads);

  std::printf("gradus %s: %.9g\n", GRADUS_VERSION_STRING, static_cast<double>(params[0]));
  for (const float p : params)
    if (!(p > 0.99f && p < 1.0f)) return 1;  // the first update of Adam is the rate, plus the decay
  return 0;
}
