// Hand-written loops, compiled once for each set of flags, each in a namespace of its own.
#pragma once

#include <cstddef>

namespace hand {

/// The hyper-parameters of all rows: the defaults of gradus.
inline constexpr float rate = 1e-3f, mu = 0.9f, beta1 = 0.9f, beta2 = 0.999f, alpha = 0.99f,
                       decay = 0.01f;

/// The hyper-parameters of the chain. The loss scale is not a compile-time constant for the loops.
inline constexpr float limit = 1, average = 0.999f;
inline float loss_scale = 1;

/// The arrays of a hand-written loop: parameters, gradients and up to two arrays of state, each of
/// n floats, and the average of the parameters if a loop keeps one.
struct Arrays {
  float *p, *g, *a, *b;
  std::size_t n;
  float* e = nullptr;
};

using Loop = void (*)(const Arrays&, int t);

/// The loops of one rule: as in a textbook, with constants computed inside the loop; and with the
/// constants hoisted out of the loop.
struct Loops {
  Loop sgd, momentum, nesterov, adagrad, rmsprop, adam_textbook, adam, adamw;
  // The bandwidth limit: loops that read and write the same bytes and compute nothing, for 0, 1 and
  // 2 arrays of state.
  Loop roof0, roof1, roof2;
  // Unscale, clip by the norm of all gradients, AdamW, average: in separate passes, and in two
  // passes, where the first computes the norm. The limit moves the bytes of the two passes.
  Loop chain_passes, chain_fused, chain_roof;
};

namespace O2 {
extern const Loops loops;
}
namespace O3_native {
extern const Loops loops;
}
namespace O3_native_no_errno {
extern const Loops loops;
}
namespace Ofast_native {
extern const Loops loops;
}
namespace O3_native_wide {  // 512-bit vectors, which the compiler would not choose by itself
extern const Loops loops;
}

}  // namespace hand
