// A training on processes of MPI that saves after every step; kill_ranks.py kills one of them.
//
// usage: kill_ranks INDEX train [EXCHANGE RANK]    this rank kills itself at this exchange
//        kill_ranks INDEX check                    prints the number of steps of the set
#include <gradus/adapt/mpi.hpp>
#include <gradus/distributed/shard_files.hpp>
#include <gradus/gradus.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t n = 100'000;

/// A rank that kills itself when it has started so many exchanges.
class KillsItself {
 public:
  KillsItself(gradus::MpiComm& comm, long left) : comm_(comm), left_(left) {}
  std::size_t rank() const { return comm_.rank(); }
  std::size_t size() const { return comm_.size(); }
  auto start_all_to_all(const gradus::Outgoing& out, const gradus::Incoming& in) {
    count();
    return comm_.start_all_to_all(out, in);
  }
  auto start_all_gather(std::span<const std::byte> mine, const gradus::Incoming& in) {
    count();
    return comm_.start_all_gather(mine, in);
  }
  void wait(gradus::MpiComm::Request r) { comm_.wait(std::move(r)); }

 private:
  void count() {
    if (left_-- == 0) std::raise(SIGKILL);
  }
  gradus::MpiComm& comm_;
  long left_;
};

// After t steps every parameter is t: whatever the ranks, the sum of the gradients is -1.
template <class C>
int run(C& comm, const std::string& path, std::size_t steps) {
  std::vector<float> params(n), grads(n, -1.0F);
  gradus::Sharded opt{comm, gradus::Constant{1.0}, gradus::Momentum{.momentum = 0}, params};
  if (std::filesystem::exists(path)) gradus::io::load_shards(path, opt, params);
  for (const float p : params)
    if (p != static_cast<float>(opt.steps())) throw gradus::Error("a mixture was loaded");
  if (steps == 0) std::printf("%zu\n", static_cast<std::size_t>(opt.steps()));
  for (std::size_t t = 0; t < steps; ++t) {
    opt.step(params, grads, {.scale = 1.0 / static_cast<double>(comm.size())});
    gradus::io::save_shards(path, opt, params);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path = argv[1];
  const std::string_view what = argv[2];
  if (what == "check") {
    gradus::SelfComm self;
    return run(self, path, 0);
  }
  return gradus::mpi_main(
      argc, argv,
      [&](gradus::MpiComm& comm) {
        const bool kills = argc > 4 && std::atol(argv[4]) == static_cast<long>(comm.rank());
        std::ofstream(path + "-pid-" + std::to_string(comm.rank())) << getpid() << std::endl;
        KillsItself ranks(comm, kills ? std::atol(argv[3]) : -1);
        gradus::barrier(comm);  // all have written their numbers
        // With an exchange, one step and one save; otherwise until it is killed.
        return run(ranks, path, argc > 4 ? 1 : 1'000'000);
      },
      20);
}
