// docs/coming-from/rules.md: each expression there against the other system's formula, written out
// here. PyTorch's are compared with its own values in tests/rule.
#include <gradus/gradus.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using namespace gradus;

namespace {

// One element of another system's optimizer: its state, zero at first, and what moves it.
struct State {
  double p = 0, m = 0, v = 0, s = 0;
  int n = 0;  // the update's number, from 1
  double c1 = 0, c2 = 0, product = 1;
};

// A rate that changes, so that it matters whether it is inside the velocity.
double rate(step_t t) { return 0.01 / (1.0 + 0.05 * static_cast<double>(t)); }

// `formula(s, g, lr)` updates one element; `begin` is its state before the first update.
template <class R, class F>
void same(const R& rule, const F& formula, const State& begin = {}) {
  support::default_environment();
  const support::Problem<double> problem(support::coarse);
  support::Run<R, double> run(rule, problem.params);
  std::vector<State> states(problem.params.size(), begin);
  for (std::size_t i = 0; i < states.size(); ++i) states[i].p = problem.params[i];
  bool close = true;
  for (step_t t = 0; t < 100; ++t) {
    run.step(rule, {t, rate(t)}, problem.grads[t]);
    for (std::size_t i = 0; i < states.size(); ++i) {
      State& s = states[i];
      ++s.n;
      s.c1 = 1 - std::pow(0.9, s.n), s.c2 = 1 - std::pow(0.999, s.n);
      formula(s, problem.grads[t][i], rate(t));
      close = close && std::fabs(run.p[i] - s.p) <= 1e-12;
    }
  }
  CHECK(close);
}

// m and v of Adam with the betas 0.9 and 0.999.
void moments(State& s, double g) {
  s.m = 0.9 * s.m + 0.1 * g;
  s.v = 0.999 * s.v + 0.001 * g * g;
}
void mean_square(State& s, double g, double alpha) { s.v = alpha * s.v + (1 - alpha) * g * g; }
// Heavy ball and Nesterov, the rate inside the velocity.
void heavy(State& s, double g, double lr, double momentum) {
  s.m = momentum * s.m - lr * g;
  s.p += s.m;
}
void nesterov(State& s, double g, double lr, double momentum) {
  s.m = momentum * s.m - lr * g;
  s.p += momentum * s.m - lr * g;
}
void adadelta(State& s, double g, double lr, double rho, double eps) {
  mean_square(s, g, rho);
  const double d = std::sqrt(s.s + eps) / std::sqrt(s.v + eps) * g;
  s.s = rho * s.s + (1 - rho) * d * d;
  s.p -= lr * d;
}
void rmsprop(State& s, double g, double lr, double eps) {
  mean_square(s, g, 0.99);
  s.p -= lr * g / (std::sqrt(s.v) + eps);
}
void adagrad(State& s, double g, double lr, double eps) {
  s.v += g * g;
  s.p -= lr * g / (std::sqrt(s.v) + eps);
}
void adam(State& s, double g, double lr, double eps) {
  moments(s, g);
  s.p -= lr * s.m / s.c1 / (std::sqrt(s.v / s.c2) + eps);
}
void adam_hat(State& s, double g, double lr, double eps) {
  moments(s, g);
  s.p -= lr * std::sqrt(s.c2) / s.c1 * s.m / (std::sqrt(s.v) + eps);
}
void adamax_outside(State& s, double g, double lr, double eps, double c1) {
  s.m = 0.9 * s.m + 0.1 * g;
  s.v = std::max(0.999 * s.v, std::fabs(g));
  s.p -= lr / c1 * s.m / (s.v + eps);
}
void nadam(State& s, double g, double lr, double psi, double eps, bool hat) {
  const auto mu = [&](int n) { return 0.9 * (1 - 0.5 * std::pow(0.96, n * psi)); };
  moments(s, g);
  s.product *= mu(s.n);
  const double m =
      (1 - mu(s.n)) / (1 - s.product) * g + mu(s.n + 1) / (1 - s.product * mu(s.n + 1)) * s.m;
  s.p -=
      lr * (hat ? m * std::sqrt(s.c2) / (std::sqrt(s.v) + eps) : m / (std::sqrt(s.v / s.c2) + eps));
}

}  // namespace

TEST_CASE("Keras' rules", "[coming_from][rule]") {
  same(SGD{}, [](State& s, double g, double lr) { s.p -= lr * g; });
  same(Chain{SGD{}, Velocity{0.9}}, [](State& s, double g, double lr) { heavy(s, g, lr, 0.9); });
  same(Chain{SGD{}, NesterovVelocity{0.9}},
       [](State& s, double g, double lr) { nesterov(s, g, lr, 0.9); });
  same(RMSprop{.alpha = 0.9, .eps = 1e-7, .eps_place = Eps::inside},
       [](State& s, double g, double lr) {
         mean_square(s, g, 0.9);
         s.p -= lr * g / std::sqrt(s.v + 1e-7);
       });
  same(Chain{RMSprop{.alpha = 0.9, .eps = 1e-7, .eps_place = Eps::inside}, Velocity{0.8}},
       [](State& s, double g, double lr) {
         mean_square(s, g, 0.9);
         s.m = 0.8 * s.m + lr * g / std::sqrt(s.v + 1e-7);
         s.p -= s.m;
       });
  same(CenteredRMSprop{.alpha = 0.9, .eps = 1e-7, .eps_place = Eps::inside},
       [](State& s, double g, double lr) {
         mean_square(s, g, 0.9);
         s.m = 0.9 * s.m + 0.1 * g;
         s.p -= lr * g / std::sqrt(s.v - s.m * s.m + 1e-7);
       });
  same(Adagrad{.initial_accumulator_value = 0.1, .eps = 1e-7, .eps_place = Eps::inside},
       [](State& s, double g, double lr) {
         s.v += g * g;
         s.p -= lr * g / std::sqrt(s.v + 1e-7);
       },
       {.v = 0.1});
  same(Adadelta{.rho = 0.95, .eps = 1e-7},
       [](State& s, double g, double lr) { adadelta(s, g, lr, 0.95, 1e-7); });
  same(Adam{.eps = 1e-7, .eps_place = Eps::hat},
       [](State& s, double g, double lr) { adam_hat(s, g, lr, 1e-7); });
  same(AMSGrad{.eps = 1e-7, .eps_place = Eps::hat}, [](State& s, double g, double lr) {
    moments(s, g);
    s.s = std::max(s.s, s.v);
    s.p -= lr * std::sqrt(s.c2) / s.c1 * s.m / (std::sqrt(s.s) + 1e-7);
  });
  same(AdamW{.eps = 1e-7, .weight_decay = 0.004, .eps_place = Eps::hat},
       [](State& s, double g, double lr) {
         s.p -= s.p * 0.004 * lr;
         adam_hat(s, g, lr, 1e-7);
       });
  same(Adamax{.eps = 1e-7, .eps_place = Eps::outside},
       [](State& s, double g, double lr) { adamax_outside(s, g, lr, 1e-7, s.c1); });
  same(NAdam{.eps = 1e-7, .momentum_decay = 1},
       [](State& s, double g, double lr) { nadam(s, g, lr, 1, 1e-7, false); });
}

TEST_CASE("optax' rules", "[coming_from][rule]") {
  same(Adam{}, [](State& s, double g, double lr) { adam(s, g, lr, 1e-8); });
  same(Adadelta{}, [](State& s, double g, double lr) { adadelta(s, g, lr, 0.9, 1e-6); });
  same(Momentum{0.9}, [](State& s, double g, double lr) {
    s.m = 0.9 * s.m + g;
    s.p -= lr * s.m;
  });
  same(Nesterov{0.9}, [](State& s, double g, double lr) {
    s.m = 0.9 * s.m + g;
    s.p -= lr * (g + 0.9 * s.m);
  });
  same(RMSprop{.alpha = 0.9, .eps_place = Eps::inside}, [](State& s, double g, double lr) {
    mean_square(s, g, 0.9);
    s.p -= lr * g / std::sqrt(s.v + 1e-8);
  });
  same(
      Chain{CenteredRMSprop{.alpha = 0.9, .initial_accumulator_value = 1, .eps_place = Eps::inside},
            Velocity{0.5}},
      [](State& s, double g, double lr) {
        mean_square(s, g, 0.9);
        s.m = 0.9 * s.m + 0.1 * g;
        s.s = 0.5 * s.s + lr * g / std::sqrt(s.v - s.m * s.m + 1e-8);
        s.p -= s.s;
      },
      {.v = 1});
  same(Adam{.eps_place = Eps::inside}, [](State& s, double g, double lr) {
    moments(s, g);  // eps=0, eps_root=1e-8
    s.p -= lr * s.m / s.c1 / std::sqrt(s.v / s.c2 + 1e-8);
  });
  same(AdamW{.weight_decay = 1e-4}, [](State& s, double g, double lr) {
    moments(s, g);
    s.p -= lr * (s.m / s.c1 / (std::sqrt(s.v / s.c2) + 1e-8) + 1e-4 * s.p);
  });
  same(AMSGrad{.max_corrected = true}, [](State& s, double g, double lr) {
    moments(s, g);
    s.s = std::max(s.s, s.v / s.c2);
    s.p -= lr * s.m / s.c1 / (std::sqrt(s.s) + 1e-8);
  });
  same(Adamax{}, [](State& s, double g, double lr) {
    s.m = 0.9 * s.m + 0.1 * g;
    s.v = std::max(std::fabs(g) + 1e-8, 0.999 * s.v);
    s.p -= lr * s.m / s.c1 / s.v;
  });
  same(NAdam{.momentum_decay = 1e6}, [](State& s, double g, double lr) {
    moments(s, g);
    const double m = 0.9 * s.m / (1 - std::pow(0.9, s.n + 1)) + 0.1 * g / s.c1;
    s.p -= lr * m / (std::sqrt(s.v / s.c2) + 1e-8);
  });
  same(RAdam{.eps_place = Eps::outside}, [](State& s, double g, double lr) {
    moments(s, g);
    const double last = 2 / (1 - 0.999) - 1, rho = last - 2 * s.n * (1 - s.c2) / s.c2;
    const double square = (rho - 4) * (rho - 2) * last / ((last - 4) * (last - 2) * rho);
    const double m = s.m / s.c1;
    s.p -= lr * (rho >= 5 ? std::sqrt(square) * m / (std::sqrt(s.v / s.c2) + 1e-8) : m);
  });
}

TEST_CASE("ensmallen's rules", "[coming_from][rule]") {
  same(Chain{SGD{}, Velocity{0.5}}, [](State& s, double g, double lr) { heavy(s, g, lr, 0.5); });
  same(Chain{SGD{}, NesterovVelocity{0.5}},
       [](State& s, double g, double lr) { nesterov(s, g, lr, 0.5); });
  same(Adagrad{.eps = 1e-8}, [](State& s, double g, double lr) { adagrad(s, g, lr, 1e-8); });
  same(RMSprop{}, [](State& s, double g, double lr) { rmsprop(s, g, lr, 1e-8); });
  same(Adam{.eps_place = Eps::hat},
       [](State& s, double g, double lr) { adam_hat(s, g, lr, 1e-8); });
  same(AMSGrad{.eps_place = Eps::hat}, [](State& s, double g, double lr) {
    moments(s, g);
    s.s = std::max(s.s, s.v);
    s.p -= lr * std::sqrt(s.c2) / s.c1 * s.m / (std::sqrt(s.s) + 1e-8);
  });
  same(Adamax{.eps_place = Eps::outside},
       [](State& s, double g, double lr) { adamax_outside(s, g, lr, 1e-8, s.c1); });
  same(NAdam{.eps_place = Eps::hat},
       [](State& s, double g, double lr) { nadam(s, g, lr, 4e-3, 1e-8, true); });
  same(Adadelta{.rho = 0.95},
       [](State& s, double g, double lr) { adadelta(s, g, lr, 0.95, 1e-6); });
}

TEST_CASE("dlib's, Caffe's and darknet's rules", "[coming_from][rule]") {
  // dlib's sgd and adam with their default decay of 5e-4.
  same(Chain{L2{5e-4}, SGD{}, Velocity{0.9}}, [](State& s, double g, double lr) {
    s.m = 0.9 * s.m - 5e-4 * lr * s.p - lr * g;
    s.p += s.m;
  });
  same(Chain{L2{5e-4}, Adam{.eps_place = Eps::hat}},
       [](State& s, double g, double lr) { adam_hat(s, g + 5e-4 * s.p, lr, 1e-8); });
  // Caffe's Nesterov is written with the old velocity.
  same(Chain{L2{5e-4}, SGD{}, NesterovVelocity{0.9}}, [](State& s, double g, double lr) {
    const double old = s.m;
    s.m = 0.9 * s.m + lr * (g + 5e-4 * s.p);
    s.p -= 1.9 * s.m - 0.9 * old;
  });
}

// Trains one parameter from darknet's buffer, which holds the negative gradient summed over a batch
// of 4, beside darknet's own update.
template <class R, class F>
void same_as_darknet(const R& rule, double scale, const F& formula) {
  const int batch = 4;
  std::vector<double> p{1};
  State s{.p = 1};
  double buffer = 0;  // darknet's, which also keeps its momentum
  Optimizer opt{InverseTime{.start = 0.1, .decay = 0.01}, rule, p};
  for (int t = 0; t < 100; ++t) {
    const double g = p[0] - 0.5 + 0.1 * (t % 3), lr = opt.rate();
    const std::vector<double> updates{-batch * g};
    buffer -= batch * g;
    ++s.n;
    s.c1 = 1 - std::pow(0.9, s.n), s.c2 = 1 - std::pow(0.999, s.n);
    formula(s, buffer, lr, batch);
    opt.step(p, updates, {.scale = scale});
    REQUIRE(std::fabs(p[0] - s.p) <= 1e-12);
  }
}

TEST_CASE("darknet's rules on darknet's buffers", "[coming_from][rule]") {
  same_as_darknet(Chain{L2{5e-4}, Momentum{0.9}}, -1.0 / 4,
                  [](State& s, double& buffer, double lr, int batch) {
                    buffer -= 5e-4 * batch * s.p;
                    s.p += lr / batch * buffer;
                    buffer *= 0.9;
                  });
  same_as_darknet(Chain{L2{5e-4 * 4}, Adam{.eps = 1e-7}}, -1,
                  [](State& s, double& buffer, double lr, int batch) {
                    adam(s, -buffer + 5e-4 * batch * s.p, lr, 1e-7);
                    buffer = 0;
                  });
}

TEST_CASE("llm.c's AdamW", "[coming_from][rule]") {
  const auto formula = [](double beta2, double decay) {
    return [=](State& s, double g, double lr) {
      s.m = 0.9 * s.m + 0.1 * g;
      s.v = beta2 * s.v + (1 - beta2) * g * g;
      const double c2 = 1 - std::pow(beta2, s.n);
      s.p -= lr * (s.m / s.c1 / (std::sqrt(s.v / c2) + 1e-8) + decay * s.p);
    };
  };
  same(AdamW{.beta2 = 0.95, .weight_decay = 0.1}, formula(0.95, 0.1));
  same(Adam{.beta2 = 0.95}, formula(0.95, 0));
  same(AdamW{.beta2 = 0.999, .weight_decay = 0.1}, formula(0.999, 0.1));
}

TEST_CASE("tiny-dnn's rules", "[coming_from][rule]") {
  same(Chain{L2{0.01}, SGD{}}, [](State& s, double g, double lr) { s.p -= lr * (g + 0.01 * s.p); });
  same(RMSprop{.eps_place = Eps::inside}, [](State& s, double g, double lr) {
    mean_square(s, g, 0.99);
    s.p -= lr * g / std::sqrt(s.v + 1e-8);
  });
  same(Adam{.eps_place = Eps::inside}, [](State& s, double g, double lr) {
    moments(s, g);
    s.p -= lr * (s.m / s.c1) / std::sqrt(s.v / s.c2 + 1e-8);
  });
  same(Chain{L2{0.01}, SGD{}, Velocity{0.9}},
       [](State& s, double g, double lr) { heavy(s, g + 0.01 * s.p, lr, 0.9); });
}

TEST_CASE("MLX' rules", "[coming_from][rule]") {
  same(DampenedMomentum{.dampening = 0.5, .dampen_first = true}, [](State& s, double g, double lr) {
    s.m = 0.9 * s.m + 0.5 * g;
    s.p -= lr * s.m;
  });
  same(Adam{.bias_correction = false}, [](State& s, double g, double lr) {
    moments(s, g);
    s.p -= lr * s.m / (std::sqrt(s.v) + 1e-8);
  });
  same(AdamW{.bias_correction = false}, [](State& s, double g, double lr) {
    moments(s, g);
    s.p = s.p * (1 - lr * 0.01) - lr * s.m / (std::sqrt(s.v) + 1e-8);
  });
  same(Adamax{.eps_place = Eps::outside, .bias_correction = false},
       [](State& s, double g, double lr) { adamax_outside(s, g, lr, 1e-8, 1); });
}

TEST_CASE("burn's and timm's rules", "[coming_from][rule]") {
  same(Adagrad{.eps = 1e-5}, [](State& s, double g, double lr) { adagrad(s, g, lr, 1e-5); });
  same(Adam{.eps = 1e-5}, [](State& s, double g, double lr) { adam(s, g, lr, 1e-5); });
  same(AdamW{.eps = 1e-5, .weight_decay = 1e-4}, [](State& s, double g, double lr) {
    s.p *= 1 - lr * 1e-4;
    adam(s, g, lr, 1e-5);
  });
  same(CenteredRMSpropMomentum{.eps = 1e-5}, [](State& s, double g, double lr) {
    mean_square(s, g, 0.99);
    s.m = 0.99 * s.m + 0.01 * g;
    s.s = 0.9 * s.s + g / (std::sqrt(s.v - s.m * s.m) + 1e-5);
    s.p -= lr * s.s;
  });
  same(DampenedMomentum{.dampening = 0.1}, [](State& s, double g, double lr) {
    s.m = s.n == 1 ? g : 0.9 * s.m + 0.9 * g;
    s.p -= lr * s.m;
  });
  same(RMSpropMomentum{.eps = 1e-5}, [](State& s, double g, double lr) {
    mean_square(s, g, 0.99);
    s.m = 0.9 * s.m + g / (std::sqrt(s.v) + 1e-5);
    s.p -= lr * s.m;
  });
  // timm's rmsprop_tf, in which v starts at 1.
  const RMSprop tf{
      .alpha = 0.9, .eps = 1e-10, .initial_accumulator_value = 1, .eps_place = Eps::inside};
  same(Chain{tf, Velocity{0.9}},
       [](State& s, double g, double lr) {
         mean_square(s, g, 0.9);
         s.m = 0.9 * s.m + lr * g / std::sqrt(s.v + 1e-10);
         s.p -= s.m;
       },
       {.v = 1});
}

namespace {

// PyTorch's `maximize=True`: `StepOptions::scale` of -1, bit for bit.
template <class T, class R>
void maximizes(const char* config, const R& rule, double rate) {
  const char* const type = std::same_as<T, float> ? "float" : "double";
  for (const support::Draws& draws : {support::coarse, support::fine}) {
    const std::vector<support::Line> lines = support::read_lines(draws);
    support::Problem<T> problem(draws);
    Optimizer opt{Constant{rate}, rule, problem.params};
    std::size_t reported = 0;
    for (const std::vector<T>& g : problem.grads) {
      opt.step(problem.params, g, {.scale = -1});
      for (const support::Line& line : lines)
        if (line.config == config && line.type == type && line.step == opt.steps()) {
          for (std::size_t i = 0; i < support::reference_count; ++i)
            CHECK(support::to_bits(problem.params[i]) ==
                  support::to_bits(static_cast<T>(line.p[i])));
          ++reported;
        }
    }
    CHECK(reported == support::reported_steps);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("PyTorch's maximize is a scale of -1", "[coming_from][rule]", float, double) {
  using T = TestType;
  maximizes<T>("sgd_maximize", Chain{L2{1e-2}, Momentum{0.9}}, 0.01);
  maximizes<T>("adam_maximize", Chain{L2{1e-2}, Adam{}}, 1e-3);
}
