// Tests comm.hpp, thread_comm.hpp and agreement.hpp: exchanges, and what happens where ranks
// differ, end, hang or refuse.
#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/must.hpp"
#include "support/on_ranks.hpp"

using namespace gradus;
using support::on_ranks;

namespace {

/// What every rank says; `f` must be refused on each.
std::vector<std::string> sentences(std::size_t ranks, support::RankFunction f) {
  std::vector<std::string> said(ranks);
  on_ranks(
      ranks,
      [&](ThreadComm& comm) {
        try {
          f(comm);
        } catch (const Error& error) {
          said[comm.rank()] = error.what();
        }
      },
      std::chrono::milliseconds(500));
  return said;
}
/// The same sentence on every rank.
std::string sentence(std::size_t ranks, support::RankFunction f) {
  const std::vector<std::string> said = sentences(ranks, f);
  CHECK(std::set<std::string>(said.begin(), said.end()).size() == 1);
  return said[0];
}

}  // namespace

TEST_CASE("Ranks exchange bytes", "[distributed]") {
  static_assert(Comm<SelfComm> && Comm<ThreadComm>);
  for (const std::size_t ranks : {1U, 2U, 5U})
    on_ranks(ranks, [&](ThreadComm& comm) {
      MUST(mean_over_ranks(comm, static_cast<double>(comm.rank())) ==
           static_cast<double>(ranks - 1) / 2);
      // r bytes of value s from rank s to rank r, two exchanges at a time
      const std::size_t me = comm.rank();
      std::vector<std::size_t> out(ranks), in(ranks, me);
      for (std::size_t r = 0; r < ranks; ++r) out[r] = r;
      const std::vector<std::byte> sent(ranks * ranks, static_cast<std::byte>(me));
      std::vector<std::byte> a(ranks * ranks), b = a;
      auto first = comm.start_all_to_all({sent.data(), out}, {a.data(), in});
      auto second = comm.start_all_to_all({sent.data(), out}, {b.data(), in});
      comm.wait(first);
      comm.wait(second);
      MUST(a == b);
      for (std::size_t i = 0; i < ranks * me; ++i) MUST(a[i] == static_cast<std::byte>(i / me));
      std::vector<int> numbers(3, static_cast<int>(me));
      broadcast(comm, std::span(numbers), ranks - 1);
      MUST(numbers == std::vector<int>(3, static_cast<int>(ranks) - 1));
      barrier(comm);
    });
}

TEST_CASE("A rank that ends or hangs is named, and nobody waits for ever", "[distributed]") {
  const std::vector<std::string> said = sentences(3, [](ThreadComm& comm) {
    if (comm.rank() != 1) barrier(comm);
  });
  CHECK(said[0] == "gradus::ThreadComm.wait must not come after rank 1 has ended");
  CHECK(said[2] == said[0]);
  CHECK(sentences(2, [](ThreadComm& comm) {
          if (comm.rank() == 1) std::this_thread::sleep_for(std::chrono::milliseconds(700));
          barrier(comm);
        })[0] == "gradus::ThreadComm.wait must end within 500 ms (rank 1 has not come)");
  CHECK_THROWS_WITH(on_ranks(2,
                             [](ThreadComm& comm) {
                               if (comm.rank() == 1) throw Error("first");
                               barrier(comm);
                             }),
                    "first");
}

TEST_CASE("Ranks that differ are refused, on each with the same sentence", "[distributed]") {
  // Rank 1 has its own rate, beta1, number of parameters and first parameter.
  const auto make = [](double rate, double beta1, std::size_t n, float x) {
    return [=](ThreadComm& comm) {
      const bool one = comm.rank() == 1;
      std::vector<float> params(one ? n : 10, one ? x : 0);
      Sharded opt{comm, Constant{one ? rate : 0.1}, Adam{.beta1 = one ? beta1 : 0.9}, params};
    };
  };
  CHECK(sentence(3, make(0.1, 0.9, 10, 0)).empty());
  CHECK(sentence(3, make(0.2, 0.9, 10, 0))
            .starts_with("gradus::Sharded.schedule must be the same on every rank (got "));
  CHECK(
      sentence(3, make(0.1, 0.8, 10, 0))
          .starts_with("gradus::Sharded.rule must be the same on every rank (got Adam{beta1=0.9"));
  CHECK(sentence(3, make(0.1, 0.9, 11, 0)) ==
        "gradus::Sharded.sizes must be the same on every rank (got 10 on rank 0 and 11 on rank 1)");
  CHECK(sentence(3, make(0.1, 0.9, 10, 1))
            .starts_with("gradus::Sharded.params must be the same on every rank (got checksum "));
  CHECK(sentence(2,
                 [](ThreadComm& comm) {
                   std::vector<float> params(10), grads(10);
                   Sharded opt{comm, Constant{0.1}, Adam{}, params};
                   opt.step(params, grads, {.scale = comm.rank() == 0 ? 0.5 : 1.0});
                 }) ==
        "gradus::Sharded.step must get the same scale on every rank (got 0.5 on rank 0 and 1 "
        "on rank 1)");
  CHECK(sentence(2,
                 [](ThreadComm& comm) {
                   std::vector<float> params(10), grads(10);
                   Sharded opt{comm, Constant{0.1}, Adam{}, params};
                   opt.seek(comm.rank());
                   opt.step(params, grads);
                 }) ==
        "gradus::Sharded.step must get the same number of updates on every rank (got 0 on "
        "rank 0 and 1 on rank 1)");
  CHECK(sentence(2,
                 [](ThreadComm& comm) {
                   std::vector<float> params(10), grads(10);
                   const double rate = comm.rank() == 0 ? 0.25 : 0.5;  // from the 5th step on
                   Sharded opt{comm, [=](step_t t) { return t < 5   ? 0.1
                                                            : t > 5 ? 1
                                                                    : rate; },
                               SGD{}, params};
                   for (int t = 0; t < 6; ++t) opt.step(params, grads);
                 }) ==
        "gradus::Sharded.step must get the same rate on every rank (got 0.25 on rank 0 and 0.5 on "
        "rank 1)");
}
TEST_CASE("Long texts are shown from where they differ", "[distributed]") {
  CHECK(sentence(2,
                 [](ThreadComm& comm) {
                   const std::string text(300, 'a');
                   detail::check_same(comm, "Sharded.sizes",
                                      text + (comm.rank() == 0 ? "b" : "cd"));
                 }) ==
        "gradus::Sharded.sizes must be the same on every rank (got ...aaaaaaaaaaaaaaaaaaaab on "
        "rank 0 and ...aaaaaaaaaaaaaaaaaaaacd on rank 1)");
}
TEST_CASE("A rank that throws between start and wait frees memory that nobody reads",
          "[distributed]") {
  CHECK_THROWS_WITH(on_ranks(2,
                             [](ThreadComm& comm) {
                               std::vector<std::byte> out(1 << 20, std::byte{1}), in(2 << 20);
                               const std::vector<std::size_t> sizes(2, out.size());
                               const auto all = comm.start_all_gather(out, {in.data(), sizes});
                               if (comm.rank() == 1) throw Error("thrown");
                               std::this_thread::sleep_for(std::chrono::milliseconds(50));
                               comm.wait(all);
                               MUST(in.back() == std::byte{1});
                             }),
                    "thrown");
}

TEST_CASE("What one rank refuses in a step, all refuse", "[distributed]") {
  CHECK(sentence(3,
                 [](ThreadComm& comm) {
                   std::vector<float> params(10), grads(comm.rank() == 1 ? 11 : 10);
                   Sharded opt{comm, Constant{0.1}, Adam{}, params};
                   opt.step(params, grads);
                 }) ==
        "gradus::Sharded.grads[0] must have as many elements as its span of parameters, 10 "
        "(got 11) (on rank 1)");
  CHECK(sentence(3,
                 [](ThreadComm& comm) {
                   std::vector<float> params(10), grads(10);
                   Sharded opt{comm, Constant{0.1}, Adam{}, params};
                   opt.micro_batches(6);
                   opt.add(grads);
                   if (comm.rank() != 2) opt.add(grads);
                   opt.step(params);
                 }) ==
        "gradus::Sharded.step must come after an add of every micro-batch that "
        "micro_batches() has given to this rank (on rank 2)");
}

TEST_CASE("What is not finite on one rank is skipped or refused on all", "[distributed]") {
  const auto step = [](ThreadComm& comm, NonFinite policy) {
    std::vector<float> params(70'000), grads(70'000);
    if (comm.rank() == 1) grads[60'000] = INFINITY;
    Sharded opt{comm, Constant{0.1}, Adam{}, params, {.non_finite = policy}};
    MUST(!opt.step(params, grads).applied);
    MUST(!opt.step(params, grads, {.skip = comm.rank() == 1}).applied);
    MUST(opt.steps() == 0);
  };
  on_ranks(2, [&](ThreadComm& comm) { step(comm, NonFinite::skip); });
  CHECK(sentence(2, [&](ThreadComm& comm) { step(comm, NonFinite::raise); }) ==
        "gradus::Sharded.grads must be finite (the sum of all ranks is not, among the elements of "
        "rank 1)");
}

namespace {

/// A transport whose exchanges fail, and write to their memory after that.
struct Late {
  struct Request {};
  std::size_t rank() const { return 0; }
  std::size_t size() const { return 2; }
  Request start_all_to_all(const Outgoing&, const Incoming&) { return {}; }
  Request start_all_gather(std::span<const std::byte> mine, const Incoming& in) {
    late = in, sent = mine;
    return {};
  }
  void wait(Request) { throw Error("too late"); }
  /// Whether what is written and read is still that memory.
  bool arrives() {
    std::size_t n = 0;
    for (const std::size_t size : late.sizes) n += size;
    std::memset(late.data, 1, n);
    return sent.empty() || sent[0] == sent[sent.size() - 1];
  }
  Incoming late{};
  std::span<const std::byte> sent{};
};

}  // namespace

TEST_CASE("The memory of an exchange that failed stays, because it may still be written to",
          "[distributed]") {  // a sanitizer sees where it does not
  Late comm;
  CHECK_THROWS_WITH(all_values(comm, std::uint8_t{3}), "too late");
  CHECK(comm.arrives());
  std::vector<std::uint8_t> numbers(1000);
  CHECK_THROWS_WITH(broadcast(comm, std::span(numbers)), "too late");
  CHECK(comm.arrives());
  CHECK(numbers == std::vector<std::uint8_t>(1000));
}

TEST_CASE("Sharded: ready() refuses what it cannot send, and the step goes on", "[distributed]") {
  on_ranks(2, [](ThreadComm& comm) {
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
  on_ranks(2, [&](ThreadComm& comm) {
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
  CHECK_THROWS_WITH(on_ranks(2,
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
  on_ranks(2, [](ThreadComm& comm) {
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
