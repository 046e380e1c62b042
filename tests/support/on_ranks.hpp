// Functions that run on ranks. `run_ranks` is compiled for each function that it calls; this calls
// them all by one pointer, so that a file compiles the threads once.
#pragma once

#include <gradus/distributed/thread_comm.hpp>

#include <chrono>
#include <cstddef>

namespace support {

/// A function of a rank, which must outlive this.
class RankFunction {
 public:
  template <class F>
  RankFunction(const F& f)  // NOLINT: a function is given where this is asked for
      : function_(&f), call_([](const void* function, gradus::ThreadComm& comm) {
          (*static_cast<const F*>(function))(comm);
        }) {}
  void operator()(gradus::ThreadComm& comm) const { call_(function_, comm); }

 private:
  const void* function_;
  void (*call_)(const void*, gradus::ThreadComm&);
};
/// Calls f(comm) on so many ranks, as `gradus::run_ranks` does.
inline void on_ranks(std::size_t ranks, RankFunction f,
                     std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  gradus::run_ranks(ranks, f, patience);
}

}  // namespace support
