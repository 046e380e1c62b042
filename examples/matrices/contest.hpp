// AdamW beside Muon, NorMuon and AdaMuon on two networks, all tuned with the same effort.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/training/muon_for.hpp>
#include <string>
#include <utility>
#include <vector>

#include "network.hpp"
#include "parallel.hpp"
#include "speed.hpp"
#include "transformer.hpp"
#include "trial.hpp"

namespace matrices {

// The network of the demo, whose two layers are matrices W[in, out].
struct TwoLayers : digits::Network {
  using digits::Network::Network;
  auto params() {
    const auto [w1, b1, w2, b2] = digits::Network::params();
    using gradus::FanIn, gradus::matrix;
    return gradus::spans(matrix(w1, digits::pixels, 32, FanIn::rows), b1,
                         matrix(w2, 32, digits::classes, FanIn::rows), b2);
  }
};

struct Outcome {
  double loss = 0, accuracy = 0, validation = 0;
  double learning = 0, stepping = 0;  // seconds of the whole training
};
struct Settings {
  std::size_t steps = 150, batch = 16, seeds = 3;
  static constexpr std::array rates{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1};
  static constexpr double decay = 0.01;
};

// One training. `make` makes an optimizer from a schedule and the parameters.
template <class Net, class Make>
Outcome train(const digits::Digits& data, const Make& make, double rate, std::size_t steps,
              std::size_t batch, std::uint64_t seed) {
  Net net(seed);
  digits::Batches batches(data.train, batch, seed);
  auto opt =
      make(gradus::Warmup{steps / 10, gradus::Cosine{.start = rate, .steps = steps - steps / 10}},
           net.params());
  Outcome r;
  for (std::size_t t = 0; t < steps; ++t) {
    const double begin = seconds();
    const double loss = net.learn(batches.next());
    const double middle = seconds();
    opt.step(net.params(), net.grads());
    r.learning += middle - begin;
    r.stepping += seconds() - middle;
    if (t >= steps - steps / 5) r.loss += loss / double(steps / 5);
  }
  r.accuracy = net.accuracy(data.test);
  r.validation = net.accuracy(data.validation);
  return r;
}

using Train = std::function<Outcome(double rate, std::size_t steps, std::uint64_t seed)>;
struct Contestant {
  std::string name;
  Train train;
};
template <class Net>
std::vector<Contestant> contestants(const digits::Digits& data, const Settings& settings) {
  const auto with = [&data, batch = settings.batch](std::string name, auto make) {
    return Contestant{std::move(name),
                      [&data, batch, make](double rate, std::size_t steps, std::uint64_t seed) {
                        return train<Net>(data, make, rate, steps, batch, seed);
                      }};
  };
  const gradus::AdamW adam{.weight_decay = Settings::decay};
  const auto matrices_by = [&](const auto& rule) {
    return [rule, adam](const auto& schedule, auto params) {
      return gradus::muon_for(schedule, rule, adam, params);
    };
  };
  constexpr auto scale = gradus::MuonScale::match_rms_adamw;
  return {with("AdamW", [adam](const auto& schedule,
                               auto params) { return gradus::Optimizer{schedule, adam, params}; }),
          with("Muon", matrices_by(gradus::Muon{.scale = scale, .weight_decay = Settings::decay})),
          with("NorMuon",
               matrices_by(gradus::NorMuon{.scale = scale, .weight_decay = Settings::decay})),
          with("AdaMuon", matrices_by(gradus::AdaMuon{.weight_decay = Settings::decay}))};
}

// The mean over the seeds.
inline Outcome mean(const Train& train, double rate, std::size_t steps, std::size_t seeds,
                    std::uint64_t first) {
  Outcome r;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    const Outcome one = train(rate, steps, seed);
    r.loss += one.loss / double(seeds);
    r.accuracy += one.accuracy / double(seeds);
    r.validation += one.validation / double(seeds);
    r.learning += one.learning / double(seeds);
    r.stepping += one.stepping / double(seeds);
  }
  return r;
}

template <class Net>
std::string contest_table(const std::string& name, const digits::Digits& data,
                          const Settings& settings) {
  const std::vector<Contestant> all = contestants<Net>(data, settings);
  const std::size_t rates = Settings::rates.size();
  std::vector<Outcome> tried(all.size() * rates);
  digits::in_parallel(name, tried.size(), 1, [&](std::size_t i) {
    tried[i] =
        mean(all[i / rates].train, Settings::rates[i % rates], settings.steps, settings.seeds, 100);
  });
  std::string page = fmt::format(
      "| {}, {} steps | rate | loss at the end | test accuracy | time of a step | at the time of "
      "AdamW's {} steps |\n|---|---|---|---|---|---|\n",
      name, settings.steps, settings.steps);
  double time = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto begin = tried.begin() + std::ptrdiff_t(k * rates);
    const auto best = std::min_element(
        begin, begin + std::ptrdiff_t(rates),
        [](const Outcome& a, const Outcome& b) { return a.loss < b.loss || std::isnan(b.loss); });
    const double rate = Settings::rates[std::size_t(best - begin)];
    const Outcome r = mean(all[k].train, rate, settings.steps, settings.seeds, 1);
    const double own = r.learning + r.stepping;
    if (k == 0) time = own;
    const auto steps = static_cast<std::size_t>(double(settings.steps) * time / own);
    const Outcome same = k == 0 ? r : mean(all[k].train, rate, steps, settings.seeds, 1);
    page += fmt::format("| {} | {} | {:.3f} | {:.1f} % | {:.2f} + {:.2f} ms | {:.3f}, {:.1f} % |\n",
                        all[k].name, rate, r.loss, 100 * r.accuracy,
                        1e3 * r.learning / double(settings.steps),
                        1e3 * r.stepping / double(settings.steps), same.loss, 100 * same.accuracy);
  }
  return page;
}

}  // namespace matrices
