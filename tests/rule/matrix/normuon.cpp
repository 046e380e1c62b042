#include <gradus/matrix/newton_schulz.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/tune/snapshot.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

using gradus::AdaMuon, gradus::Constant, gradus::FanIn, gradus::matrix, gradus::NorMuon,
    gradus::Optimizer;
using support::error_of, support::numbers, support::same_bits;

static_assert(gradus::MatrixRule<NorMuon> && gradus::MatrixRule<AdaMuon, double>);

namespace {

const Constant<> rate{0.05};
constexpr std::size_t rows = 5, columns = 7, n = rows * columns;

// Momentum as a mean with Nesterov, orthogonalised: in double, by what other tests have checked.
struct Directions {
  std::vector<double> b = std::vector<double>(n);
  std::vector<double> next(const std::vector<double>& g) {
    std::vector<double> u(n);
    for (std::size_t i = 0; i < n; ++i) {
      b[i] = 0.95 * b[i] + 0.05 * g[i];
      u[i] = 0.05 * g[i] + 0.95 * b[i];
    }
    gradus::orthogonalize(matrix(u, rows, columns));
    return u;
  }
};
double norm(const std::vector<double>& x) {
  double sum = 0;
  for (const double y : x) sum += y * y;
  return std::sqrt(sum);
}
std::vector<double> transposed(const std::vector<double>& x) {
  std::vector<double> r(n);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) r[j * rows + i] = x[i * columns + j];
  return r;
}
double distance(const std::vector<double>& x, const std::vector<double>& y) {
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}

}  // namespace

TEST_CASE("NorMuon follows its formula, in both layouts", "[rule][reference]") {
  std::vector<double> p = numbers<double>(n, 1), expected = p, turned = transposed(p);
  Optimizer opt{rate, NorMuon{}, matrix(p, rows, columns)};
  Optimizer inputs_first{rate, NorMuon{}, matrix(turned, columns, rows, FanIn::rows)};
  Directions directions;
  std::vector<double> v(rows);
  for (std::uint64_t t = 0; t < 4; ++t) {
    const std::vector<double> g = numbers<double>(n, 10 + t);
    opt.step(p, g);
    inputs_first.step(turned, transposed(g));
    const std::vector<double> o = directions.next(g);
    std::vector<double> normed = o;
    for (std::size_t i = 0; i < rows; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < columns; ++j) sum += o[i * columns + j] * o[i * columns + j];
      v[i] = 0.95 * v[i] + 0.05 * sum / columns;
      for (std::size_t j = 0; j < columns; ++j) normed[i * columns + j] /= std::sqrt(v[i]) + 1e-8;
    }
    const double ratio = norm(o) / norm(normed);
    for (std::size_t i = 0; i < n; ++i)
      expected[i] = expected[i] * (1 - 0.05 * 0.1) - 0.05 * ratio * normed[i];
  }
  CHECK(distance(p, expected) < 1e-13);
  CHECK(distance(turned, transposed(expected)) < 1e-13);
}

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

TEST_CASE("NorMuon's state has the sizes of the shapes, and survives in a file", "[rule][save]") {
  const support::Folder folder;
  const std::string path = folder / "normuon.safetensors";
  const auto run = [&](const auto& rule, std::size_t numbers_of_v) {
    std::vector<float> w = numbers<float>(n, 1), u = numbers<float>(2 * 12, 2);
    const std::vector<float> gw = numbers<float>(n, 3), gu = numbers<float>(24, 4);
    const auto params = [&](auto& a, auto& b) {
      return gradus::spans(matrix(a, rows, columns), gradus::matrices(b, 2, 4, 3));
    };
    Optimizer opt{rate, rule, params(w, u)};
    CHECK(opt.slot("v").size() == numbers_of_v);
    opt.step({w, u}, {gw, gu});
    gradus::io::save(path, opt);
    std::vector<float> w2 = w, u2 = u;
    Optimizer resumed{rate, rule, params(w2, u2)};
    gradus::io::load(path, resumed);
    opt.step({w, u}, {gw, gu});
    resumed.step({w2, u2}, {gw, gu});
    CHECK(same_bits(w, w2));
    CHECK(same_bits(u, u2));
    Optimizer copy = opt;  // an independent continuation
    copy.step({w2, u2}, {gw, gu});
    opt.step({w, u}, {gw, gu});
    CHECK(same_bits(u, u2));
  };
  run(NorMuon{}, rows + 2 * 4);
  run(AdaMuon{}, n + 24);
}

TEST_CASE("A snapshot of NorMuon has all of its state", "[rule][tune]") {
  std::vector<float> w = numbers<float>(n, 1);
  const std::vector<float> g = numbers<float>(n, 3), g2 = numbers<float>(n, 4);
  Optimizer opt{rate, NorMuon{}, matrix(w, rows, columns)};
  opt.step(w, g);
  const gradus::Snapshot before(opt, w);
  opt.step(w, g2);
  const std::vector<float> after = w;
  opt.step(w, g);
  before.restore(opt, w);
  opt.step(w, g2);
  CHECK(same_bits(w, after));
  std::vector<float> turned(n);
  Optimizer other{rate, NorMuon{}, matrix(turned, columns, rows)};
  CHECK(error_of([&] { before.restore(other, turned); }) ==
        "gradus::Snapshot.optimizer[0] must have the shape that it had at construction, 5 x 7 (got "
        "7 x 5)");
}

TEST_CASE("Zero gradients move nothing under NorMuon and AdaMuon", "[rule]") {
  const auto still = [](const auto& rule) {
    std::vector<float> w = numbers<float>(n, 1), before = w;
    const std::vector<float> g(n);
    Optimizer opt{rate, rule, matrix(w, rows, columns)};
    for (int t = 0; t < 2; ++t) opt.step(w, g);
    CHECK(same_bits(w, before));
  };
  still(NorMuon{.weight_decay = 0});
  still(AdaMuon{.weight_decay = 0});
}

TEST_CASE("A rule for matrices is replaced by one with the same state alone", "[rule]") {
  std::vector<float> w(n, 1), g(n, 1);
  const auto words = [](const auto& opt, const auto& rule) {
    return error_of([&] { static_cast<void>(opt.with_rule(rule)); });
  };
  const char* const other_slots =
      "gradus::Optimizer.with_rule must have the shaped slots of the rule it replaces";
  const Optimizer muon{rate, gradus::Muon{}, matrix(w, rows, columns)};
  const Optimizer normuon{rate, NorMuon{}, matrix(w, rows, columns)};
  CHECK(words(muon, NorMuon{}) == other_slots);
  CHECK(words(normuon, gradus::Muon{}) == other_slots);
  CHECK(words(normuon, AdaMuon{}) == other_slots);
  auto again = normuon.with_rule(NorMuon{.beta2 = 0.5});
  CHECK(again.step(w, g).applied);
  CHECK(again.slot("v")[0] > 0);
  CHECK(normuon.slot("v")[0] == 0);
}

TEST_CASE("NorMuon and AdaMuon follow the policy for state that is not finite", "[rule]") {
  std::vector<float> w = numbers<float>(n, 1), before = w;
  const std::vector<float> g = numbers<float>(n, 3);
  const auto skips = [&](const auto& rule) {
    Optimizer opt{rate, rule, matrix(w, rows, columns), gradus::NonFinite::skip};
    opt.slot("v")[1] = support::nan<float>();
    CHECK(!opt.step(w, g).applied);
    CHECK(same_bits(w, before));
  };
  skips(NorMuon{});
  skips(AdaMuon{});
}

TEST_CASE("A row of zeros stays beside others, whatever v is", "[rule]") {
  std::vector<float> w = numbers<float>(n, 1), before = w, g = numbers<float>(n, 3);
  for (std::size_t i = 0; i < columns; ++i) g[i] = 0;
  Optimizer opt{rate, NorMuon{.weight_decay = 0, .eps = 0x1p-100}, matrix(w, rows, columns)};
  opt.step(w, g);
  for (float& v : opt.slot("v").subspan(1)) v = 1e38F;
  opt.step(w, g);
  for (std::size_t i = 0; i < n; ++i)
    CHECK((i < columns ? w[i] == before[i] : gradus::math::is_finite(w[i])));
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

TEST_CASE("NorMuon and AdaMuon name the field that is wrong", "[rule]") {
  std::vector<float> w(4);
  const auto words = [&](const auto& rule) {
    return error_of([&] { Optimizer{rate, rule, matrix(w, 2, 2)}; });
  };
  CHECK(words(NorMuon{.beta2 = 1}) == "gradus::NorMuon.beta2 must be in [0, 1) (got 1)");
  CHECK(words(NorMuon{.eps = 0}) == "gradus::NorMuon.eps must be finite and > 0 (got 0)");
  CHECK(words(NorMuon{.safety = 3}) == "gradus::NorMuon.safety must be in [1, 2] (got 3)");
  CHECK(words(NorMuon{.eps = 1e-42}) ==
        "gradus::NorMuon.eps must be at least 2^-100 for float (got 1e-42)");
  CHECK(words(AdaMuon{.eps = 1e-42}) ==
        "gradus::AdaMuon.eps must be at least 2^-100 for float (got 1e-42)");
  CHECK(words(AdaMuon{.rms = 1e39}) ==
        "gradus::AdaMuon.rms must be representable in the parameters' type (got 1e+39)");
  CHECK(words(AdaMuon{.rms = 0}) == "gradus::AdaMuon.rms must be finite and > 0 (got 0)");
  CHECK(words(AdaMuon{.momentum = -1}) == "gradus::AdaMuon.momentum must be in [0, 1) (got -1)");
}
