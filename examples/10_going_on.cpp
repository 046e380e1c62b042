// A training that can be killed at any moment and continues where it was. Kill it and start it
// again as often as you like: at the end it has the same bits as a run that was never killed.
// Usage: 10_going_on [FILE]    (without FILE it stops itself, in the folder for temporary files)
#include <fmt/core.h>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <string>
#include <vector>

namespace {

namespace io = gradus::io;
constexpr std::uint64_t last = 2000;

// Fits a line to points that a generator draws; the state of the generator is part of the run.
class Training {
 public:
  // Continues from the file, if it exists.
  explicit Training(const std::string& path) : path_(path) {
    if (std::filesystem::exists(path))
      io::load(path, opt_, io::named("weights", weights_), io::named("generator", generator_));
  }
  bool done() const { return opt_.steps() == last; }
  std::uint64_t steps() const { return opt_.steps(); }
  const std::vector<float>& weights() const { return weights_; }

  void step() {
    const float x = draw(), error = weights_[0] * x + weights_[1] - (3 * x - 1);
    opt_.step(weights_, std::vector<float>{error * x, error});
  }
  void save() const {
    io::save(path_, opt_, io::named("weights", weights_), io::named("generator", generator_));
  }

 private:
  float draw() {  // in [-1, 1)
    generator_ = generator_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<float>(generator_ >> 40) / static_cast<float>(1 << 23) - 1;
  }
  std::string path_;
  std::uint64_t generator_ = 1;
  std::vector<float> weights_{0, 0};
  gradus::Optimizer<gradus::Cosine<>, gradus::AdamW> opt_{
      gradus::Cosine{.start = 0.05, .end = 0, .steps = last}, gradus::AdamW{.weight_decay = 0},
      weights_};
};

int train(const std::string& path) {
  Training run(path);
  fmt::print("from step {}\n", run.steps());
  while (!run.done()) {
    run.step();
    if (run.steps() % 10 == 0) run.save();
  }
  fmt::print("y = {:.4f} x + {:.4f}\n", run.weights()[0], run.weights()[1]);
  return 0;
}

// Destroys the run at many different steps, saved or not; only the file remains.
int try_it() {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "gradus-going-on";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  Training whole((folder / "whole").string());
  while (!whole.done()) whole.step();

  const std::string path = (folder / "stopped").string();
  int stops = 0;
  for (bool done = false; !done; ++stops) {
    Training run(path);
    for (int i = 0; i < 137 && !run.done(); ++i) {
      run.step();
      if (run.steps() % 10 == 0) run.save();
    }
    done = run.done();
    if (done && run.weights() != whole.weights()) {
      fmt::print(stderr, "10_going_on: the weights differ from those of a run without a stop\n");
      return 1;
    }
  }
  std::filesystem::remove_all(folder);
  fmt::print("stopped {} times; y = {:.4f} x + {:.4f}, the same bits as without a stop\n",
             stops - 1, whole.weights()[0], whole.weights()[1]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return argc > 1 ? train(argv[1]) : try_it();
  } catch (const std::exception& error) {
    fmt::print(stderr, "10_going_on: {}\n", error.what());
    return 1;
  }
}
