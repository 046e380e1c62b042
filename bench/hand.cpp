// Compiled several times with -DHAND_FLAGS=<namespace> and the flags that it names; see
// CMakeLists.txt.
#include "hand.hpp"

#include <cmath>
#include <cstdint>

namespace hand::HAND_FLAGS {
namespace {

// The caller's promise that the arrays do not overlap is given to the compiler: a hand loop at its
// best.
#define HAND_ARRAYS(x)                                \
  float* const __restrict p = (x).p;                  \
  const float* const __restrict g = (x).g;            \
  [[maybe_unused]] float* const __restrict a = (x).a; \
  [[maybe_unused]] float* const __restrict b = (x).b; \
  const std::size_t n = (x).n

void sgd(const Arrays& x, int) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) p[i] -= rate * g[i];
}
void momentum(const Arrays& x, int) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = mu * a[i] + g[i];
    p[i] -= rate * a[i];
  }
}
void nesterov(const Arrays& x, int) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = mu * a[i] + g[i];
    p[i] -= rate * (g[i] + mu * a[i]);
  }
}
void adagrad(const Arrays& x, int) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] += g[i] * g[i];
    p[i] -= rate * g[i] / (std::sqrt(a[i]) + 1e-10f);
  }
}
void rmsprop(const Arrays& x, int) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = alpha * a[i] + (1 - alpha) * g[i] * g[i];
    p[i] -= rate * g[i] / (std::sqrt(a[i]) + 1e-8f);
  }
}
void adam_textbook(const Arrays& x, int t) {
  HAND_ARRAYS(x);
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = beta1 * a[i] + (1 - beta1) * g[i];
    b[i] = beta2 * b[i] + (1 - beta2) * g[i] * g[i];
    const float m = a[i] / (1 - std::pow(beta1, static_cast<float>(t)));
    const float v = b[i] / (1 - std::pow(beta2, static_cast<float>(t)));
    p[i] -= rate * m / (std::sqrt(v) + 1e-8f);
  }
}
void adam_with(const Arrays& x, int t, float keep) {
  HAND_ARRAYS(x);
  const float size = rate / (1 - std::pow(beta1, static_cast<float>(t)));
  const float root = std::sqrt(1 - std::pow(beta2, static_cast<float>(t)));
  for (std::size_t i = 0; i < n; ++i) {
    a[i] = beta1 * a[i] + (1 - beta1) * g[i];
    b[i] = beta2 * b[i] + (1 - beta2) * g[i] * g[i];
    p[i] = keep * p[i] - size * a[i] / (std::sqrt(b[i]) / root + 1e-8f);
  }
}
void adam(const Arrays& x, int t) { adam_with(x, t, 1); }
void adamw(const Arrays& x, int t) { adam_with(x, t, 1 - rate * decay); }

// Integers, so that nothing is computed that a processor could be slow at, and nothing can be left
// out.
using Word [[gnu::may_alias]] = std::uint32_t;
Word* words(float* x) { return reinterpret_cast<Word*>(x); }
template <int Slots>
void roof(const Arrays& x, int) {
  Word* const __restrict p = words(x.p);
  Word* const __restrict a = words(x.a);
  Word* const __restrict b = words(x.b);
  const Word* const __restrict g = words(x.g);
  const std::size_t n = x.n;
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (Slots > 0) a[i] ^= g[i];
    if constexpr (Slots > 1) b[i] ^= g[i];
    p[i] ^= g[i];
  }
}

}  // namespace

const Loops loops{sgd,  momentum, nesterov, adagrad, rmsprop, adam_textbook,
                  adam, adamw,    roof<0>,  roof<1>, roof<2>};

}  // namespace hand::HAND_FLAGS
