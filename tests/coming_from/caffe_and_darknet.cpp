// docs/coming-from/caffe-and-darknet.md: GetLearningRate of Caffe's SGDSolver and get_current_rate
// of darknet, written down in double as those go about it.
#include <gradus/gradus.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <tuple>
#include <vector>

#include "support/foreign.hpp"

using namespace gradus;
using foreign::same;

namespace {

// Of Caffe: what `multistep` keeps from one iteration to the next.
struct CaffeMultistep {
  double lr, gamma;
  std::vector<int> stepvalue;
  mutable std::size_t current_step = 0;
  double operator()(int iter) const {
    if (current_step < stepvalue.size() && iter >= stepvalue[current_step]) ++current_step;
    return lr * std::pow(gamma, static_cast<double>(current_step));
  }
};

// Of darknet: the number that the counter has when update t is made. It was advanced before.
int batch_num(int t) { return t + 1; }

// Caffe's sgdr, of the fork in which it is: state again.
struct CaffeSgdr {
  double lr, min_lr;
  int period, p_mult;
  double lr_mult;
  mutable double max_lr = lr;
  mutable int last = 0, next = period, restart = period;
  double operator()(int iter) const {
    if (iter == restart) {
      next *= p_mult;
      restart = iter + next;
      max_lr *= lr_mult;
      last = iter;
    }
    return min_lr + 0.5 * (max_lr - min_lr) * (1 + std::cos(foreign::pi * (iter - last) / next));
  }
};

// Darknet's burn-in, before any policy.
template <class Policy>
double darknet(int t, double lr, int burn_in, double power, const Policy& policy) {
  const int batch = batch_num(t);
  if (batch < burn_in) return lr * std::pow(static_cast<double>(batch) / burn_in, power);
  return policy(batch);
}

double steps(int batch, double lr, const std::vector<std::tuple<int, double>>& list) {
  double rate = lr;
  for (const auto& [step, scale] : list) {
    if (step > batch) return rate;
    rate *= scale;
  }
  return rate;
}

double sgdr(int batch, double lr, double min, int cycle, int mult) {
  int last = 0;
  while (last + cycle < batch) {
    last += cycle;
    cycle *= mult;
  }
  return min + 0.5 * (lr - min) * (1 + std::cos(foreign::pi * (batch - last) / cycle));
}

// u^power is below x as often as u, evenly in [0, 1], is below x^(1 / power).
template <class Ours>
void same_distribution(const char* call, const Ours& ours, double lr, double power) {
  CAPTURE(call);
  CHECK(!fault_of<double>(ours));
  constexpr int draws = 100'000;
  for (const double u : {0.1, 0.25, 0.5, 0.75, 0.9, 1.0}) {
    int below = 0, outside = 0;
    for (step_t t = 0; t < draws; ++t) {
      below += ours(t) < lr * std::pow(u, power) ? 1 : 0;
      outside += ours(t) >= 0 && ours(t) <= lr ? 0 : 1;
    }
    CHECK(std::fabs(below - u * draws) <= 4 * std::sqrt(draws * u * (1 - u)));
    CHECK(outside == 0);
  }
}

}  // namespace

TEST_CASE("Caffe: fixed", "[coming_from]") {
  for (const double base_lr : {1.0, 0.01, 1e-5})
    same("Caffe, fixed: base_lr", Constant{base_lr}, [&](int) { return base_lr; }, 1000);
}

TEST_CASE("Caffe: step", "[coming_from]") {
  for (const auto& [base_lr, gamma, stepsize] :
       std::vector<std::tuple<double, double, int>>{{0.01, 0.1, 100}, {1, 0.96, 7}, {0.1, 1, 1}})
    same(
        "Caffe, step: base_lr, gamma, stepsize",
        StepDecay{.start = base_lr, .every = stepsize, .factor = gamma},
        [&](int iter) { return base_lr * std::pow(gamma, iter / stepsize); }, 1000);
  // A gamma above 1.
  for (const auto& [base_lr, gamma, stepsize] : std::vector<std::tuple<double, double, int>>{
           {1e-5, 2, 100}, {1e-3, 1.01, 7}, {0.1, 10, 300}})
    same(
        "Caffe, step: base_lr, gamma > 1, stepsize",
        ExponentialDecay{.start = base_lr, .factor = gamma, .every = stepsize, .staircase = true},
        [&](int iter) { return base_lr * std::pow(gamma, iter / stepsize); }, 1000);
}

TEST_CASE("Caffe: exp", "[coming_from]") {
  for (const auto& [base_lr, gamma] :
       std::vector<std::tuple<double, double>>{{0.01, 0.999}, {1, 0.5}, {1e-6, 1.003}})
    same(
        "Caffe, exp: base_lr, gamma", ExponentialDecay{.start = base_lr, .factor = gamma},
        [&](int iter) { return base_lr * std::pow(gamma, iter); }, 2000);
}

TEST_CASE("Caffe: inv", "[coming_from]") {
  for (const auto& [base_lr, gamma, power] : std::vector<std::tuple<double, double, double>>{
           {0.01, 0.0001, 0.75}, {1, 0.5, 0.5}, {0.1, 3, 1}})
    same(
        "Caffe, inv: base_lr, gamma, power",
        InverseTime{.start = base_lr, .decay = gamma, .power = power},
        [&](int iter) { return base_lr * std::pow(1 + gamma * iter, -power); }, 20'000);
}

TEST_CASE("Caffe: multistep", "[coming_from]") {
  for (const auto& [base_lr, gamma, a, b, c] :
       std::vector<std::tuple<double, double, int, int, int>>{
           {0.01, 0.1, 100, 150, 175}, {1, 0.5, 1, 2, 3}, {0.1, 0.96, 30, 31, 400}})
    same("Caffe, multistep: base_lr, gamma, stepvalue a, b, c",
         MultiStep{.start = base_lr, .boundaries = {a, b, c}, .factor = gamma},
         CaffeMultistep{base_lr, gamma, {a, b, c}}, 500);
}

TEST_CASE("Caffe: poly", "[coming_from]") {
  for (const auto& [base_lr, max_iter, power] : std::vector<std::tuple<double, int, double>>{
           {0.01, 450, 0.5}, {1, 100, 1}, {0.1, 1000, 2.5}})
    same(
        "Caffe, poly: base_lr, max_iter, power",
        Polynomial{.start = base_lr, .steps = max_iter, .power = power},
        [&](int iter) {
          return base_lr * std::pow(1 - static_cast<double>(iter) / max_iter, power);
        },
        max_iter);
}

TEST_CASE("Caffe: sigmoid", "[coming_from]") {
  for (const auto& [base_lr, gamma, stepsize] : std::vector<std::tuple<double, double, int>>{
           {0.01, 0.01, 500}, {1, 2, 10}, {0.1, 0.1, 1000}})
    same(
        "Caffe, sigmoid: base_lr, gamma, stepsize",
        Sigmoid{.start = base_lr, .slope = -gamma, .middle = stepsize},
        [&](int iter) { return base_lr * (1 / (1 + std::exp(-gamma * (iter - stepsize)))); }, 2000);
}

TEST_CASE("Caffe: sgdr of a fork", "[coming_from]") {
  for (const auto& [base_lr, min_lr, period, p_mult, lr_mult] :
       std::vector<std::tuple<double, double, int, int, double>>{
           {0.01, 0, 100, 2, 0.5}, {1, 0.1, 7, 1, 1}, {0.1, 1e-4, 30, 3, 1}})
    same("Caffe fork, sgdr: base_lr, min_lr, period, p_mult, lr_mult",
         CosineRestarts{.start = base_lr,
                        .end = min_lr,
                        .steps = period,
                        .growth = 1.0 * p_mult,
                        .decay = lr_mult},
         CaffeSgdr{base_lr, min_lr, period, p_mult, lr_mult}, 1000);
}

TEST_CASE("darknet: constant", "[coming_from]") {
  for (const auto& [lr, burn, power] :
       std::vector<std::tuple<double, int, double>>{{0.01, 1000, 4}, {1, 10, 1}, {0.1, 77, 2.5}}) {
    same(
        "darknet, constant: lr, burn_in, power",
        Shift{Warmup{burn, Constant{lr}, 0.0, Curve::power, power}, -1},
        [&](int t) { return darknet(t, lr, burn, power, [&](int) { return lr; }); }, 2000);
    same(
        "darknet, constant: lr", Constant{lr},
        [&](int t) { return darknet(t, lr, 0, power, [&](int) { return lr; }); }, 2000);
  }
}

TEST_CASE("darknet: step", "[coming_from]") {
  for (const auto& [lr, step, scale] :
       std::vector<std::tuple<double, int, double>>{{0.01, 100, 0.1}, {1, 7, 0.96}, {0.1, 1, 0.99}})
    same(
        "darknet, step: lr, step, scale",
        Shift{StepDecay{.start = lr, .every = step, .factor = scale}, -1},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) { return lr * std::pow(scale, n / step); });
        },
        1000);
}

TEST_CASE("darknet: steps", "[coming_from]") {
  for (const auto& [lr, s1, c1, s2, c2] : std::vector<std::tuple<double, int, double, int, double>>{
           {0.001, 400, 0.1, 450, 0.1}, {1, 1, 0.5, 2, 0.1}, {0.01, 100, 10, 300, 0.1}})
    same(
        "darknet, steps: lr, steps s1, s2, scales c1, c2",
        Shift{PiecewiseConstant{.start = lr, .points = {{s1, lr * c1}, {s2, lr * c1 * c2}}}, -1},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) { return steps(n, lr, {{s1, c1}, {s2, c2}}); });
        },
        1000);
}

TEST_CASE("darknet: exp", "[coming_from]") {
  for (const auto& [lr, gamma] :
       std::vector<std::tuple<double, double>>{{0.01, 0.999}, {1, 0.5}, {1e-6, 1.003}})
    same(
        "darknet, exp: lr, gamma", Shift{ExponentialDecay{.start = lr, .factor = gamma}, -1},
        [&](int t) { return darknet(t, lr, 0, 4, [&](int n) { return lr * std::pow(gamma, n); }); },
        2000);
}

TEST_CASE("darknet: poly", "[coming_from]") {
  for (const auto& [lr, max_batches, power] :
       std::vector<std::tuple<double, int, double>>{{0.1, 500, 4}, {1, 100, 1}, {0.01, 1000, 0.9}})
    same(
        "darknet, poly: lr, max_batches, power",
        Shift{Polynomial{.start = lr, .steps = max_batches, .power = power}, -1},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) {
            return lr * std::pow(1 - static_cast<double>(n) / max_batches, power);
          });
        },
        max_batches - 1);
}

TEST_CASE("darknet: sigmoid", "[coming_from]") {
  for (const auto& [lr, gamma, step] :
       std::vector<std::tuple<double, double, int>>{{0.01, 0.01, 500}, {1, 2, 10}, {0.1, 0.1, 1}}) {
    same(
        "darknet, sigmoid: lr, gamma, step",
        Shift{Sigmoid{.start = lr, .slope = gamma, .middle = step}, -1},
        [&](int t) {
          return darknet(t, lr, 0, 4,
                         [&](int n) { return lr * (1. / (1. + std::exp(gamma * (n - step)))); });
        },
        2000);
    // In pjreddie's newest both numbers are unsigned: before `step` the difference wraps round.
    same(
        "darknet, sigmoid: lr, gamma, step, unsigned",
        Shift{Sequence{For{step, Constant{0.0}}, Sigmoid{.start = lr, .slope = gamma, .middle = 0}},
              -1},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) {
            const std::uint64_t difference =
                static_cast<std::uint64_t>(n) - static_cast<std::uint64_t>(step);
            return lr * (1. / (1. + std::exp(gamma * static_cast<double>(difference))));
          });
        },
        2000);
  }
}

TEST_CASE("darknet: random", "[coming_from]") {
  for (const auto& [lr, power, seed] : std::vector<std::tuple<double, double, std::uint64_t>>{
           {0.01, 4, 1}, {1, 1, 2}, {0.1, 0.5, 3}})
    same_distribution("darknet, random: lr, power",
                      Noise{Constant{lr}, 1.0, seed, 1, Spread::power, power}, lr, power);
}

TEST_CASE("darknet: sgdr", "[coming_from]") {
  // A step that is a multiple of the cycle belongs to the one that it ends, at the minimum.
  for (const auto& [lr, min, cycle] :
       std::vector<std::tuple<double, double, int>>{{0.01, 1e-5, 100}, {1, 0, 7}, {0.1, 0.05, 1}})
    same(
        "darknet, sgdr: lr, min, cycle, sgdr_mult 1",
        Repeat{Shift{Cosine{.start = lr, .end = min, .steps = cycle}, -1}, cycle},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) { return sgdr(n, lr, min, cycle, 1); });
        },
        1000);
  for (const auto& [lr, min, cycle] :
       std::vector<std::tuple<double, double, int>>{{0.01, 1e-5, 100}, {1, 0, 70}, {0.1, 0.05, 51}})
    same(
        "darknet, sgdr: lr, min, cycle, sgdr_mult 2",
        Sequence{For{cycle, Shift{Cosine{.start = lr, .end = min, .steps = cycle}, -1}},
                 For{2 * cycle, Shift{Cosine{.start = lr, .end = min, .steps = 2 * cycle}, -1}},
                 Shift{Cosine{.start = lr, .end = min, .steps = 4 * cycle}, -1}},
        [&](int t) {
          return darknet(t, lr, 0, 4, [&](int n) { return sgdr(n, lr, min, cycle, 2); });
        },
        7 * cycle - 1);
}

TEST_CASE("darknet: burn_in before any policy", "[coming_from]") {
  for (const auto& [lr, burn, power] :
       std::vector<std::tuple<double, int, double>>{{0.01, 1000, 4}, {1, 10, 1}, {0.1, 77, 2.5}}) {
    const ExponentialDecay policy{.start = lr, .factor = 0.99};
    same(
        "darknet, burn_in before a policy that is below lr by then",
        Shift{Sequence{For{burn, Warmup{burn, Constant{lr}, 0.0, Curve::power, power}},
                       Shift{policy, -burn}},
              -1},
        [&](int t) {
          return darknet(t, lr, burn, power, [&](int n) { return lr * std::pow(0.99, n); });
        },
        2000);
  }
  for (const auto& [lr, burn, power] :
       std::vector<std::tuple<double, int, double>>{{0.01, 1000, 4}, {1, 10, 1}, {0.1, 77, 2.5}}) {
    const PiecewiseConstant policy{.start = lr, .points = {{1500, 0.1 * lr}}};
    same(
        "darknet, burn_in before steps",
        Shift{Warmup{burn, Shift{policy, -burn}, 0.0, Curve::power, power}, -1},
        [&](int t) {
          return darknet(t, lr, burn, power, [&](int n) { return steps(n, lr, {{1500, 0.1}}); });
        },
        2000);
  }
}

TEST_CASE("The page that comes from caffe-and-darknet shows what is compared", "[coming_from]") {
  foreign::check_page("caffe-and-darknet", "caffe_and_darknet");
}
