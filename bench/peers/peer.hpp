// The exports of the module of another library: its optimizers behind plain functions. A module is
// opened at run time, so that each has its own flags, headers and copies of inline functions.
#pragma once

#include "../hand.hpp"

namespace peer {

/// One optimizer, with the hyper-parameters of hand.hpp.
struct Row {
  const char* rule;  ///< the name in gradus; null after the last row
  const char* name;  ///< library, version and flags
  /// A new optimizer for these arrays, with its own state or with state in `a` and `b`. If it keeps
  /// parameters and gradients itself, it replaces the pointers by its memory.
  void* (*make)(hand::Arrays& x);
  void (*step)(void* optimizer, int t);
  void (*drop)(void* optimizer);
};

/// The row of a class that is constructed from the arrays and has `step(t)`.
template <class Optimizer>
constexpr Row row(const char* rule, const char* name) {
  return {rule, name, [](hand::Arrays& x) -> void* { return new Optimizer(x); },
          [](void* optimizer, int t) { static_cast<Optimizer*>(optimizer)->step(t); },
          [](void* optimizer) { delete static_cast<Optimizer*>(optimizer); }};
}

}  // namespace peer

/// The rows of the module.
extern "C" [[gnu::visibility("default")]] const peer::Row* gradus_peer();
