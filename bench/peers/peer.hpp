// What another library's module exports: its optimizers behind plain functions. A module is opened
// at run time, so that each keeps its own flags, headers and copies of inline functions.
#pragma once

#include "../hand.hpp"

namespace peer {

/// One optimizer, with the hyper-parameters of hand.hpp.
struct Row {
  const char* rule;  ///< as gradus calls it; null after the last row
  const char* name;  ///< library, version and flags
  /// A new optimizer for these arrays, with state of its own or in `a` and `b`. One that keeps
  /// parameters and gradients itself puts its memory in their place.
  void* (*make)(hand::Arrays& x);
  void (*step)(void* optimizer, int t);
  void (*drop)(void* optimizer);
};

/// The row of a class that is made from the arrays and has `step(t)`.
template <class Optimizer>
constexpr Row row(const char* rule, const char* name) {
  return {rule, name, [](hand::Arrays& x) -> void* { return new Optimizer(x); },
          [](void* optimizer, int t) { static_cast<Optimizer*>(optimizer)->step(t); },
          [](void* optimizer) { delete static_cast<Optimizer*>(optimizer); }};
}

}  // namespace peer

/// The module's rows.
extern "C" [[gnu::visibility("default")]] const peer::Row* gradus_peer();
