// Adds and removes parameters during the training, as for the splats of a picture. A curve is
// fitted by a sum of bumps, and each bump is a row of three parameters. Bumps that have become
// small are removed, the worst fitted places get new bumps, and the other bumps keep their state of
// Adam.
#include <fmt/core.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <gradus/gradus.hpp>
#include <vector>

namespace {

constexpr std::size_t count = 256;  // points where the curve is known
double place(std::size_t i) { return static_cast<double>(i) / count; }
double curve(double x) { return std::sin(20 * x * x); }

// centre, width, height; centre, width, height ...
using Bumps = std::vector<double>;

// Computes the error at each point and, if `grads` is given, the gradients of half its mean square.
std::array<double, count> errors(const Bumps& bumps, Bumps* grads) {
  std::array<double, count> e{};
  if (grads != nullptr) grads->assign(bumps.size(), 0.0);
  for (std::size_t i = 0; i < count; ++i) {
    e[i] = -curve(place(i));
    for (std::size_t k = 0; k < bumps.size(); k += 3) {
      const double z = (place(i) - bumps[k]) / bumps[k + 1];
      e[i] += bumps[k + 2] * std::exp(-z * z);
    }
    for (std::size_t k = 0; grads != nullptr && k < bumps.size(); k += 3) {
      const double z = (place(i) - bumps[k]) / bumps[k + 1];
      const double by_height = e[i] * std::exp(-z * z) / count;
      const double by_centre = by_height * bumps[k + 2] * 2 * z / bumps[k + 1];
      (*grads)[k] += by_centre;
      (*grads)[k + 1] += by_centre * z;
      (*grads)[k + 2] += by_height;
    }
  }
  return e;
}

// Trains from three bumps; with `grow`, bumps come and go. Returns the root mean squared error.
double train(const char* name, bool grow) {
  Bumps bumps{0.2, 0.1, 0.1, 0.5, 0.1, 0.1, 0.8, 0.1, 0.1}, grads;
  gradus::Optimizer opt{gradus::Cosine{.start = 0.02, .end = 1e-4, .steps = 3000}, gradus::Adam{},
                        bumps};
  while (opt.steps() < 3000) {
    const auto e = errors(bumps, &grads);
    opt.step(bumps, grads);
    if (!grow || opt.steps() % 200 != 0 || opt.steps() > 2000) continue;

    std::vector<std::size_t> kept;  // the rows that stay, and a new row
    for (std::size_t k = 0; k < bumps.size() / 3; ++k)
      if (std::abs(bumps[3 * k + 2]) > 0.2) kept.push_back(k);
    kept.push_back(gradus::fresh);
    // The first updates of the new row are up to six times those of a new optimizer, because Adam's
    // bias correction counts the steps of the optimizer. In this example that helps a new bump to
    // find its place. If it does harm, see "The first updates of fresh rows" in
    // docs/guide/start-here.md.
    gradus::gather(bumps, kept, 3);
    gradus::gather(opt, kept, {3});
    std::size_t worst = 0;
    for (std::size_t i = 0; i < count; ++i) worst = std::abs(e[i]) > std::abs(e[worst]) ? i : worst;
    bumps.end()[-3] = place(worst), bumps.end()[-2] = 0.05, bumps.end()[-1] = -e[worst];
  }
  double sum = 0;
  for (const double e : errors(bumps, nullptr)) sum += e * e / count;
  fmt::print("{}: {:2} bumps, error {:.4f}\n", name, bumps.size() / 3, std::sqrt(sum));
  return std::sqrt(sum);
}

}  // namespace

int main() {
  const double fixed = train("three bumps   ", false), grown = train("come and gone ", true);
  if (grown < 0.05 && grown < fixed / 5) return 0;
  fmt::print(stderr, "09_come_and_go: bumps that come and go do not fit better\n");
  return 1;
}
