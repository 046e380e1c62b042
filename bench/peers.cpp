// The optimizers of other libraries, measured only if their values equal those of gradus.
#include <dlfcn.h>

#include <cmath>
#include <concepts>
#include <initializer_list>
#include <string>
#include <vector>

#include "bench.hpp"
#include "peers/peer.hpp"

namespace bench {
namespace {

// An optimizer of another library, on these arrays.
class Peer {
 public:
  Peer(const peer::Row& row, hand::Arrays& x) : row_(row), optimizer_(row.make(x)) {}
  Peer(const Peer&) = delete;
  ~Peer() { row_.drop(optimizer_); }
  void step(int t) { row_.step(optimizer_, t); }

 private:
  const peer::Row& row_;
  void* optimizer_;
};

// Whether ten steps end within 1e-5 of those of gradus. All parameters start at 0 and all gradients
// are positive, so that this is 1e-5 of the sum of the steps.
template <class R>
bool agrees(const R& rule, const peer::Row& row) {
  constexpr std::size_t n = 1000;
  std::vector<float> p(n), g(n), a(n), b(n), params(n), grads(n);
  hand::Arrays x{p.data(), g.data(), a.data(), b.data(), n};
  Peer peer(row, x);
  gradus::Optimizer optimizer{gradus::Constant{hand::rate}, rule, params};
  for (std::size_t round = 0; round < 10; ++round) {
    for (std::size_t i = 0; i < n; ++i)
      x.g[i] = grads[i] = 0.1f + 1e-3f * static_cast<float>((i * 7919 + round * 104729) % 2003);
    peer.step(static_cast<int>(round) + 1);
    optimizer.step(params, grads);
  }
  for (std::size_t i = 0; i < n; ++i)
    if (!(std::fabs(x.p[i] - params[i]) <= 1e-5f * std::fabs(params[i]))) return false;
  return true;
}

void run_peer(benchmark::State& state, const peer::Row& row, std::size_t slots) {
  hand::Arrays x = Arrays(size_of(state)).view();
  Peer peer(row, x);
  run(state, [&](int t) { peer.step(t); });
  finish(state, x.n, slots);
}

// Adds the row if it belongs to this rule; returns false if its values differ from those of gradus.
template <class R>
bool add_row(const peer::Row& row, const R& rule) {
  if (std::string(R::name) != row.rule) return true;
  if (!agrees(rule, row)) return false;
  const auto name = std::string(R::name) + "/" + row.name;
  const auto run = [&row](benchmark::State& s) { run_peer(s, row, gradus::slot_count<R>); };
  add("rules/" + name, run);
  if constexpr (std::same_as<R, gradus::SGD> || std::same_as<R, gradus::Adam>)
    add_call(name, 16, run);
  return true;
}
template <class... R>
bool add_row_of(const peer::Row& row, const R&... rules) {
  return (add_row(row, rules) && ...);
}

}  // namespace

void add_peers() {
  std::string left_out;
  const auto leave_out = [&](const std::string& what) {
    left_out += (left_out.empty() ? "" : ", ") + what;
  };
  for (const char* name : std::initializer_list<const char*>{GRADUS_PEERS_MISSING})
    leave_out(std::string(name) + " (not installed)");
  for (const char* file : std::initializer_list<const char*>{GRADUS_PEERS}) {
    void* const module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    void* const rows = module == nullptr ? nullptr : dlsym(module, "gradus_peer");
    if (rows == nullptr) {
      leave_out(dlerror());
      continue;
    }
    for (auto row = reinterpret_cast<decltype(&gradus_peer)>(rows)(); row->rule != nullptr; ++row)
      if (!add_row_of(*row, gradus::SGD{}, gradus::Momentum{}, gradus::Nesterov{},
                      gradus::Adagrad{}, gradus::RMSprop{}, gradus::Adam{}, gradus::AdamW{}))
        leave_out(std::string(row->rule) + " of " + row->name + " (its values are not gradus')");
  }
  benchmark::AddCustomContext("left_out", left_out);
}

}  // namespace bench
