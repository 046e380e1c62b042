// optional header: needs <omp.h> and the compiler's OpenMP flag
#pragma once

#include <omp.h>

#include <cstddef>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// An executor on OpenMP's threads: `opt.step(params, grads, {}, gradus::OpenMP{})`.
///
/// Every thread gets one part of the parameters, the same at every step. The bits are those of
/// `seq`. A sweep of at most 32,768 elements and a sum of fewer than 65,536 stay on the calling
/// thread.
struct OpenMP {
  int threads = 0;  ///< 0: as many as OpenMP takes by itself

  template <class F>
  void operator()(std::size_t n, const F& f) const noexcept {
    const int team = threads > 0 ? threads : omp_get_max_threads();
#pragma omp parallel for schedule(static) num_threads(team)
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};

}}  // namespace gradus::GRADUS_ABI
