// A network of libtorch that is trained with gradus: first its schedule drives torch::optim::AdamW,
// then gradus also makes the steps, and goes on after a restart.
#include <torch/torch.h>
#include <gradus/adapt/torch_optimizer.hpp>
#include <gradus/adapt/torch_scheduler.hpp>
#include <gradus/gradus.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <cstdint>
#include <cstdio>
#include <filesystem>

namespace {

torch::nn::Sequential make_model() {
  torch::manual_seed(1);
  return torch::nn::Sequential(torch::nn::Linear(1, 16), torch::nn::Tanh(),
                               torch::nn::Linear(16, 1));
}
torch::Tensor loss_of(torch::nn::Sequential& model) {
  const torch::Tensor x = torch::linspace(-3, 3, 64).reshape({64, 1});
  return torch::mse_loss(model->forward(x), torch::sin(x));
}

// Only the schedule is of gradus.
double with_scheduler() {
  torch::nn::Sequential model = make_model();
  torch::optim::AdamW optimizer(model->parameters());
  gradus::TorchScheduler scheduler{
      optimizer, gradus::Warmup{20, gradus::Cosine{.start = 0.02, .end = 0, .steps = 300}}};
  for (int t = 0; t < 320; ++t) {
    optimizer.zero_grad();
    loss_of(model).backward();
    optimizer.step();
    scheduler.step();  // after optimizer.step(), as in PyTorch
  }
  return loss_of(model).item<double>();
}

// The rate falls when the loss does; each parameter group keeps its own initial rate.
double with_plateau() {
  torch::nn::Sequential model = make_model();
  torch::optim::AdamW optimizer(model->parameters(), torch::optim::AdamWOptions(0.02));
  gradus::TorchScheduler scheduler{optimizer, gradus::Plateau{.factor = 0.5, .patience = 2}};
  for (int epoch = 0; epoch < 40; ++epoch) {
    for (int t = 0; t < 8; ++t) {
      optimizer.zero_grad();
      loss_of(model).backward();
      optimizer.step();
    }
    scheduler.step(loss_of(model).item<double>());
  }
  return loss_of(model).item<double>();
}

// Schedule and rule are of gradus. The state goes into a file of the safetensors format.
double with_optimizer(const std::string& path) {
  torch::nn::Sequential model = make_model();
  gradus::TorchOptimizer opt{gradus::Cosine{.start = 0.02, .end = 0, .steps = 300},
                             gradus::AdamW{.weight_decay = 0.01}, model->parameters()};
  if (std::filesystem::exists(path + ".safetensors")) {
    gradus::io::load(path + ".safetensors", opt.groups());
    torch::load(model, path + ".pt");
  }
  while (opt.steps() < 300) {
    opt.zero_grad();
    loss_of(model).backward();
    opt.step();
    if (opt.steps() == 150) {  // from here, a second run goes on
      gradus::io::save(path + ".safetensors", opt.groups());
      torch::save(model, path + ".pt");
    }
  }
  return loss_of(model).item<double>();
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / "gradus-example-torch";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const double losses[] = {with_scheduler(), with_plateau(), with_optimizer(folder / "run"),
                           with_optimizer(folder / "run")};
  std::filesystem::remove_all(folder);
  std::printf("loss with a scheduler %.2g, with a plateau %.2g, with an optimizer %.2g\n",
              losses[0], losses[1], losses[2]);
  bool good = losses[2] == losses[3];  // the second run continued from step 150, bit for bit
  for (const double loss : losses) good = good && loss < 0.01;
  return good ? 0 : 1;
}
