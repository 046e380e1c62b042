// optional header: needs <mpi.h>
// Ranks that are processes of MPI.
#pragma once

#include <mpi.h>

#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gradus/config/refuse.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A rank that is a process of MPI.
///
///   int main(int argc, char** argv) {
///     return gradus::mpi_main(argc, argv, [](gradus::MpiComm& comm) { ... });
///   }
///
/// Or, in a program that calls MPI itself: `MpiComm comm(MPI_COMM_WORLD);`, which duplicates the
/// communicator, so that its messages and those of the program do not mix.
/// Errors: what MPI reports; an exchange that takes longer than `patience` seconds.
class MpiComm {
 public:
  /// An exchange that has been started.
  struct Request {
    MPI_Request request = MPI_REQUEST_NULL;
    std::vector<int> out{}, out_at{}, in{}, in_at{};  // sizes and places, which MPI reads meanwhile
  };

  explicit MpiComm(MPI_Comm comm = MPI_COMM_WORLD, double patience = 300) : patience_(patience) {
    check(MPI_Comm_dup(comm, &comm_), "MPI_Comm_dup");
    check(MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    int rank = 0, size = 1;
    check(MPI_Comm_rank(comm_, &rank), "MPI_Comm_rank");
    check(MPI_Comm_size(comm_, &size), "MPI_Comm_size");
    rank_ = static_cast<std::size_t>(rank), size_ = static_cast<std::size_t>(size);
  }
  MpiComm(const MpiComm&) = delete;
  MpiComm& operator=(const MpiComm&) = delete;
  ~MpiComm() {  // after an error the other ranks may not come to this call
    if (std::uncaught_exceptions() == 0) MPI_Comm_free(&comm_);
  }

  std::size_t rank() const noexcept { return rank_; }
  std::size_t size() const noexcept { return size_; }
  Request start_all_to_all(const Outgoing& out, const Incoming& in) {
    Request r;
    places(out.sizes, r.out, r.out_at);
    places(in.sizes, r.in, r.in_at);
    check(MPI_Ialltoallv(out.data, r.out.data(), r.out_at.data(), MPI_BYTE, in.data, r.in.data(),
                         r.in_at.data(), MPI_BYTE, comm_, &r.request),
          "MPI_Ialltoallv");
    return r;
  }
  Request start_all_gather(std::span<const std::byte> mine, const Incoming& in) {
    Request r;
    places(in.sizes, r.in, r.in_at);
    check(MPI_Iallgatherv(mine.data(), static_cast<int>(mine.size()), MPI_BYTE, in.data,
                          r.in.data(), r.in_at.data(), MPI_BYTE, comm_, &r.request),
          "MPI_Iallgatherv");
    return r;
  }
  void wait(Request r) {
    const double begin = MPI_Wtime();
    for (int done = 0;;) {
      check(MPI_Test(&r.request, &done, MPI_STATUS_IGNORE), "MPI_Test");
      if (done != 0) return;
      if (MPI_Wtime() - begin > patience_) {
        detail::keep(std::move(r));  // MPI still reads the sizes
        refuse(io::detail::concat({"gradus::MpiComm.wait must end within ",
                                   std::to_string(static_cast<long>(patience_)),
                                   " s (another rank has not come)"})
                   .c_str());
      }
      std::this_thread::yield();  // there may be more ranks than cores
    }
  }

 private:
  /// Refuses what MPI reports.
  static void check(int error, const char* call) {
    if (error == MPI_SUCCESS) return;
    char text[MPI_MAX_ERROR_STRING + 1] = {};
    int size = 0;
    MPI_Error_string(error, text, &size);
    refuse(io::detail::concat({"gradus::MpiComm: ", call, " failed: ", text}).c_str());
  }
  /// The sizes and the places of messages as MPI has them.
  static void places(std::span<const std::size_t> sizes, std::vector<int>& counts,
                     std::vector<int>& at) {
    std::size_t sum = 0;
    for (const std::size_t size : sizes) {
      counts.push_back(static_cast<int>(size));
      at.push_back(static_cast<int>(sum));
      sum += size;
    }
    if (sum > INT_MAX) refuse("gradus::MpiComm: an exchange must have less than 2^31 bytes");
  }

  MPI_Comm comm_ = MPI_COMM_NULL;
  double patience_;
  std::size_t rank_ = 0, size_ = 1;
};

/// The whole of a `main`: starts MPI, calls `f(comm)`, which may return an exit status, and ends
/// MPI. If `f` throws, the rank says what, and the job ends with status 1 a second later, so that
/// the other ranks can say what they have to, too.
template <class F>
int mpi_main(int argc, char** argv, const F& f, double patience = 300) {
  MPI_Init(&argc, &argv);
  int status = 0;
  try {
    MpiComm comm(MPI_COMM_WORLD, patience);
    if constexpr (requires { int{f(comm)}; })
      status = f(comm);
    else
      f(comm);
  } catch (const std::exception& error) {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    std::fprintf(stderr, "rank %d: %s\n", rank, error.what());
    std::fflush(stderr);
    std::this_thread::sleep_for(std::chrono::seconds(1));
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
  MPI_Finalize();
  return status;
}

}}  // namespace gradus::GRADUS_ABI
