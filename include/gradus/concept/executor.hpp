// What runs the pieces of a sweep.
#pragma once

#include <cstddef>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

// The concept tries an executor with an object that has state, so that an executor that takes only
// function pointers does not match.
struct ProbeTask {
  std::size_t* seen = nullptr;
  void operator()(std::size_t) const noexcept {}
};

/// Runs f(0) ... f(n - 1), in any order and on any threads, and returns when all are done. It must
/// not throw.
template <class E>
concept Executor = requires(const E& run, std::size_t n, const ProbeTask& f) { run(n, f); };

}}  // namespace gradus::GRADUS_ABI
