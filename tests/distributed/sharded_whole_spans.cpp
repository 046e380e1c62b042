// Tests sharded.hpp with rules that see whole spans: those with a kernel for each, and those for
// matrices.
#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/rule/matrix/normuon.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "support/any_sharded.hpp"
#include "support/catch.hpp"
#include "support/must.hpp"

using namespace gradus;
using support::any_ranks, support::on_ranks, support::sharded_rate;

TEST_CASE("Sharded: whole spans for a kernel of each, with their numbers", "[distributed]") {
  any_ranks<float, float>(LAMB{});
  any_ranks<float, float>(Chain{
      ClipNorm{0.5}, Adam{}, Only{WeightDecay{0.1}, [](std::size_t span) { return span >= 3; }}});
}
namespace {

// Matrices of several shapes, one span of three of them, and an empty one; of each rule some ranks
// have several.
using Rule = support::ShardedRule<std::vector<Shaped<float>>, std::vector<std::span<const float>>>;
std::vector<float> of_matrices(const Rule& rule, std::size_t ranks, const Sharding& sharding = {}) {
  std::vector<float> bytes;
  std::mutex mutex;
  on_ranks(ranks, [&](ThreadComm& comm) {
    std::vector<float> p(70 * 30 + 9 * 50 + 3 * 8 * 5 + 300 * 120), g = p;
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = static_cast<float>(i % 97) / 97.0F - 0.3F;
    const std::span<float> all(p);
    const auto params = [&] {
      return std::vector<Shaped<float>>{
          matrix(all.first(2100), 70, 30), matrix(all.subspan(2100, 450), 9, 50, FanIn::rows),
          Shaped<float>(all.first(0)), matrices(all.subspan(2550, 120), 3, 8, 5),
          matrix(all.subspan(2670), 300, 120)};
    };
    auto spans = params();
    const auto opt = rule.make(comm, {.start = 0.05, .steps = 10}, spans, sharding);
    for (std::size_t t = 0; t < 3; ++t) {
      const MicroBatches mine = opt->micro_batches(5);
      for (std::size_t k = mine.first; k < mine.last; ++k) {
        auto x = static_cast<std::uint32_t>(t * 977 + k * 31 + 1);
        for (float& y : g) {
          x = x * 1664525U + 1013904223U;
          y = static_cast<float>(static_cast<double>(x >> 8) * 0x1p-24 - 0.5);
        }
        const std::span<const float> grads(g);
        opt->add({grads.first(2100), grads.subspan(2100, 450), grads.first(0),
                  grads.subspan(2550, 120), grads.subspan(2670)});
      }
      MUST(opt->step(spans, {.scale = 0.2}).applied);
    }
    const std::lock_guard lock(mutex);
    if (bytes.empty()) bytes = p;
    MUST(bytes == p);
  });
  return bytes;
}
void any_ranks_of_matrices(const Rule& rule) {
  const std::vector<float> one = of_matrices(rule, 1);
  for (const std::size_t ranks : {2U, 3U, 4U, 7U}) CHECK(of_matrices(rule, ranks) == one);
  CHECK(of_matrices(rule, 3, {.replicated = true}) == one);
}

}  // namespace

TEST_CASE("Sharded: whole matrices, with the same bits on any number of ranks", "[distributed]") {
  any_ranks_of_matrices(Rule::of(Muon{}));
  any_ranks_of_matrices(Rule::of(NorMuon{}));
  any_ranks_of_matrices(Rule::of(AdaMuon{}));
  any_ranks_of_matrices(Rule::of(Chain{ClipNorm{0.5}, GradientNoise{}, Muon{.nesterov = false}}));
}
TEST_CASE("Sharded: matrices are divided by the operations that they cost", "[distributed]") {
  on_ranks(3, [](ThreadComm& comm) {
    std::vector<float> w(64 * 64), u(64 * 8), v(64 * 8);
    std::vector<Shaped<float>> params{matrix(w, 64, 64), matrix(u, 8, 64), matrix(v, 64, 8)};
    Sharded opt{comm, sharded_rate, Muon{}, params};
    MUST(opt.plan().text() == "spans 5120 3 4096 5120 5120");
    const double costs[] = {1, 1, 3};
    Sharded other{comm, sharded_rate, Muon{}, params, {.costs = costs}};
    MUST(other.plan().text() == "spans 5120 3 4608 5120 5120");
  });
}
TEST_CASE("Sharded: matrices without a shape, or of other shapes on a rank, are refused on all",
          "[distributed]") {
  const auto said = [](Shape (*shape_on)(std::size_t rank)) {
    std::vector<std::string> r(2);
    on_ranks(2, [&](ThreadComm& comm) {
      std::vector<float> p(12), q(12);
      std::vector<Shaped<float>> params{{p, shape_on(0)}, {q, shape_on(comm.rank())}};
      try {
        Sharded opt{comm, sharded_rate, Muon{}, params};
      } catch (const Error& error) {
        r[comm.rank()] = error.what();
      }
    });
    CHECK(r[0] == r[1]);
    return r[0];
  };
  CHECK(said([](std::size_t rank) {
          return rank == 1 ? Shape{} : Shape{3, 4};
        }).starts_with("gradus::Sharded.params[1] must have a shape, because Muon sees"));
  CHECK(said([](std::size_t rank) { return rank == 1 ? Shape{4, 3} : Shape{3, 4}; }) ==
        "gradus::Sharded.shapes must be the same on every rank (got 3 x 4; 3 x 4 on rank 0 and 3 x "
        "4; 4 x 3 on rank 1)");
}
TEST_CASE("Sharded: costs that one rank has wrong are refused on all", "[distributed]") {
  std::vector<std::string> said(2);
  on_ranks(2, [&](ThreadComm& comm) {
    std::vector<std::vector<float>> params(1, std::vector<float>(10));
    const std::vector<double> costs(1 + comm.rank(), 1.0);
    try {
      Sharded opt{comm, sharded_rate, LAMB{}, params, {.costs = costs}};
    } catch (const Error& error) {
      said[comm.rank()] = error.what();
    }
  });
  CHECK(said[0] ==
        "gradus::Sharded.costs must be 1 numbers, one for each span (got 2) (on rank 1)");
  CHECK(said[1] == said[0]);
}
