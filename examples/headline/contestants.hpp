// The contestants: rules with a constant rate, with a schedule, and rules that need no rate.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <gradus/gradus.hpp>
#include <gradus/tune/setting.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "../digits/data.hpp"
#include "../digits/network.hpp"
#include "../digits/trial.hpp"

namespace headline {

namespace tune = gradus::tune;

using digits::target;
inline constexpr std::size_t batch = 8, every = 20;  // evaluates the accuracy every `every` steps

// One training: its length, its first weights, and the images that evaluate it.
struct Plan {
  const digits::Digits& digits;
  std::span<const digits::Image> judge;
  std::size_t steps;
  std::uint64_t seed;
};
struct Run {
  static constexpr std::size_t never = std::size_t(-1);
  double accuracy = 0;        // at the end; 0 if the loss was not a number
  std::size_t steps = never;  // to the target
};

// `evaluated` is the slot with the weights to evaluate, if they are not the trained weights.
template <class Rule>
Run train(const Plan& plan, const digits::Rate& rate, const Rule& rule,
          const std::string& evaluated = {}) {
  digits::Network network(plan.seed);
  gradus::Optimizer opt{rate, rule, network.params()};
  digits::Batches batches(plan.digits.train, batch, plan.seed);
  const auto accuracy = [&] {
    if (!evaluated.empty()) gradus::exchange(opt, network.params(), evaluated);
    const double share = network.accuracy(plan.judge);
    if (!evaluated.empty()) gradus::exchange(opt, network.params(), evaluated);
    return share;
  };
  Run run;
  for (std::size_t step = 1; step <= plan.steps; ++step) {
    const double loss = network.learn(batches.next());
    if (!std::isfinite(loss)) return run;
    opt.step(network.params(), network.grads(), {.loss = loss});
    if (run.steps == Run::never && step % every == 0 && accuracy() >= target) run.steps = step;
  }
  run.accuracy = accuracy();
  return run;
}

struct Contestant {
  std::string rule, how;  // how: "constant", "schedule", "no rate" ...
  std::string against;    // the rule whose constant rate it is compared with
  tune::Space space;
  std::function<Run(const tune::Setting&, const Plan&)> train;
};

inline digits::Rate schedule(const std::string& name, double peak, std::size_t steps) {
  for (const digits::NamedSchedule& s : digits::schedules())
    if (s.name == name) return s.make(peak, steps);
  throw tune::Stop("there is no schedule " + name);
}

// Rates from a thirtieth to thirty times the middle one. An average of the weights is the most
// common alternative to a falling rate.
template <class Rule>
void add_rule(std::vector<Contestant>& all, const Rule& rule, double middle) {
  const tune::Range rates = tune::log_range(middle / 30, middle * 30);
  all.push_back({Rule::name, "constant", Rule::name, tune::Space{{"rate", rates}},
                 [=](const tune::Setting& s, const Plan& plan) {
                   return train(plan, gradus::Constant{s["rate"]}, rule);
                 }});
  all.push_back({Rule::name, "constant, averaged", Rule::name, tune::Space{{"rate", rates}},
                 [=](const tune::Setting& s, const Plan& plan) {
                   return train(plan, gradus::Constant{s["rate"]},
                                gradus::Chain{rule, gradus::Ema{0.99}}, "Ema.average");
                 }});
  all.push_back(
      {Rule::name, "schedule", Rule::name,
       tune::Space{{"peak", rates},
                   {"schedule", tune::choice("Exponential", "Cosine", "Warmup", "Sequence")}},
       [=](const tune::Setting& s, const Plan& plan) {
         return train(plan, schedule(s.text("schedule"), s["peak"], plan.steps), rule);
       }});
}

// The rate that a rule finds is multiplied by a factor, which is constant or falls.
template <class Rule>
void add_rate_free(std::vector<Contestant>& all, const std::string& name, const Rule& rule,
                   const std::string& against, const std::string& evaluated = {}) {
  all.push_back({name, "no rate", against,
                 tune::Space{{"factor", tune::log_range(0.25, 4)},
                             {"schedule", tune::choice("Constant", "Cosine")}},
                 [=](const tune::Setting& s, const Plan& plan) {
                   return train(plan, schedule(s.text("schedule"), s["factor"], plan.steps), rule,
                                evaluated);
                 }});
}

// Schedule-free rules have a rate and no other setting.
template <class Rule>
void add_schedule_free(std::vector<Contestant>& all, const Rule& rule, const std::string& against,
                       double middle) {
  all.push_back({Rule::name, "no schedule", against,
                 tune::Space{{"rate", tune::log_range(middle / 30, middle * 30)}},
                 [=](const tune::Setting& s, const Plan& plan) {
                   return train(plan, gradus::Constant{s["rate"]}, rule, "x");
                 }});
}

inline std::vector<Contestant> contestants() {
  using namespace gradus;
  std::vector<Contestant> all;
  add_rule(all, SGD{}, 0.5);
  add_rule(all, Momentum{}, 0.05);
  add_rule(all, RMSprop{}, 0.005);
  add_rule(all, Adam{}, 0.01);
  add_rate_free(all, "DoG", DoG{}, "SGD");
  add_rate_free(all, "DoG, average", Chain{DoG{}, Ema{0.99}}, "SGD", "Ema.average");
  add_rate_free(all, "DoWG", DoWG{}, "SGD");
  add_rate_free(all, "PolyakSGD", PolyakSGD{}, "SGD");
  add_rate_free(all, "DAdaptSGD", DAdaptSGD{}, "Momentum");
  add_rate_free(all, "DAdaptAdam", DAdaptAdam{}, "Adam");
  add_rate_free(all, "Prodigy", Prodigy{}, "Adam");
  add_rate_free(all, "COCOB", COCOB{}, "Adam");
  add_rate_free(all, "Mechanic of Adam", Chain{Adam{}, Mechanic{}}, "Adam");
  add_schedule_free(all, ScheduleFreeSGD{}, "SGD", 0.5);
  add_schedule_free(all, ScheduleFreeAdamW{}, "Adam", 0.01);
  return all;
}

}  // namespace headline
