// A network with 150,000 weights learns the digits on several processes of MPI. A step has 12
// micro-batches, which the processes divide; the table is the same for any number of processes,
// also if the training is saved by some and continued by others.
//
//   mpirun -n 4 example_distributed_digits save run.index     saves after 40 of 80 steps, and ends
//   mpirun -n 3 example_distributed_digits load run.index     goes on from there
//
// Without arguments it makes all 80 steps. The other arguments are for tests of failures: `differ`,
// `die` and `hang` make rank 1 do so.
#include <gradus/adapt/mpi.hpp>
#include <gradus/distributed/shard_files.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/gradus.hpp>

#include <fmt/core.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "../digits/data.hpp"
#include "../digits/network.hpp"

namespace {

constexpr std::size_t steps = 80, micro_batches = 12, images_each = 4;

// The images of a micro-batch of a step.
std::vector<const digits::Image*> images_of(const digits::Digits& digits, std::size_t step,
                                            std::size_t batch) {
  std::vector<const digits::Image*> images;
  for (std::size_t i = 0; i < images_each; ++i) {
    const std::size_t at = (step * micro_batches + batch) * images_each + i;
    images.push_back(&digits.train[at * 7 % digits.train.size()]);
  }
  return images;
}

int run(gradus::MpiComm& comm, std::string_view what, const std::string& path) {
  const digits::Digits digits(digits::read(GRADUS_DIGITS));
  const auto network = std::make_unique<digits::BasicNetwork<2048>>(1);
  const bool odd = comm.rank() == 1;
  auto params = network->params();
  gradus::Sharded opt{
      comm, gradus::Cosine{.start = what == "differ" && odd ? 2e-3 : 1e-3, .steps = steps},
      gradus::Chain{gradus::ClipNorm{1}, gradus::AdamW{}}, params};
  if (what == "load") gradus::io::load_shards(path, opt, params);
  while (opt.steps() < steps) {
    const std::size_t step = opt.steps();
    if (step == steps / 2 && what == "save") break;
    if (step == 5 && odd && what == "die") std::raise(SIGKILL);
    if (step == 5 && odd && what == "hang") std::this_thread::sleep_for(std::chrono::hours(1));

    const gradus::MicroBatches mine = opt.micro_batches(micro_batches);
    for (std::size_t k = mine.first; k < mine.last; ++k) {
      network->learn(images_of(digits, step, k));
      opt.add(network->grads());
    }
    const double rate = opt.step(params, {.scale = 1.0 / micro_batches}).rate;
    if (opt.steps() % 10 != 0 || comm.rank() != 0) continue;
    gradus::io::Crc64 sum;
    for (const auto& p : params) sum.add(p.data(), p.size_bytes());
    fmt::print("step {:3}  rate {:.6f}  test accuracy {:5.1f} %  weights {:016x}\n", opt.steps(),
               rate, 100 * network->accuracy(digits.test), sum.value());
  }
  if (what == "save") gradus::io::save_shards(path, opt, params);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  return gradus::mpi_main(
      argc, argv, [&](gradus::MpiComm& comm) { return run(comm, what, argc > 2 ? argv[2] : ""); },
      10);
}
