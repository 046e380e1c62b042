// Compiled several times with -DHAND_FLAGS=<namespace> and the flags that it names; see
// CMakeLists.txt.
#include "hand.hpp"

#include <cmath>
#include <cstdint>

namespace hand::HAND_FLAGS {
namespace {

// __restrict tells the compiler that the arrays do not overlap, which makes the hand loop as fast
// as possible.
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

// The factor that clips by the norm of the gradients, with several independent sums, which a
// compiler can vectorise.
float clip(const Arrays& x, float scale) {
  const float* const g = x.g;
  double sums[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= x.n; i += 16)
    for (std::size_t j = 0; j < 16; ++j) {
      const auto y = static_cast<double>(g[i + j]);
      sums[j] += y * y;
    }
  double sum = 0;
  for (; i < x.n; ++i) sum += static_cast<double>(g[i]) * static_cast<double>(g[i]);
  for (const double y : sums) sum += y;
  const float norm = scale * static_cast<float>(std::sqrt(sum));
  return norm > limit ? limit / norm : 1;
}
void multiply(float* g, std::size_t n, float factor) {
  for (std::size_t i = 0; i < n; ++i) g[i] *= factor;
}
void chain_passes(const Arrays& x, int t) {
  multiply(x.g, x.n, 1 / loss_scale);
  multiply(x.g, x.n, clip(x, 1));
  adamw(x, t);
  float* const __restrict e = x.e;
  const float* const __restrict p = x.p;
  for (std::size_t i = 0; i < x.n; ++i) e[i] = average * e[i] + (1 - average) * p[i];
}
void chain_fused(const Arrays& x, int t) {
  HAND_ARRAYS(x);
  float* const __restrict e = x.e;
  const float size = rate / (1 - std::pow(beta1, static_cast<float>(t)));
  const float root = std::sqrt(1 - std::pow(beta2, static_cast<float>(t)));
  const float keep = 1 - rate * decay;
  const float factor = clip(x, 1 / loss_scale) / loss_scale;
  for (std::size_t i = 0; i < n; ++i) {
    const float y = factor * g[i];
    a[i] = beta1 * a[i] + (1 - beta1) * y;
    b[i] = beta2 * b[i] + (1 - beta2) * y * y;
    p[i] = keep * p[i] - size * a[i] / (std::sqrt(b[i]) / root + 1e-8f);
    e[i] = average * e[i] + (1 - average) * p[i];
  }
}

// Uses integers, so that nothing is slow to compute, and the compiler can leave nothing out.
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
void chain_roof(const Arrays& x, int) {
  const Word* const __restrict g = words(x.g);
  Word* const __restrict p = words(x.p);
  Word* const __restrict a = words(x.a);
  Word* const __restrict b = words(x.b);
  Word* const __restrict e = words(x.e);
  Word all = 0;  // as with a norm, the second pass cannot begin before the last gradient is read
  for (std::size_t i = 0; i < x.n; ++i) all ^= g[i];
  for (std::size_t i = 0; i < x.n; ++i) {
    const Word y = g[i] ^ all;
    a[i] ^= y;
    b[i] ^= y;
    p[i] ^= y;
    e[i] ^= y;
  }
}

}  // namespace

const Loops loops{sgd,   momentum, nesterov, adagrad, rmsprop,      adam_textbook, adam,
                  adamw, roof<0>,  roof<1>,  roof<2>, chain_passes, chain_fused,   chain_roof};

}  // namespace hand::HAND_FLAGS
