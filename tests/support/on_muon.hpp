// What the tests of the rules that are built on Muon share.
#pragma once

#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/constant.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

namespace support::on_muon {

inline const gradus::Constant<> rate{0.05};
inline constexpr std::size_t rows = 5, columns = 7, n = rows * columns;

// Momentum as a mean with Nesterov, orthogonalised: in double, by what other tests have checked.
struct Directions {
  std::vector<double> b = std::vector<double>(n);
  std::vector<double> next(const std::vector<double>& g) {
    std::vector<double> u(n);
    for (std::size_t i = 0; i < n; ++i) {
      b[i] = 0.95 * b[i] + 0.05 * g[i];
      u[i] = 0.05 * g[i] + 0.95 * b[i];
    }
    gradus::orthogonalize(gradus::matrix(u, rows, columns));
    return u;
  }
};
inline double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double y : x) sum += y * y;
  return std::sqrt(sum);
}
inline double distance(const std::vector<double>& x, const std::vector<double>& y) {
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}

// The slot v of a rule has so many numbers for one matrix and two smaller ones, and a file resumes
// the training.
template <class R>
void is_resumed(const R& rule, std::size_t numbers_of_v) {
  const Folder folder;
  const std::string path = folder / "rule.safetensors";
  std::vector<float> w = numbers<float>(n, 1), u = numbers<float>(2 * 12, 2);
  const std::vector<float> gw = numbers<float>(n, 3), gu = numbers<float>(24, 4);
  const auto params = [&](auto& a, auto& b) {
    return gradus::spans(gradus::matrix(a, rows, columns), gradus::matrices(b, 2, 4, 3));
  };
  gradus::Optimizer opt{rate, rule, params(w, u)};
  CHECK(opt.slot("v").size() == numbers_of_v);
  opt.step({w, u}, {gw, gu});
  gradus::io::save(path, opt);
  CHECK(gradus::io::inspect(path).optimizers.at(0).slots == "momentum_buffer F32, v F32");
  std::vector<float> w2 = w, u2 = u;
  gradus::Optimizer resumed{rate, rule, params(w2, u2)};
  gradus::io::load(path, resumed);
  opt.step({w, u}, {gw, gu});
  resumed.step({w2, u2}, {gw, gu});
  CHECK(same_bits(w, w2));
  CHECK(same_bits(u, u2));
  gradus::Optimizer copy = opt;  // an independent continuation
  copy.step({w2, u2}, {gw, gu});
  opt.step({w, u}, {gw, gu});
  CHECK(same_bits(u, u2));
}

// Gradients of zero move nothing; the rule has no weight decay.
template <class R>
void stays_without_gradient(const R& rule) {
  std::vector<float> w = numbers<float>(n, 1);
  const std::vector<float> before = w, g(n);
  gradus::Optimizer opt{rate, rule, gradus::matrix(w, rows, columns)};
  for (int t = 0; t < 2; ++t) opt.step(w, g);
  CHECK(same_bits(w, before));
}

// The policy `skip` also judges v.
template <class R>
void skips_a_nan_in_v(const R& rule) {
  std::vector<float> w = numbers<float>(n, 1);
  const std::vector<float> before = w, g = numbers<float>(n, 3);
  gradus::Optimizer opt{rate, rule, gradus::matrix(w, rows, columns), gradus::NonFinite::skip};
  opt.slot("v")[1] = nan<float>();
  CHECK(!opt.step(w, g).applied);
  CHECK(same_bits(w, before));
}

// The sentence with which a rule for 2 x 2 numbers of type float is refused.
template <class R>
std::string refusal_of(const R& rule) {
  std::vector<float> w(4);
  return error_of([&] { gradus::Optimizer{rate, rule, gradus::matrix(w, 2, 2)}; });
}

}  // namespace support::on_muon
