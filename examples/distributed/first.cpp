// The program of docs/distributed.md: an optimizer on any number of processes of MPI.
#include <gradus/adapt/mpi.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/gradus.hpp>
#include <cstdio>
#include <vector>

int main(int argc, char** argv) {
  return gradus::mpi_main(argc, argv, [](gradus::MpiComm& comm) {
    std::vector<float> params(200'000, 0.5F), grads(params.size());
    gradus::Sharded opt{comm, gradus::Cosine{.start = 1e-3, .steps = 20},
                        gradus::Chain{gradus::ClipNorm{1}, gradus::AdamW{}}, params};
    while (opt.steps() < 20) {
      const gradus::MicroBatches mine = opt.micro_batches(12);  // of 12 on all ranks
      for (std::size_t k = mine.first; k < mine.last; ++k) {
        for (std::size_t i = 0; i < grads.size(); ++i)  // here yours
          grads[i] = params[i] - static_cast<float>((i + k) % 10);
        opt.add(grads);
      }
      opt.step(params, {.scale = 1.0 / 12});  // every rank then has all parameters
    }
    if (comm.rank() == 0) std::printf("%.9g\n", static_cast<double>(params[0]));
  });
}
