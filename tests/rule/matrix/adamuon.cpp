#include <gradus/optimizer.hpp>
#include <gradus/rule/matrix/adamuon.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/on_muon.hpp"

using gradus::AdaMuon, gradus::matrix, gradus::Optimizer;
using support::numbers;
using namespace support::on_muon;

static_assert(gradus::MatrixRule<AdaMuon, double>);

TEST_CASE("AdaMuon follows its formula", "[rule][reference]") {
  std::vector<double> p = numbers<double>(n, 1), expected = p;
  Optimizer opt{rate, AdaMuon{}, matrix(p, rows, columns)};
  Directions directions;
  std::vector<double> v(n);
  for (std::uint64_t t = 0; t < 4; ++t) {
    const std::vector<double> g = numbers<double>(n, 10 + t);
    opt.step(p, g);
    std::vector<double> o = directions.next(g);
    for (std::size_t i = 0; i < n; ++i) {
      v[i] = 0.95 * v[i] + 0.05 * o[i] * o[i];
      o[i] /= std::sqrt(v[i]) + 1e-8;
    }
    const double size = 0.2 * std::sqrt(double(n)) / norm(o);
    for (std::size_t i = 0; i < n; ++i)
      expected[i] = expected[i] * (1 - 0.05 * 0.1) - 0.05 * size * o[i];
  }
  CHECK(distance(p, expected) < 1e-13);
}

TEST_CASE("AdaMuon keeps the size of a step whose matrix is tiny", "[rule]") {
  std::vector<float> w(n), g = numbers<float>(n, 3);
  for (float& x : g) x *= 1e-30F;
  Optimizer opt{rate, AdaMuon{.rms = 0x1p80, .weight_decay = 0, .eps = 1},
                matrix(w, rows, columns)};
  opt.step(w, g);
  double sum = 0;
  for (const float x : w) sum += double(x) * double(x);
  CHECK(std::sqrt(sum / double(n)) == Approx(0.05 * 0x1p80).epsilon(1e-4));
}

TEST_CASE("AdaMuon's state has the sizes of the shapes, and survives in a file", "[rule][save]") {
  support::on_muon::is_resumed(AdaMuon{}, n + 24);
}

TEST_CASE("Zero gradients move nothing under AdaMuon", "[rule]") {
  support::on_muon::stays_without_gradient(AdaMuon{.weight_decay = 0});
}

TEST_CASE("AdaMuon follows the policy for state that is not finite", "[rule]") {
  support::on_muon::skips_a_nan_in_v(AdaMuon{});
}

TEST_CASE("AdaMuon names the field that is wrong", "[rule]") {
  CHECK(refusal_of(AdaMuon{.eps = 1e-42}) ==
        "gradus::AdaMuon.eps must be at least 2^-100 for float (got 1e-42)");
  CHECK(refusal_of(AdaMuon{.rms = 1e39}) ==
        "gradus::AdaMuon.rms must be representable in the parameters' type (got 1e+39)");
  CHECK(refusal_of(AdaMuon{.rms = 0}) == "gradus::AdaMuon.rms must be finite and > 0 (got 0)");
  CHECK(refusal_of(AdaMuon{.momentum = -1}) ==
        "gradus::AdaMuon.momentum must be in [0, 1) (got -1)");
}
