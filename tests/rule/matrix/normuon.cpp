#include <gradus/math/bits.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/tune/snapshot.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"
#include "support/on_muon.hpp"

using gradus::AdaMuon, gradus::FanIn, gradus::matrix, gradus::NorMuon, gradus::Optimizer;
using support::error_of, support::numbers, support::same_bits;
using namespace support::on_muon;

static_assert(gradus::MatrixRule<NorMuon>);

namespace {

std::vector<double> transposed(const std::vector<double>& x) {
  std::vector<double> r(n);
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < columns; ++j) r[j * rows + i] = x[i * columns + j];
  return r;
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

TEST_CASE("NorMuon's state has the sizes of the shapes, and survives in a file", "[rule][save]") {
  support::on_muon::is_resumed(NorMuon{}, rows + 2 * 4);
}

TEST_CASE("A slot that is not there is answered with all that are", "[rule]") {
  std::vector<float> w(n);
  Optimizer opt{rate, NorMuon{}, matrix(w, rows, columns)};
  CHECK(error_of([&] { (void)opt.slot("u"); }) ==
        "gradus::Optimizer.slot must be one of b, v (got \"u\")");
  CHECK(error_of([&] { (void)opt.slot<gradus::bfloat16>("v"); }) ==
        "gradus::Optimizer.slot must be asked for as what it is stored as: slot<E>(j) (got 1)");
}

TEST_CASE("Zero gradients move nothing under NorMuon", "[rule]") {
  support::on_muon::stays_without_gradient(NorMuon{.weight_decay = 0});
}

TEST_CASE("NorMuon follows the policy for state that is not finite", "[rule]") {
  support::on_muon::skips_a_nan_in_v(NorMuon{});
}

TEST_CASE("NorMuon names the field that is wrong", "[rule]") {
  CHECK(refusal_of(NorMuon{.beta2 = 1}) == "gradus::NorMuon.beta2 must be in [0, 1) (got 1)");
  CHECK(refusal_of(NorMuon{.eps = 0}) == "gradus::NorMuon.eps must be finite and > 0 (got 0)");
  CHECK(refusal_of(NorMuon{.safety = 3}) == "gradus::NorMuon.safety must be in [1, 2] (got 3)");
  CHECK(refusal_of(NorMuon{.eps = 1e-42}) ==
        "gradus::NorMuon.eps must be at least 2^-100 for float (got 1e-42)");
}
