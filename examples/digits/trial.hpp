// The schedules and rules to compare, by name, and one training with each.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <gradus/gradus.hpp>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "comparison.hpp"
#include "data.hpp"
#include "network.hpp"

namespace digits {

using Rate = std::function<double(gradus::step_t)>;  // any callable of the step is a schedule

struct NamedSchedule {
  std::string name;
  std::string code;                          // the expression in this file
  Rate (*make)(double peak, std::size_t n);  // for a training of n steps
};

// Schedules of the library. Each is a function of its peak and of the length of the training, which
// is at least ten steps.
inline std::vector<NamedSchedule> schedules() {
  using namespace gradus;
#define DIGITS_SCHEDULE(name, ...)                                                      \
  NamedSchedule {                                                                       \
    name, #__VA_ARGS__,                                                                 \
        [](double peak, [[maybe_unused]] std::size_t n) -> Rate { return __VA_ARGS__; } \
  }
  return {
      DIGITS_SCHEDULE("Constant", Constant{peak}),
      DIGITS_SCHEDULE("StepDecay", StepDecay{.start = peak, .every = (n + 4) / 5, .factor = 0.5}),
      DIGITS_SCHEDULE("Exponential", Exponential{.start = peak, .decay = 4.6 / double(n)}),
      DIGITS_SCHEDULE("InverseTime", InverseTime{.start = peak, .decay = 9.0 / double(n)}),
      DIGITS_SCHEDULE("Cosine", Cosine{.start = peak, .steps = n}),
      DIGITS_SCHEDULE("Cyclical", Cyclical{.low = peak / 10, .high = peak, .up = (n + 5) / 6}),
      DIGITS_SCHEDULE("Warmup", Warmup{n / 10, Cosine{.start = peak, .steps = n - n / 10}}),
      DIGITS_SCHEDULE("Sequence", Sequence{For{n / 2, Constant{peak}},
                                           Cosine{.start = peak, .steps = n - n / 2}}),
      DIGITS_SCHEDULE("PerEpoch", PerEpoch{n / 8, Exponential{.start = peak, .decay = 4.6 / 8}}),
  };
#undef DIGITS_SCHEDULE
}

using Rule =
    std::variant<gradus::SGD, gradus::Momentum, gradus::Nesterov, gradus::Adagrad, gradus::RMSprop,
                 gradus::Adam, gradus::AdamW, gradus::NAdam, gradus::LAMB>;

struct NamedRule {
  Rule rule;
  double rate;  // the middle of the rates to try
};
inline std::string_view name_of(const NamedSchedule& s) { return s.name; }
inline std::string_view name_of(const NamedRule& r) {
  return std::visit([](const auto& rule) { return std::string_view(rule.name); }, r.rule);
}

inline std::vector<NamedRule> rules() {
  using namespace gradus;
  return {{SGD{}, 0.5},      {Momentum{}, 0.05}, {Nesterov{}, 0.05},
          {Adagrad{}, 0.05}, {RMSprop{}, 0.005}, {Adam{}, 0.01},
          {AdamW{}, 0.01},   {NAdam{}, 0.01},    {LAMB{}, 0.01}};
}

// The state of a training after `step` steps.
struct Sample {
  std::size_t step = 0;
  double rate = 0;      // of the last step
  double loss = 0;      // mean over the steps since the sample before
  double accuracy = 0;  // on the test images
};

inline constexpr double target = 0.95;  // of the accuracy

struct Trial {
  std::size_t schedule = 0, rule = 0;  // their places in schedules() and rules()
  double peak = 0;
  std::uint64_t seed = 0;
  std::vector<Sample> samples{};
  double validation = 0;                 // accuracy at the end, on the images for choosing the rate
  std::size_t validation_steps = never;  // to the target on them

  static constexpr std::size_t never = std::size_t(-1);

  double accuracy() const { return samples.back().accuracy; }
  std::size_t steps() const {  // to the target on the test images
    for (const Sample& s : samples)
      if (s.accuracy >= target) return s.step;
    return never;
  }
};

// The training images in random order; each comes once before any comes again.
class Batches {
 public:
  Batches(const std::vector<Image>& images, std::size_t batch, std::uint64_t seed)
      : batch_(batch), random_(seed) {
    for (const Image& image : images) order_.push_back(&image);
    at_ = order_.size();
  }
  std::span<const Image* const> next() {
    if (at_ + batch_ > order_.size()) {
      shuffle(std::span(order_), random_);
      at_ = 0;
    }
    at_ += batch_;
    return std::span(order_).subspan(at_ - batch_, batch_);
  }

 private:
  std::size_t batch_, at_ = 0;
  std::mt19937_64 random_;
  std::vector<const Image*> order_{};
};

// Updates a network with its gradients by a rule, and returns the rate. An optimizer is a value,
// which a function can keep.
using Update = std::function<double(Network& network)>;
template <class R>
Update update_by(const Rate& rate, const R& rule, Network& network) {
  return [opt = gradus::Optimizer{rate, rule, network.params()}](Network& trained) mutable {
    return opt.step(trained.params(), trained.grads()).rate;
  };
}

// Trains, and ends early if the loss is no longer a number.
inline void train(Trial& trial, const Rate& rate, const Rule& rule, const Digits& digits,
                  const Training& training) {
  Network network(trial.seed);
  const Update update =
      std::visit([&](const auto& r) { return update_by(rate, r, network); }, rule);
  Batches batches(digits.train, training.batch, trial.seed);
  double loss = 0;
  std::size_t since = 0;
  for (std::size_t step = 1; step <= training.steps && std::isfinite(loss); ++step) {
    loss += network.learn(batches.next());
    const double now = update(network);
    ++since;
    if (step % training.every != 0 && step != training.steps && std::isfinite(loss)) continue;
    trial.samples.push_back(
        {step, now, loss / static_cast<double>(since), network.accuracy(digits.test)});
    if (trial.validation_steps == Trial::never && network.accuracy(digits.validation) >= target)
      trial.validation_steps = step;
    if (std::isfinite(loss)) loss = 0, since = 0;
  }
  trial.validation = std::isfinite(loss) ? network.accuracy(digits.validation) : 0;
}

}  // namespace digits
