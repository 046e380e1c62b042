// docs/coming-from/rules.md, as rules.cpp: the rules of optax that look at all elements at once,
// and those without a schedule.
#include <gradus/gradus.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "support/reference_data.hpp"
#include "support/rule_conformance.hpp"

using namespace gradus;

namespace {

// An optimizer that looks at all elements at once: `formula(p, g, lr, n, loss)`.
using Vector = std::vector<double>;
double dot(const Vector& a, const Vector& b) {
  double r = 0;
  for (std::size_t i = 0; i < a.size(); ++i) r += a[i] * b[i];
  return r;
}
double apart(const Vector& a, const Vector& b) {
  double r = 0;
  for (std::size_t i = 0; i < a.size(); ++i) r += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(r);
}
double size_of(const Vector& a) {
  double r = 0;
  for (const double& x : a) r += std::fabs(x);
  return r;
}
// The gradients pull towards 0, so that there is something to find. Errors are relative to how far
// it went.
template <class R, class Make>
void same_of_all(const R& rule, const Make& make, double peak, double fall, double tolerance) {
  support::default_environment();
  const support::Problem<double> problem(support::coarse);
  support::Run<R, double> run(rule, problem.params);
  Vector p = problem.params;
  auto formula = make(p);
  double error = 0;
  for (step_t t = 0; t < 100; ++t) {
    Vector g = problem.grads[t];
    for (std::size_t i = 0; i < p.size(); ++i) g[i] += 0.5 * p[i];
    const double lr = peak / (1 + fall * static_cast<double>(t));
    const double loss = 0.1 * static_cast<double>(t % 7) - 0.1;
    run.step(rule, {t, lr, loss}, g);
    formula(p, g, lr, static_cast<double>(t) + 1, loss);
    error = std::max(error, apart(run.p, p));
  }
  const double way = apart(p, problem.params);
  CAPTURE(error, way);
  CHECK(way > 0.01);
  CHECK(error <= tolerance * way);
}

}  // namespace

TEST_CASE("optax' rules that find their rate", "[coming_from][rule]") {
  const auto dog = [](const Vector& start) {
    return [start, r = 1e-6 * (1 + std::sqrt(dot(start, start))), sum = 0.0](
               Vector& p, const Vector& g, double lr, double, double) mutable {
      r = std::max(r, apart(p, start));
      sum += dot(g, g);
      for (std::size_t i = 0; i < p.size(); ++i) p[i] -= lr * r / std::sqrt(sum + 1e-8) * g[i];
    };
  };
  same_of_all(DoG{}, dog, 1, 0.01, 1e-12);
  same_of_all(LDoG{}, dog, 1, 0.01, 1e-12);  // of one span
  same_of_all(
      DoWG{},
      [](const Vector& start) {
        return [start, square = 1e-4, sum = 0.0](Vector& p, const Vector& g, double lr, double,
                                                 double) mutable {
          square = std::max(square, apart(p, start) * apart(p, start));
          sum += square * dot(g, g);
          for (std::size_t i = 0; i < p.size(); ++i)
            p[i] -= lr * square / (std::sqrt(sum) + 1e-4) * g[i];
        };
      },
      1, 0.05, 1e-12);
  same_of_all(
      DAdaptAdam{.weight_decay = 0.01, .bias_correction = true},
      [](const Vector& start) {
        const Vector zero(start.size());
        return [d = 1e-6, sum = 0.0, m = zero, v = zero, s = zero](
                   Vector& p, const Vector& g, double lr, double n, double) mutable {
          const double b = std::sqrt(0.999);
          const double dlr = d * lr * std::sqrt(1 - std::pow(0.999, n)) / (1 - std::pow(0.9, n));
          double pull = 0;
          for (std::size_t i = 0; i < p.size(); ++i) {
            pull += g[i] * s[i] / (std::sqrt(v[i]) + 1e-8);
            m[i] = 0.9 * m[i] + 0.1 * dlr * g[i];
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            s[i] = b * s[i] + (1 - b) * dlr * g[i];
            p[i] -= m[i] / (std::sqrt(v[i]) + 1e-8) + 0.01 * dlr * p[i];
          }
          sum = b * sum + (1 - b) * dlr * pull;
          d = std::max(d, sum / ((1 - b) * size_of(s)));
        };
      },
      1, 0.05, 1e-10);
  same_of_all(
      Prodigy{.weight_decay = 0.01, .bias_correction = true},
      [](const Vector& start) {
        const Vector zero(start.size());
        return [start, d = 1e-6, sum = 0.0, m = zero, v = zero, s = zero](
                   Vector& p, const Vector& g, double lr, double n, double) mutable {
          const double b = std::sqrt(0.999), old = d;
          const double dlr = d * lr * std::sqrt(1 - std::pow(0.999, n)) / (1 - std::pow(0.9, n));
          double pull = 0;
          for (std::size_t i = 0; i < p.size(); ++i) {
            pull += g[i] * (start[i] - p[i]);
            s[i] = b * s[i] + dlr * old * g[i] / 1e-6;
          }
          sum = b * sum + old / 1e-6 * dlr * pull;
          d = std::max(d, sum / size_of(s));
          for (std::size_t i = 0; i < p.size(); ++i) {
            m[i] = 0.9 * m[i] + 0.1 * old * g[i];
            v[i] = 0.999 * v[i] + 0.001 * old * g[i] * old * g[i];
            p[i] -= 0.01 * dlr * p[i] + dlr * m[i] / (std::sqrt(v[i]) + d * 1e-8);
          }
        };
      },
      1, 0.05, 1e-10);
  same_of_all(
      PolyakSGD{.f_min = 0.05, .max_rate = 2},
      [](const Vector&) {  // variant='sps+'
        return [](Vector& p, const Vector& g, double lr, double, double loss) {
          const double size = std::min(std::max(loss - 0.05, 0.0) / dot(g, g), 2.0);
          for (std::size_t i = 0; i < p.size(); ++i) p[i] -= lr * size * g[i];
        };
      },
      1, 0.05, 1e-12);
  same_of_all(
      COCOB{},
      [](const Vector& start) {
        const Vector zero(start.size()), small(start.size(), 1e-8);
        return [start, scale = small, sum = zero, bet = zero, reward = zero](
                   Vector& p, const Vector& g, double, double, double) mutable {
          for (std::size_t i = 0; i < p.size(); ++i) {
            scale[i] = std::max(scale[i], std::fabs(g[i]));
            sum[i] += std::fabs(g[i]);
            reward[i] = std::max(reward[i] - g[i] * (p[i] - start[i]), 0.0);
            bet[i] -= g[i];
            p[i] = start[i] + bet[i] / (scale[i] * std::max(sum[i] + scale[i], 100 * scale[i])) *
                                  (scale[i] + reward[i]);
          }
        };
      },
      1, 0, 1e-12);
}

TEST_CASE("optax' mechanize", "[coming_from][rule]") {
  // Its delta, (start - p) / (S + 1e-8), forgets a part of 1e-8 / S of the sum of the steps in
  // every step, S being 6e-6 at first. Without the 1e-8 it is that sum.
  const auto mechanize = [](double beside) {
    return [beside](const Vector& start) {
      const Vector zero(start.size());
      struct Tuner {
        double b, m = 0, v = 0, r = 0, s = 1e-6;
      };
      std::vector<Tuner> tuners;
      for (int i = 1; i <= 6; ++i) tuners.push_back({1 - std::pow(0.1, i)});
      return [start, beside, tuners, m = zero, v = zero](Vector& p, const Vector& g, double lr,
                                                         double n, double) mutable {
        double s = 0;
        for (const Tuner& t : tuners) s += t.s;
        const double pull = 1e-2 * s * std::sqrt(dot(g, g)) / (std::sqrt(dot(p, p)) + 1e-8);
        Vector delta(p.size());
        double h = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
          delta[i] = (start[i] - p[i]) / (s + beside);
          h += (g[i] + pull * p[i]) * delta[i];
          m[i] = 0.9 * m[i] + 0.1 * g[i];
          v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
          delta[i] += lr * m[i] / (1 - std::pow(0.9, n)) /
                      (std::sqrt(v[i] / (1 - std::pow(0.999, n))) + 1e-8);
        }
        s = 0;
        for (Tuner& t : tuners) {
          t.r = t.b * t.r + std::clamp(h, -t.m, t.m) * t.s;
          t.m = std::max(t.b * t.m, std::fabs(h) + 1e-8);
          t.v = t.b * t.b * t.v + h * h;
          t.s = (1e-6 / 6 * t.m + std::max(0.0, t.r)) / (std::sqrt(t.v) + 1e-8);
          s += t.s;
        }
        for (std::size_t i = 0; i < p.size(); ++i) p[i] = start[i] - s * delta[i];
      };
    };
  };
  same_of_all(Chain{Adam{}, Mechanic{}}, mechanize(0), 1, 0.05, 1e-9);
  same_of_all(Chain{Adam{}, Mechanic{}}, mechanize(1e-8), 1, 0.05, 0.05);
}

TEST_CASE("optax' schedule-free rules", "[coming_from][rule]") {
  // x is computed from what is kept, (y - (1 - b1) z) / b1.
  const auto average = [](double y, double z, double next, double n) {
    const double x = (y - 0.1 * z) / 0.9;
    return 0.9 * ((1 - 1 / n) * x + 1 / n * next) + 0.1 * next;
  };
  same_of_all(
      ScheduleFreeSGD{.weight_decay = 0.01},
      [&](const Vector& start) {
        return
            [&average, z = start](Vector& p, const Vector& g, double lr, double n, double) mutable {
              for (std::size_t i = 0; i < p.size(); ++i) {
                const double next = z[i] - lr * (g[i] + 0.01 * p[i]);
                p[i] = average(p[i], z[i], next, n);
                z[i] = next;
              }
            };
      },
      0.5, 0.05, 1e-12);
  same_of_all(
      ScheduleFreeAdamW{.weight_decay = 0.01},
      [&](const Vector& start) {
        return [&average, z = start, v = Vector(start.size())](
                   Vector& p, const Vector& g, double lr, double n, double) mutable {
          for (std::size_t i = 0; i < p.size(); ++i) {
            v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i];
            const double root = std::sqrt(v[i] / (1 - std::pow(0.999, n))) + 1e-8;
            const double next = z[i] - lr * (g[i] / root + 0.01 * p[i]);
            p[i] = average(p[i], z[i], next, n);
            z[i] = next;
          }
        };
      },
      0.02, 0.05, 1e-12);
}
