// optional header: needs <tbb/parallel_for.h>
#pragma once

#include <tbb/parallel_for.h>
#include <tbb/partitioner.h>

#include <cstddef>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// An executor on oneTBB's threads: `opt.step(params, grads, {}, gradus::TBB{})`.
///
/// The arena of the caller decides how many. The bits are those of `seq`. A sweep of at most 32,768
/// elements and a sum of fewer than 65,536 stay on the calling thread.
struct TBB {
  template <class F>
  void operator()(std::size_t n, const F& f) const noexcept {
    tbb::parallel_for(std::size_t{0}, n, f, tbb::static_partitioner{});
  }
};

}}  // namespace gradus::GRADUS_ABI
