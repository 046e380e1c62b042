// Kills a process whose threads are the ranks of a training that saves again and again, at random
// moments, and loads what is there: it must be a whole set, the last one that was saved or a later
// one.
//
// usage: kill_shards [KILLS]
#include <gradus/distributed/shard_files.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "support/folder.hpp"

namespace {

constexpr std::size_t n = 100'000, ranks = 3;

// After t steps every parameter is t: whatever the ranks, the sum of the gradients is -1.
template <class C>
void train(C& comm, const std::string& path, std::size_t begin, std::size_t end) {
  std::vector<float> params(n), grads(n, -1.0F / 4);
  gradus::Sharded opt{comm, gradus::Constant{1.0}, gradus::Momentum{.momentum = 0}, params};
  if (begin != 0) {
    gradus::io::load_shards(path, opt, params);
    for (const float p : params)
      if (p != static_cast<float>(opt.steps())) throw gradus::Error("a mixture was loaded");
    if (opt.steps() < begin) throw gradus::Error("an older set was loaded");
  }
  while (opt.steps() < end) {
    opt.step(params, grads, {.scale = 4.0 / static_cast<double>(comm.size())});
    gradus::io::save_shards(path, opt, params);
  }
}
// What is there: the number of steps.
std::size_t loaded(const std::string& path) {
  gradus::SelfComm self;
  std::vector<float> params(n);
  gradus::Sharded opt{self, gradus::Constant{1.0}, gradus::Momentum{.momentum = 0}, params};
  gradus::io::load_shards(path, opt, params);
  for (const float p : params)
    if (p != static_cast<float>(opt.steps())) throw gradus::Error("a mixture was loaded");
  return opt.steps();
}

int run(int kills) {
  const support::Folder folder;
  const std::string path = folder / "run.index";
  const auto begin = std::chrono::steady_clock::now();
  gradus::run_ranks(ranks, [&](auto& comm) { train(comm, path, 0, 1); });
  const auto took = std::chrono::steady_clock::now() - begin;
  const auto longest = std::chrono::duration_cast<std::chrono::microseconds>(5 * took).count();
  std::mt19937 random(1);
  std::size_t steps = 1, most_files = 0, kept = 0;
  for (int k = 0; k < kills; ++k) {
    const pid_t child = fork();
    if (child == 0) {
      try {
        gradus::run_ranks(ranks, [&](auto& comm) { train(comm, path, steps, steps + 1000); });
      } catch (const std::exception& error) {
        std::fprintf(stderr, "kill_shards: %s\n", error.what());
      }
      std::_Exit(1);  // it must be killed before
    }
    usleep(static_cast<useconds_t>(random() % static_cast<unsigned>(longest)));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status)) return 1;
    const std::size_t now = loaded(path);
    if (now < steps) throw gradus::Error("an older set was loaded");
    kept += now > steps ? 1 : 0;
    steps = now;
    most_files = std::max(most_files, folder.count());
  }
  gradus::run_ranks(ranks, [&](auto& comm) { train(comm, path, steps, steps + 1); });
  if (folder.count() != ranks + 1) throw gradus::Error("files of kills were left behind");
  std::printf("%d kills, %zu of them after a save, at most %zu files: always a whole set\n", kills,
              kept, most_files);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? std::atoi(argv[1]) : 100);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "kill_shards: %s\n", error.what());
    return 1;
  }
}
