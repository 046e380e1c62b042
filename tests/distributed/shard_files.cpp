// Tests shard_files.hpp, shard_index.hpp and shard_reader.hpp: files that any number of ranks
// loads.
#include <gradus/distributed/shard_files.hpp>

#include <gradus/distributed/thread_comm.hpp>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/save/load.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"
#include "support/must.hpp"
#include "support/on_ranks.hpp"

using namespace gradus;
using support::AnyComm;

namespace {

const Chain clipped{ClipNorm{0.5}, AdamW{}};
constexpr Cosine<> schedule{.start = 0.01, .steps = 10};
constexpr std::size_t sizes[] = {40'000, 17, 0, 30'001, 3, 5'000};

template <class P>
std::vector<std::vector<P>> start() {
  std::vector<std::vector<P>> params;
  for (const std::size_t n : sizes) {
    params.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i) params.back()[i] = P(static_cast<float>(i % 97) / 97.0F);
  }
  return params;
}
template <class P, class O>
void step(O& opt, std::vector<std::vector<P>>& params, const StepOptions& options = {}) {
  std::vector<std::vector<P>> grads = params;
  for (auto& g : grads)
    for (std::size_t i = 0; i < g.size(); ++i)
      g[i] = P(static_cast<float>((i * 7 + opt.steps()) % 89) / 89.0F - 0.4F);
  opt.step(params, grads, options);
}
/// What `f(opt, params)` leaves on so many ranks, the same on each.
template <class P, class R>
using Opt = Sharded<AnyComm, Cosine<>, R, P>;
/// f(opt, params)
template <class P, class R, class Params>
using Calls = std::type_identity_t<std::function<void(Opt<P, R>&, Params&)>>;
template <class P, class R>
std::vector<std::vector<P>> on_ranks(std::size_t ranks, const R& rule,
                                     const Calls<P, R, std::vector<std::vector<P>>>& f,
                                     bool replicated = false) {
  std::vector<std::vector<std::vector<P>>> all(ranks);
  support::on_any_ranks(ranks, [&](AnyComm& comm) {
    auto params = start<P>();
    Opt<P, R> opt{comm, schedule, rule, params, {.replicated = replicated}};
    f(opt, params);
    all[comm.rank()] = params;
  });
  for (const auto& p : all)
    for (std::size_t j = 0; j < p.size(); ++j)
      CHECK((p[j].empty() ||
             std::memcmp(p[j].data(), all[0][j].data(), p[j].size() * sizeof(P)) == 0));
  return all[0];
}
template <class P>
bool same(const std::vector<std::vector<P>>& a, const std::vector<std::vector<P>>& b) {
  for (std::size_t j = 0; j < a.size(); ++j)
    if (!a[j].empty() && std::memcmp(a[j].data(), b[j].data(), a[j].size() * sizeof(P)) != 0)
      return false;
  return true;
}

/// Saved by 3 ranks after 2 steps; loaded by others, which go on as one process does.
template <class P, class R>
void any_ranks(const R& rule) {
  const support::Folder folder;
  const std::string path = folder / "run.index", one = folder / "one.safetensors";
  double extra = 0.25;
  // Gradients of d equal ranks add up to d times those of one.
  const auto go = [](auto& opt, auto& params) {
    step(opt, params, {.scale = 1 / static_cast<double>(opt.comm().size())});
  };
  const auto expected = on_ranks<P>(1, rule, [&](auto& opt, auto& params) {
    for (int t = 0; t < 2; ++t) go(opt, params);
    io::save(one, opt.own(), io::named("params", params), io::named("extra", extra));
    for (int t = 0; t < 2; ++t) go(opt, params);
  });
  const auto save = [&](auto& opt, auto& params) {
    for (int t = 0; t < 2; ++t) go(opt, params);
    io::save_shards(path, opt, params, io::named("extra", extra));
  };
  const auto resume = [&](const std::string& from) {
    return [&, from](auto& opt, auto& params) {
      double loaded = 0;
      io::load_shards(from, opt, params, io::named("extra", loaded));
      MUST(loaded == 0.25 && opt.steps() == 2);
      for (int t = 0; t < 2; ++t) go(opt, params);
    };
  };
  on_ranks<P>(4, rule, save);
  for (const std::size_t ranks : {1U, 2U, 4U})
    CHECK(same(on_ranks<P>(ranks, rule, resume(path)), expected));
  CHECK(same(on_ranks<P>(2, rule, resume(one)), expected));
  CHECK(same(on_ranks<P>(2, rule, resume(path), true), expected));
}

}  // namespace

TEST_CASE("Files of 4 ranks are loaded by any number, and that of one process",
          "[distributed][save]") {
  any_ranks<float>(clipped);
  any_ranks<bfloat16>(Stochastic{stored<Signed8, bfloat16>(AdamW{}), 3});
}
TEST_CASE("Files of whole spans, with scalars of each", "[distributed][save]") {
  any_ranks<float>(NovoGrad{});
}

namespace {

/// The parameters after 4 steps of matrices; `between(opt, params)` is called after 2 of them, or
/// with `resumes` in place of them.
template <class R>
std::vector<float> of_matrices(std::size_t ranks, const R& rule, bool resumes,
                               const Calls<float, R, std::vector<Shaped<float>>>& between) {
  std::vector<float> result;
  support::on_any_ranks(ranks, [&](AnyComm& comm) {
    std::vector<float> p(600 + 200 + 24 + 900), g(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = static_cast<float>(i % 97) / 97.0F;
    const std::span<float> all(p);
    std::vector<Shaped<float>> params{
        matrix(all.first(600), 30, 20), matrix(all.subspan(600, 200), 10, 20),
        matrices(all.subspan(800, 24), 2, 3, 4), matrix(all.subspan(824), 30, 30, FanIn::rows)};
    Sharded opt{comm, schedule, rule, params};
    if (resumes) between(opt, params);
    while (opt.steps() < 4) {
      for (std::size_t i = 0; i < g.size(); ++i)
        g[i] = static_cast<float>((i * i + 7 * opt.steps()) % 89) / 89.0F - 0.4F;
      std::vector<std::span<float>> grads;
      std::size_t at = 0;
      for (const auto& s : params)
        grads.push_back(std::span(g).subspan(at, s.size())), at += s.size();
      const MicroBatches mine = opt.micro_batches(1);
      for (std::size_t k = mine.first; k < mine.last; ++k) opt.add(grads);
      opt.step(params);
      if (opt.steps() == 2 && !resumes) between(opt, params);
    }
    if (comm.rank() == 0) result = p;
  });
  return result;
}
/// Saved by 4 ranks and by one process; loaded by others.
template <class R>
void any_ranks_of_matrices(const R& rule) {
  const support::Folder folder;
  const std::string path = folder / "run.index", one = folder / "one.safetensors";
  const auto expected = of_matrices(1, rule, false, [&](auto& opt, auto& params) {
    io::save(one, opt.own(), io::named("params", params));
  });
  CHECK(of_matrices(4, rule, false, [&](auto& opt, auto& params) {
          io::save_shards(path, opt, params);
        }) == expected);
  for (const std::string& from : {path, one})
    for (const std::size_t ranks : {1U, 2U, 3U})
      CHECK(of_matrices(ranks, rule, true, [&](auto& opt, auto& params) {
              io::load_shards(from, opt, params);
              MUST(opt.steps() == 2);
            }) == expected);
}

}  // namespace

TEST_CASE("Files of whole matrices, with state of their shapes", "[distributed][save]") {
  any_ranks_of_matrices(NorMuon{});
  any_ranks_of_matrices(Chain{ClipNorm{0.5}, AdaMuon{}});
}

namespace {

/// Ranks of which one ends at its n-th exchange.
class EndsAt final : public AnyComm {
 public:
  EndsAt(AnyComm& comm, bool ends, int n) : comm_(comm), ends_(ends), left_(n) {}
  std::size_t rank() const override { return comm_.rank(); }
  std::size_t size() const override { return comm_.size(); }
  Request start_all_to_all(const Outgoing& out, const Incoming& in) override {
    count();
    return comm_.start_all_to_all(out, in);
  }
  Request start_all_gather(std::span<const std::byte> mine, const Incoming& in) override {
    count();
    return comm_.start_all_gather(mine, in);
  }
  void wait(const Request& request) override { comm_.wait(request); }

 private:
  void count() {
    if (ends_ && left_-- == 0) throw std::runtime_error("this rank ends");
  }
  AnyComm& comm_;
  bool ends_;
  int left_;
};

/// Trains from what is there to `steps`, and saves; every parameter is -steps then.
void train(AnyComm& comm, const std::string& path, std::size_t from, std::size_t steps) {
  std::vector<float> params(70'000), grads(70'000, 1.0F / 2);
  Sharded opt{comm, Constant{1.0}, SGD{}, params};
  if (from != 0) io::load_shards(path, opt, params);
  while (opt.steps() < steps)
    opt.step(params, grads, {.scale = 2 / static_cast<double>(comm.size())});
  for (const float p : params) MUST(p == -static_cast<float>(steps));
  if (from < steps) io::save_shards(path, opt, params);
}

}  // namespace

TEST_CASE("A rank that ends at any exchange of a save leaves the old set or the new one",
          "[distributed][save]") {
  const support::Folder folder;
  const std::string path = folder / "run.index";
  support::on_any_ranks(2, [&](AnyComm& comm) { train(comm, path, 0, 1); });
  std::size_t steps = 1;
  int ended = 0;
  for (const std::size_t rank : {0U, 1U})
    for (int n = 0;; ++n) {
      bool saved = true;
      try {
        support::on_any_ranks(2, [&](AnyComm& comm) {
          EndsAt ends(comm, comm.rank() == rank, n);
          train(ends, path, steps, steps + 1);
        });
      } catch (const std::exception&) {
        saved = false;
        ++ended;
      }
      support::ErasedComm self{SelfComm()};
      std::vector<float> params(70'000);
      Sharded opt{static_cast<AnyComm&>(self), Constant{1.0}, SGD{}, params};
      io::load_shards(path, opt, params);
      CHECK((opt.steps() == steps + 1 || (opt.steps() == steps && !saved)));
      steps = opt.steps();
      CHECK(std::count(params.begin(), params.end(), -static_cast<float>(steps)) == 70'000);
      if (saved) break;
    }
  CHECK(ended > 40);
}

TEST_CASE(
    "A set that is damaged or mixed is refused on every rank, and a new one leaves no old file",
    "[distributed][save]") {
  const support::Folder folder;
  const std::string path = folder / "run.index";
  const auto save = [&](auto& opt, auto& params) {
    step(opt, params, {.scale = 1.0 / 3});
    io::save_shards(path, opt, params);
  };
  const auto files = [&] {
    std::vector<std::string> r;
    for (const auto& f : std::filesystem::directory_iterator(folder / "")) r.push_back(f.path());
    std::sort(r.begin(), r.end());
    return r;
  };
  on_ranks<float>(3, clipped, save);
  const std::vector<std::string> first = files();
  CHECK(first.size() == 4);
  std::filesystem::copy_file(first[2], folder / "kept");
  on_ranks<float>(3, clipped, save);
  const std::vector<std::string> second = files();
  CHECK(second.size() == 5);
  CHECK(!std::filesystem::exists(first[2]));

  const auto refused = [&](std::string_view what) {
    std::vector<std::string> said(2);
    support::on_any_ranks(2, [&](AnyComm& comm) {
      auto params = start<float>();
      const auto before = params;
      Sharded opt{comm, schedule, clipped, params};
      try {
        io::load_shards(path, opt, params);
      } catch (const Error& error) {
        said[comm.rank()] = error.what();
      }
      MUST(params == before && opt.steps() == 0);
    });
    INFO(said[0]);
    CHECK(said[0] == said[1]);
    CHECK(said[0].find(what) != std::string::npos);
  };
  const std::string last = second[4];
  std::filesystem::copy_file(last, folder / "last");
  std::filesystem::copy_file(folder / "kept", last,
                             std::filesystem::copy_options::overwrite_existing);
  refused("must be the file that its index names (got one of another save) (on rank 1)");
  std::filesystem::remove(last);
  refused("No such file or directory (on rank 1)");
  std::filesystem::rename(folder / "last", last);
  {
    std::fstream file(last, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-1, std::ios::end);
    file.put('\x55');
  }
  refused("is damaged: the checksum of its data is wrong (on rank 1)");
  {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40);
    file.put('x');
  }
  refused("is damaged, or no index of gradus (on rank 0)");
  std::filesystem::remove(path);
  refused("(on rank 0)");
}

namespace {

/// What `f(comm)` is refused with on 2 ranks, the same on each.
std::string refused(support::FunctionOf<AnyComm> f) {
  std::vector<std::string> said(2);
  support::on_any_ranks(2, [&](AnyComm& comm) {
    try {
      f(comm);
    } catch (const Error& error) {
      said[comm.rank()] = error.what();
    }
  });
  CHECK(said[0] == said[1]);
  return said[0];
}

}  // namespace

TEST_CASE("Names that an optimizer's tensors have are refused in a set", "[distributed][save]") {
  const support::Folder folder;
  for (const char* name : {"params", "params.ema", "span.x"}) {
    const auto trial = [&](bool save) {
      return refused([&](AnyComm& comm) {
        std::vector<float> params(70'000);
        double x = 0;
        Sharded opt{comm, schedule, clipped, params};
        if (save) io::save_shards(folder / "a", opt, params, io::named(name, x));
        io::save_shards(folder / "a", opt, params);
        io::load_shards(folder / "a", opt, params, io::named(name, x));
      });
    };
    CHECK(trial(true).starts_with("gradus::io::named.name must not be \"params\""));
    CHECK(trial(false).starts_with("gradus::io::named.name must not be \"params\""));
  }
}
TEST_CASE("A set is not saved of ranks that differ", "[distributed][save]") {
  const support::Folder folder;
  const auto trial = [&](bool state) {
    return refused([&](AnyComm& comm) {
      std::vector<float> params(70'000, 1.0F), grads = params;
      Sharded opt{comm, schedule, clipped, params, {.replicated = true}};
      opt.step(params, grads);
      if (comm.rank() == 1 && state) opt.own().slot(0)[3] = 7;
      if (comm.rank() == 1 && !state) params[3] = 7;
      io::save_shards(folder / "a", opt, params);
    });
  };
  CHECK(trial(false).starts_with("gradus::Sharded.params must be the same on every rank"));
  CHECK(trial(true).starts_with("gradus::save_shards.state must be the same on every rank"));
  CHECK(refused([&](AnyComm& comm) {
          std::vector<float> params(70'000), other(5);
          Sharded opt{comm, Constant{1.0}, SGD{}, params};
          io::save_shards(folder / "a", opt, comm.rank() == 1 ? other : params);
        }).ends_with("(on rank 1)"));
}
TEST_CASE("The file of one rank with buckets is that of a process", "[distributed][save]") {
  const support::Folder folder;
  support::ErasedComm comm{SelfComm()};
  std::vector<float> params(70'000, 1.0F);
  Sharded opt{static_cast<AnyComm&>(comm), schedule, clipped, params, {.buckets = 2}};
  io::save(folder / "one", opt.own(), io::named("params", params));
  Optimizer plain{schedule, clipped, params};
  io::load(folder / "one", plain, io::named("params", params));
  CHECK(opt.own().spans() == 1);
}
