#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/rule/matrix/normuon.hpp>

#include <cstring>
#include <mutex>
#include <vector>

#include "support/catch.hpp"
#include "support/must.hpp"

namespace {

using namespace gradus;

// Spans whose borders are not those of pieces, and an empty one.
constexpr std::size_t sizes[] = {40'000, 17, 0, 30'001, 3, 5'000};

template <class P>
std::vector<std::vector<P>> start() {
  std::vector<std::vector<P>> params;
  for (const std::size_t n : sizes) {
    params.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i)
      params.back()[i] = P(static_cast<arithmetic_t<P>>(static_cast<double>(i % 97) / 97 - 0.3));
  }
  return params;
}
// The gradients of a micro-batch, which differ in sign and size.
template <class G>
std::vector<std::vector<G>> gradients(std::size_t step, std::size_t batch) {
  std::vector<std::vector<G>> grads;
  for (const std::size_t n : sizes) {
    grads.emplace_back(n);
    std::uint32_t x = static_cast<std::uint32_t>(step * 977 + batch * 31 + n);
    for (std::size_t i = 0; i < n; ++i) {
      x = x * 1664525U + 1013904223U;
      grads.back()[i] =
          G(static_cast<arithmetic_t<G>>(static_cast<double>(x >> 8) * 0x1p-24 - 0.5));
    }
  }
  return grads;
}

struct Trial {
  std::size_t ranks = 1, micro_batches = 6;
  Sharding sharding{};
  StepOptions options{.scale = 1.0 / 6};
};

/// The bytes of the parameters after some steps; the same on every rank.
template <class P, class G, class R>
std::vector<std::byte> trained(const R& rule, const Trial& trial) {
  std::vector<std::byte> bytes;
  std::mutex mutex;
  run_ranks(trial.ranks, [&](ThreadComm& comm) {
    auto params = start<P>();
    Sharded opt{comm, Cosine{.start = 0.01, .end = 0, .steps = 10}, rule, params, trial.sharding};
    for (std::size_t t = 0; t < 2; ++t) {
      const MicroBatches mine = opt.micro_batches(trial.micro_batches);
      for (std::size_t k = mine.first; k < mine.last; ++k) opt.add(gradients<G>(t, k));
      MUST(opt.step(params, trial.options).applied);
    }
    std::vector<std::byte> own;
    for (const std::vector<P>& p : params) {
      const auto s = std::as_bytes(std::span(p));
      own.insert(own.end(), s.begin(), s.end());
    }
    const std::lock_guard lock(mutex);
    if (bytes.empty()) bytes = own;
    MUST(bytes == own);
  });
  return bytes;
}

template <class P, class G, class R>
void any_ranks(const R& rule, const Sharding& sharding = {}) {
  const std::vector<std::byte> one = trained<P, G>(rule, {.sharding = sharding});
  for (const std::size_t ranks : {2U, 3U})
    CHECK(trained<P, G>(rule, {.ranks = ranks, .sharding = sharding}) == one);
}

}  // namespace

TEST_CASE("Sharded: the same bits on any number of ranks", "[distributed]") {
  any_ranks<float, float>(AdamW{});
  any_ranks<float, float>(Chain{ClipNorm{0.5}, AdamW{}});
  any_ranks<double, double>(Chain{ClipNorm{0.5}, AdamW{}});
}
TEST_CASE("Sharded: random rounding and noise go by the place among all elements",
          "[distributed]") {
  any_ranks<bfloat16, bfloat16>(Stochastic{AdamW{}, 3});
  any_ranks<float, float>(Chain{GradientNoise{}, stored<Signed8, Positive8>(AdamW{})});
}
TEST_CASE("Sharded: a master of halves, and rules that measure", "[distributed]") {
  any_ranks<bfloat16, float>(Master{Chain{ClipNorm{0.5}, AdamW{}}});
  any_ranks<float, float>(Prodigy{});
}
TEST_CASE("Sharded: whole spans for a kernel of each, with their numbers", "[distributed]") {
  any_ranks<float, float>(LAMB{});
  any_ranks<float, float>(Chain{
      ClipNorm{0.5}, Adam{}, Only{WeightDecay{0.1}, [](std::size_t span) { return span >= 3; }}});
}
TEST_CASE("Sharded: the same bits with everything on every rank, and in buckets", "[distributed]") {
  const Chain rule{ClipNorm{0.5}, AdamW{}};
  const std::vector<std::byte> one = trained<float, float>(rule, {});
  CHECK(trained<float, float>(rule, {.ranks = 3, .sharding = {.replicated = true}}) == one);
  CHECK(trained<float, float>(rule, {.ranks = 2, .sharding = {.buckets = 2}}) == one);
}
TEST_CASE("Sharded on one rank: the bits of an optimizer", "[distributed]") {
  auto a = start<float>(), b = a;
  SelfComm comm;
  const Chain rule{ClipNorm{0.5}, AdamW{}};
  Sharded opt{comm, Constant{0.01}, rule, a};
  Optimizer plain{Constant{0.01}, rule, b};
  for (std::size_t t = 0; t < 3; ++t) {
    const auto grads = gradients<float>(t, 0);
    CHECK(opt.step(a, grads) == plain.step(b, grads));
  }
  CHECK(a == b);
}

TEST_CASE("Sharded: gradients are sent as they are known, with the same bits", "[distributed]") {
  const auto train = [](bool early, std::size_t buckets) {
    std::vector<std::vector<float>> result;
    run_ranks(2, [&](ThreadComm& comm) {
      auto params = start<float>();
      Sharded opt{comm,
                  Constant{0.01},
                  Chain{ClipNorm{0.5}, AdamW{}},
                  params,
                  {.buckets = buckets, .non_finite = NonFinite::skip}};
      for (std::size_t t = 0; t < 3; ++t) {
        std::vector<std::vector<float>> grads;
        for (const std::size_t n : sizes) grads.emplace_back(n);
        const auto known = gradients<float>(t, comm.rank());
        for (std::size_t j = grads.size(); j-- > 0;) {
          std::copy(known[j].begin(), known[j].end(), grads[j].begin());
          if (early) opt.ready(grads, j);
        }
        MUST(opt.step(params, grads, {.skip = t == 1}).applied == (t != 1));
      }
      if (comm.rank() == 0) result = params;
    });
    return result;
  };
  const auto expected = train(false, 1);
  CHECK(train(true, 1) == expected);
  CHECK(train(true, 2) == expected);
}

TEST_CASE("Sharded: the last of several micro-batches is sent as it is known, with the same bits",
          "[distributed]") {
  // 7 micro-batches on 3 ranks; 2 on 3 ranks, of which one has none.
  const auto train = [](bool early, std::size_t ranks, std::size_t all, bool short_gradients) {
    std::vector<std::vector<float>> result;
    run_ranks(ranks, [&](ThreadComm& comm) {
      auto params = start<float>();
      Sharded opt{comm,
                  Constant{0.01},
                  Chain{ClipNorm{0.5}, AdamW{}},
                  params,
                  {.buckets = 2, .bfloat16_gradients = short_gradients}};
      for (std::size_t t = 0; t < 3; ++t) {
        const MicroBatches mine = opt.micro_batches(all);
        for (std::size_t k = mine.first; k + (early ? 1 : 0) < mine.last; ++k)
          opt.add(gradients<float>(t, k));
        if (early) {
          const auto last = gradients<float>(t, mine.last - 1);
          for (std::size_t j = last.size(); j-- > 0;) opt.ready(last, j);
        }
        MUST(opt.step(params, {.scale = 0.1, .skip = t == 1}).applied == (t != 1));
      }
      if (comm.rank() == 0) result = params;
    });
    return result;
  };
  for (const bool short_gradients : {false, true})
    for (const std::size_t all : {2U, 7U})
      CHECK(train(true, 3, all, short_gradients) == train(false, 3, all, short_gradients));
  CHECK(train(true, 2, 7, false) == train(false, 1, 7, false));
  CHECK(train(true, 1, 7, false) == train(false, 1, 7, false));
}
TEST_CASE("Sharded: ready() refuses what it cannot send, and the step goes on", "[distributed]") {
  run_ranks(2, [](ThreadComm& comm) {
    const auto said = [](const auto& f) { return detail::refusal(f); };
    std::vector<float> params(70'000), grads(70'000, 1.0F);
    Sharded opt{comm, Constant{1.0}, SGD{}, params};
    MUST(said([&] { opt.ready(grads, comm.rank()); }) ==
         "gradus::Sharded.ready must be below the number of spans (got 1) (on rank 1)");
    opt.ready(grads, 0);
    MUST(said([&] { opt.ready(grads, 0); }) ==
         "gradus::Sharded.ready must be called once for each span in a step (got 0 twice)");
    MUST(said([&] { opt.ready(grads, 1); }) ==
         "gradus::Sharded.ready must be below the number of spans (got 1)");
    MUST(opt.step(params, grads).applied);
    opt.micro_batches(4);
    MUST(said([&] {
           opt.ready(grads, 0);
         }).starts_with("gradus::Sharded.ready must come after an add of every micro-batch but"));
    opt.add(grads);
    opt.ready(grads, 0);
    MUST(said([&] { opt.micro_batches(4); }) ==
         "gradus::Sharded.micro_batches must not be called between ready() and step()");
    MUST(said([&] { opt.step(params, grads); }) ==
         "gradus::Sharded.step must get no gradients after add() and ready() (on rank 0)");
    opt.micro_batches(4);
    opt.add(grads);
    opt.ready(grads, 0);
    MUST(opt.step(params).applied);
    MUST(params == std::vector<float>(70'000, -6.0F));
  });
}

namespace {

/// Ranks of which one has said ready(), and then does something else than to step; all are refused,
/// with one sentence, and the next step is as if nothing had been.
template <class F>
std::string refused_after_ready(const F& f) {
  std::vector<std::string> said(2);
  run_ranks(2, [&](ThreadComm& comm) {
    std::vector<float> params(70'000), grads(70'000, 1.0F);
    Sharded opt{comm, Constant{1.0}, SGD{}, params};
    opt.ready(grads, 0);
    try {
      f(opt, params, grads);
    } catch (const Error& error) {
      said[comm.rank()] = error.what();
    }
    MUST(opt.step(params, grads).applied);
    MUST(params == std::vector<float>(70'000, -2.0F));
  });
  CHECK(said[0] == said[1]);
  return said[0];
}

}  // namespace

TEST_CASE("Sharded: a step that is refused after ready() leaves nothing under way",
          "[distributed]") {
  CHECK(refused_after_ready([](auto& opt, auto& params, auto& grads) {
          opt.step(params, grads, {.scale = opt.comm().rank() == 0 ? 1.0 : 2.0});
        }) ==
        "gradus::Sharded.step must get the same scale on every rank (got 1 on rank 0 and 2 on "
        "rank 1)");
  CHECK(refused_after_ready([](auto& opt, auto& params, auto& grads) {
          opt.micro_batches(2);
          opt.add(grads);
          opt.step(params);
        }) == "gradus::Sharded.step must get the gradients that ready() has got (on rank 0)");
  CHECK(refused_after_ready([](auto& opt, auto& params, auto&) {
          const std::vector<bfloat16> shorter(params.size());
          opt.step(params, shorter);
        }).starts_with("gradus::Sharded."));
}
TEST_CASE("Sharded: an exception after ready() frees no memory of an exchange", "[distributed]") {
  CHECK_THROWS_WITH(run_ranks(2,
                              [](ThreadComm& comm) {
                                std::vector<float> params(70'000), grads(70'000);
                                Sharded opt{comm, Constant{1.0}, SGD{}, params};
                                opt.ready(grads, 0);
                                if (comm.rank() == 1) throw Error("backward");
                                opt.step(params, grads);
                              }),
                    "backward");
}
TEST_CASE("Sharded: parameters that overlap on the border of two ranks are refused",
          "[distributed]") {
  run_ranks(2, [](ThreadComm& comm) {
    std::vector<float> memory(90'000), ones(32'768, 1.0F);
    const std::span<float> all(memory);
    const std::vector<std::span<float>> params{all.first(32'768), all.subspan(32'760, 32'768)};
    const std::vector<std::vector<float>> grads{ones, ones};
    Sharded opt{comm, Constant{0.1}, SGD{}, params};
    bool refused = false;
    try {
      opt.step(params, grads);
    } catch (const Error& error) {
      refused = std::string_view(error.what()).find("must not overlap") != std::string_view::npos;
    }
    MUST(refused);
  });
}

namespace {

// Matrices of several shapes, one span of three of them, and an empty one; of each rule some ranks
// have several.
template <class R>
std::vector<float> of_matrices(const R& rule, std::size_t ranks, const Sharding& sharding = {}) {
  std::vector<float> bytes;
  std::mutex mutex;
  run_ranks(ranks, [&](ThreadComm& comm) {
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
    Sharded opt{comm, Constant{0.05}, rule, spans, sharding};
    for (std::size_t t = 0; t < 3; ++t) {
      const MicroBatches mine = opt.micro_batches(5);
      for (std::size_t k = mine.first; k < mine.last; ++k) {
        auto x = static_cast<std::uint32_t>(t * 977 + k * 31 + 1);
        for (float& y : g) {
          x = x * 1664525U + 1013904223U;
          y = static_cast<float>(static_cast<double>(x >> 8) * 0x1p-24 - 0.5);
        }
        const std::span<const float> grads(g);
        opt.add(std::vector<std::span<const float>>{grads.first(2100), grads.subspan(2100, 450),
                                                    grads.first(0), grads.subspan(2550, 120),
                                                    grads.subspan(2670)});
      }
      MUST(opt.step(spans, {.scale = 0.2}).applied);
    }
    const std::lock_guard lock(mutex);
    if (bytes.empty()) bytes = p;
    MUST(bytes == p);
  });
  return bytes;
}
template <class R>
void any_ranks_of_matrices(const R& rule) {
  const std::vector<float> one = of_matrices(rule, 1);
  for (const std::size_t ranks : {2U, 3U, 4U, 7U}) CHECK(of_matrices(rule, ranks) == one);
  CHECK(of_matrices(rule, 3, {.replicated = true}) == one);
}

}  // namespace

TEST_CASE("Sharded: whole matrices, with the same bits on any number of ranks", "[distributed]") {
  any_ranks_of_matrices(Muon{});
  any_ranks_of_matrices(NorMuon{});
  any_ranks_of_matrices(AdaMuon{});
  any_ranks_of_matrices(Chain{ClipNorm{0.5}, GradientNoise{}, Muon{.nesterov = false}});
}
TEST_CASE("Sharded: matrices are divided by the operations that they cost", "[distributed]") {
  run_ranks(3, [](ThreadComm& comm) {
    std::vector<float> w(64 * 64), u(64 * 8), v(64 * 8);
    auto params = spans(matrix(w, 64, 64), matrix(u, 8, 64), matrix(v, 64, 8));
    Sharded opt{comm, Constant{0.1}, Muon{}, params};
    MUST(opt.plan().text() == "spans 5120 3 4096 5120 5120");
    const double costs[] = {1, 1, 3};
    Sharded other{comm, Constant{0.1}, Muon{}, params, {.costs = costs}};
    MUST(other.plan().text() == "spans 5120 3 4608 5120 5120");
  });
}
TEST_CASE("Sharded: matrices without a shape, or of other shapes on a rank, are refused on all",
          "[distributed]") {
  const auto said = [](const auto& shape_on) {
    std::vector<std::string> r(2);
    run_ranks(2, [&](ThreadComm& comm) {
      std::vector<float> p(12), q(12);
      std::vector<Shaped<float>> params{{p, shape_on(0)}, {q, shape_on(comm.rank())}};
      try {
        Sharded opt{comm, Constant{0.1}, Muon{}, params};
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
  run_ranks(2, [&](ThreadComm& comm) {
    std::vector<float> params(10);
    const std::vector<double> costs(1 + comm.rank(), 1.0);
    try {
      Sharded opt{comm, Constant{0.1}, LAMB{}, params, {.costs = costs}};
    } catch (const Error& error) {
      said[comm.rank()] = error.what();
    }
  });
  CHECK(said[0] ==
        "gradus::Sharded.costs must be 1 numbers, one for each span (got 2) (on rank 1)");
  CHECK(said[1] == said[0]);
}

TEST_CASE("Sharded: LossScale, Plateau and SpikeGuard decide the same on every rank",
          "[distributed]") {
  // float16 overflows on one rank; losses that differ are averaged.
  constexpr std::size_t ranks = 3;
  std::vector<std::vector<double>> decided(ranks);
  std::vector<std::vector<float>> result(ranks);
  run_ranks(ranks, [&](ThreadComm& comm) {
    std::vector<float> params(70'000, 1.0F);
    Sharded opt{comm, Constant{0.01}, AdamW{}, params, {.non_finite = NonFinite::skip}};
    LossScale scale{.value = 65536, .interval = 2};
    Plateau plateau{.patience = Length{1}};
    SpikeGuard<4> guard{.limit = 1.5, .patience = 2};
    for (std::size_t t = 0; t < 12; ++t) {
      // Rank 1 alone overflows in step 3, and has a loss of its own in step 6.
      const double large = t == 3 && comm.rank() == 1 ? 3.0 : 0.25;
      const std::vector<float16> grads(params.size(),
                                       float16(static_cast<float>(large * scale.value)));
      const double own = t == 6 && comm.rank() == 1 ? 900.0 : 1.0 + 0.01 * static_cast<double>(t);
      const double loss = mean_over_ranks(comm, own + static_cast<double>(comm.rank()));
      const Verdict verdict = guard(loss);
      const double factor = plateau(loss) * guard.value();
      StepOptions options = scale.options({.factor = factor, .loss = loss});
      options.scale /= static_cast<double>(ranks);
      options.skip = verdict != Verdict::go;
      const StepResult r = opt.step(params, grads, options);
      if (!options.skip) scale.update(r);
      decided[comm.rank()].insert(decided[comm.rank()].end(),
                                  {scale.value, factor, static_cast<double>(verdict), r.rate,
                                   static_cast<double>(r.applied)});
    }
    result[comm.rank()] = params;
  });
  for (std::size_t r = 1; r < ranks; ++r) {
    CHECK(decided[r] == decided[0]);
    CHECK(result[r] == result[0]);
  }
  const auto at = [&](std::size_t t, std::size_t what) { return decided[0][5 * t + what]; };
  CHECK(at(3, 4) == 0);                                   // the overflow of rank 1 was skipped
  CHECK(at(3, 0) == at(2, 0) / 2);                        // and the scale was halved
  CHECK(at(6, 2) == static_cast<double>(Verdict::skip));  // the spike of rank 1
  CHECK(at(11, 1) < at(0, 1));                            // the plateau
}
