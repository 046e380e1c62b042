#include <torch/optim.h>
#include <torch/optim/schedulers/step_lr.h>
#include <torch/serialize.h>
#include <gradus/adapt/torch_scheduler.hpp>
#include <gradus/feedback/plateau.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/step_decay.hpp>

#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

namespace {

std::vector<torch::Tensor> parameters() { return {torch::ones({2, 3}), torch::ones({3})}; }

/// An optimizer with a parameter group for each rate.
torch::optim::SGD sgd(const std::vector<double>& rates) {
  std::vector<torch::optim::OptimizerParamGroup> groups;
  for (const double rate : rates)
    groups.emplace_back(parameters(), std::make_unique<torch::optim::SGDOptions>(rate));
  return torch::optim::SGD(groups, torch::optim::SGDOptions(1));
}
std::vector<double> rates_of(const torch::optim::Optimizer& optimizer) {
  std::vector<double> r;
  for (const auto& group : optimizer.param_groups()) r.push_back(group.options().get_lr());
  return r;
}
using support::error_of;
constexpr gradus::Cosine cosine{.start = 0.1, .end = 0.01, .steps = 5};
using Rates = std::vector<double>;

/// A feedback that returns its last metric.
struct Echo {
  struct State {
    double value = 1;
  } state;
  double value() const { return state.value; }
  void operator()(double metric) { state.value = metric; }
};

}  // namespace

TEST_CASE("The rate is set at construction and after each step", "[adapt]") {
  torch::optim::SGD optimizer = sgd({0.5, 0.5});
  gradus::TorchScheduler scheduler{optimizer, cosine};
  for (unsigned t = 0; t < 8; ++t) {
    CHECK(rates_of(optimizer) == Rates{cosine(t), cosine(t)});
    CHECK(scheduler.steps() == t);
    optimizer.step();
    scheduler.step();
  }
}

TEST_CASE("Every optimizer of libtorch takes the rate", "[adapt]") {
  const auto takes = [](auto optimizer) {
    const gradus::TorchScheduler scheduler{optimizer, gradus::Constant{0.25}};
    CHECK(rates_of(optimizer) == Rates{0.25});
  };
  takes(torch::optim::Adagrad(parameters()));
  takes(torch::optim::Adam(parameters()));
  takes(torch::optim::AdamW(parameters()));
  takes(torch::optim::LBFGS(parameters()));
  takes(torch::optim::RMSprop(parameters()));
  takes(torch::optim::SGD(parameters(), 1));
}

TEST_CASE("Relative rates keep the ratio of the groups, as PyTorch's schedulers do", "[adapt]") {
  torch::optim::SGD ours = sgd({1e-2, 1e-3}), theirs = sgd({1e-2, 1e-3});
  gradus::TorchScheduler scheduler{ours, gradus::StepDecay{.start = 1.0, .every = 3},
                                   gradus::TorchRates::relative};
  torch::optim::StepLR step_lr(theirs, 3, 0.1);
  step_lr.step();  // libtorch's StepLR falls one step later than that of PyTorch in Python
  for (int t = 0; t < 10; ++t) {
    const Rates expected = rates_of(theirs);
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(rates_of(ours)[k] == Approx(expected[k]).epsilon(1e-12));
    scheduler.step();
    step_lr.step();
  }
}

TEST_CASE("A plateau multiplies the initial rates, and the schedule if there is one", "[adapt]") {
  const gradus::Plateau plateau{.factor = 0.5, .patience = 0};
  torch::optim::SGD optimizer = sgd({0.5, 0.25});
  gradus::TorchScheduler alone{optimizer, plateau};
  alone.step(1.0);
  CHECK(rates_of(optimizer) == Rates{0.5, 0.25});
  alone.step(1.0);
  CHECK(rates_of(optimizer) == Rates{0.25, 0.125});

  torch::optim::SGD other = sgd({1});
  gradus::TorchScheduler both{other, cosine, plateau};
  both.step(1.0);
  both.step();
  CHECK(rates_of(other) == Rates{cosine(1)});
  both.step(2.0);
  CHECK(rates_of(other) == Rates{cosine(1) * 0.5});
  both.step();
  CHECK(rates_of(other) == Rates{cosine(2) * 0.5});
}

TEST_CASE("A saved scheduler continues, also after other initial rates", "[adapt]") {
  const auto continues = [](const auto& save_and_load) {
    const gradus::Plateau plateau{.factor = 0.5, .patience = 0};
    torch::optim::SGD one = sgd({0.5, 0.25}), two = sgd({7, 8});
    gradus::TorchScheduler from{one, cosine, plateau, gradus::TorchRates::relative};
    gradus::TorchScheduler to{two, cosine, plateau, gradus::TorchRates::relative};
    for (const double metric : {3.0, 4.0}) from.step(), from.step(metric);
    save_and_load(from, to);
    for (const double metric : {5.0, 2.0, 2.0}) {
      CHECK(to.steps() == from.steps());
      CHECK(rates_of(two) == rates_of(one));
      from.step(), from.step(metric);
      to.step(), to.step(metric);
    }
  };
  continues([](auto& from, auto& to) {  // by libtorch
    std::stringstream file;
    torch::save(from, file);
    torch::load(to, file);
  });
  continues([](auto& from, auto& to) {  // by gradus
    const support::Folder folder;
    const std::string path = folder / "scheduler.safetensors";
    std::vector<double> state = from.state();
    gradus::io::save(path, gradus::io::named("scheduler", state));
    state.assign(state.size(), 0);
    gradus::io::load(path, gradus::io::named("scheduler", state));
    to.load_state(state);
  });
}

TEST_CASE("What a scheduler refuses, and that nothing has changed", "[adapt]") {
  using gradus::TorchScheduler;
  torch::optim::SGD different = sgd({0.5, 0.25});
  CHECK(error_of([&] { TorchScheduler{different, cosine}; }) ==
        "gradus::TorchScheduler.rates must be TorchRates::relative for groups with different rates "
        "(got 0.5 and 0.25)");
  CHECK(error_of([&] { TorchScheduler{different, gradus::Cosine{.start = 0.1}}; }) ==
        "gradus::Cosine.steps must be given");
  CHECK(rates_of(different) == Rates{0.5, 0.25});

  torch::optim::SGD optimizer = sgd({0.5});
  TorchScheduler falling{optimizer, [](gradus::step_t t) { return 1.5 - static_cast<double>(t); }};
  falling.step();
  const auto refused = [&](const auto& call) {
    const std::string r = error_of(call);
    CHECK(falling.state() == Rates{1, 0.5});
    CHECK(falling.steps() == 1);
    CHECK(rates_of(optimizer)[0] == 0.5);
    return r;
  };
  CHECK(refused([&] { falling.step(); }) ==
        "gradus::TorchScheduler.rate must be finite, >= 0 and representable in the parameters' "
        "type (got -0.5)");
  CHECK(refused([&] { falling.load_state({1, 2, 3}); }) ==
        "gradus::TorchScheduler.state must have 1 + 1 + 0 numbers, for the step, the groups and "
        "the feedback (got 3)");
  for (const double no_step : {0.5, -1.0, 0x1p60, std::nan("")})
    CHECK_THAT(refused([&] { falling.load_state({no_step, 2}); }),
               Catch::StartsWith(
                   "gradus::TorchScheduler.state must begin with the number of a step (got "));

  optimizer.add_param_group({parameters()});
  CHECK(refused([&] { falling.step(); }) ==
        "gradus::TorchScheduler.state must have 1 + 2 + 0 numbers, for the step, the groups and "
        "the feedback (got 2)");
}

TEST_CASE("A metric that a feedback refuses changes nothing", "[adapt]") {
  torch::optim::SGD optimizer = sgd({0.5});
  gradus::Plateau plateau{.factor = 2};
  CHECK(error_of([&] { gradus::TorchScheduler{optimizer, plateau}; }) ==
        "gradus::Plateau.factor must be in (0, 1) (got 2)");
  CHECK(rates_of(optimizer) == Rates{0.5});

  gradus::TorchScheduler scheduler{optimizer, Echo{}};
  scheduler.step(0.25);
  const Rates before = scheduler.state();
  CHECK_THAT(error_of([&] { scheduler.step(-1); }), Catch::Contains("(got -0.5)"));
  CHECK(scheduler.state() == before);
  CHECK(rates_of(optimizer) == Rates{0.125});
}
