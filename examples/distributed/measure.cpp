// Measures one training of 1,000,003 parameters for docs/distributed.md, and prints a line of JSON.
//
// usage: measure SCHEME MICRO_BATCHES [THREADS]
// SCHEME is sharded, replicated or bfloat16; MICRO_BATCHES 0 is one on each rank. The ranks are
// threads, or processes of MPI.
#include <gradus/adapt/mpi.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "counting.hpp"

namespace {

constexpr std::size_t n = 1'000'003, steps = 10;

/// The most memory that this process has had in RAM, in kB; 0 where the system does not say.
long most_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (long kilobytes = 0; word == "VmHWM:" && status >> kilobytes) return kilobytes;
  return 0;
}

template <gradus::Comm C>
void run(C& plain, std::string_view scheme, std::size_t micro_batches) {
  Counting comm(plain);
  const long before_all = most_memory();
  std::vector<float> params(n), grads(n);
  for (std::size_t i = 0; i < n; ++i) params[i] = static_cast<float>(i % 97) / 97.0F;
  gradus::Sharded opt{
      comm,
      gradus::Constant{1e-3},
      gradus::Chain{gradus::ClipNorm{1}, gradus::AdamW{}},
      params,
      {.replicated = scheme == "replicated", .bfloat16_gradients = scheme == "bfloat16"}};
  const std::size_t all = micro_batches == 0 ? comm.size() : micro_batches;
  const auto before = comm.sent;
  double seconds = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    const gradus::MicroBatches mine = opt.micro_batches(all);
    for (std::size_t k = mine.first; k < mine.last; ++k) {
      auto x = static_cast<std::uint32_t>(t * 977 + k * 31 + 1);
      for (float& g : grads) {
        x = x * 1664525U + 1013904223U;
        g = static_cast<float>(static_cast<std::int32_t>(x)) * 0x1p-31F;
      }
      opt.add(grads);
    }
    gradus::barrier(plain);
    const auto begin = std::chrono::steady_clock::now();
    opt.step(params, {.scale = 1.0 / static_cast<double>(all)});
    gradus::barrier(plain);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  if (comm.rank() + 1 != comm.size()) return;
  gradus::io::Crc64 sum;
  sum.add(params.data(), n * sizeof(float));
  const auto state = opt.own().size() * 2 * sizeof(float);
  std::printf(
      "{\"ranks\": %zu, \"micro_batches\": %zu, \"scheme\": \"%s\", \"digest\": \"%016llx\", "
      "\"sent\": %llu, "
      "\"state\": %zu, \"memory\": %ld, \"seconds\": %.6f}\n",
      comm.size(), all, std::string(scheme).c_str(), static_cast<unsigned long long>(sum.value()),
      static_cast<unsigned long long>((comm.sent - before) / steps), state,
      most_memory() - before_all, seconds / steps);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view scheme = argc > 1 ? argv[1] : "sharded";
  const auto micro_batches = static_cast<std::size_t>(argc > 2 ? std::atoi(argv[2]) : 12);
  if (argc > 3) {
    gradus::run_ranks(static_cast<std::size_t>(std::atoi(argv[3])),
                      [&](gradus::ThreadComm& comm) { run(comm, scheme, micro_batches); });
    return 0;
  }
  return gradus::mpi_main(argc, argv,
                          [&](gradus::MpiComm& comm) { run(comm, scheme, micro_batches); });
}
