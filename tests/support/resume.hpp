// A run that is stopped, saved, loaded and continued elsewhere, against one that is not.
#pragma once

#include <gradus/text/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/digest.hpp"
#include "support/folder.hpp"
#include "support/saved_optimizer.hpp"

namespace support {

/// So many threads, each with every so many-th part.
struct Threads {
  std::size_t count = 1;

  template <class F>
  void operator()(std::size_t n, const F& f) const {
    const auto share = [&](std::size_t begin) {
      for (std::size_t i = begin; i < n; i += count) f(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t k = 1; k < count; ++k) others.emplace_back(share, k);
    share(0);
  }
};

/// Where a run is computed.
struct Way {
  Isa isa;
  std::size_t threads;
};
/// Every path of this machine, by 1, 2 and 4 threads; the plainest comes first.
inline std::vector<Way> ways() {
  std::vector<Way> r;
  for (const Isa isa : paths())
    for (const std::size_t threads : {1U, 2U, 4U}) r.push_back({isa, threads});
  return r;
}

/// Texts of schedules, of every kind that could remember something.
inline const std::vector<std::string>& some_schedules() {
  static const std::vector<std::string> all{
      "0.01",
      "warmup(20) then cosine(0.01, 0, 150)",
      "cosine_restarts(0.01, steps=7, growth=2)",
      "one_cycle(0.01, 200)",
      "noise(cosine(0.01, 0, 180), amount=0.1, seed=3)",
      "cyclical(0.001, 0.01, up=9)",
      "multi_step(0.01, [30, 80, 81])",
      "repeat(linear(0.01, 0.001, 13))",
  };
  return all;
}

/// A training run over two spans of parameters.
template <class P>
class Training {
 public:
  Training(const MakeSaved<P>& make, const AnyRate& rate, std::size_t n, std::uint64_t seed,
           gradus::NonFinite policy = gradus::NonFinite::propagate)
      : p_(numbers_of(n, seed)), params_(cut(p_)), opt_(make(rate, params_, policy)) {}

  gradus::StepResult step(const std::vector<P>& g, const AnyExecutor& run = in_order) {
    const std::span all(g);
    grads_[0] = all.first(at(g)), grads_[1] = all.subspan(at(g));
    return opt_->step(params_, grads_, {.scale = 0.5, .loss = 0.75}, run);
  }
  void save(const std::string& path) const { opt_->save(path, p_); }
  void load(const std::string& path) { opt_->load(path, p_); }

  static std::vector<P> numbers_of(std::size_t n, std::uint64_t seed) {
    std::vector<P> r;
    for (const float x : numbers<float>(n, seed)) r.push_back(static_cast<P>(x));
    return r;
  }

 private:
  static std::size_t at(const std::vector<P>& v) { return v.size() / 3; }
  static std::vector<std::span<P>> cut(std::vector<P>& v) {
    return {std::span(v).first(at(v)), std::span(v).subspan(at(v))};
  }
  std::vector<P> p_;
  std::vector<std::span<P>> params_;
  std::vector<std::span<const P>> grads_{2};
  std::unique_ptr<SavedOptimizer<P>> opt_;
};

/// Stops at each step, saves, loads elsewhere, and goes on to the last, by another path each time;
/// all files at the end must be the same, byte for byte. Gives the number of runs that were.
template <class P>
std::size_t resumes(const MakeSaved<P>& rule, const AnyRate& read, std::size_t n,
                    std::size_t steps) {
  using Run = Training<P>;
  const Folder folder;
  std::vector<std::vector<P>> grads;
  for (std::size_t t = 0; t < steps; ++t) grads.push_back(Run::numbers_of(n, 10 + t));
  const std::vector<Isa> all = paths();

  Run whole(rule, read, n, 1);
  for (std::size_t t = 0; t < steps; ++t) {
    whole.save(folder / std::to_string(t));
    whole.step(grads[t]);
  }
  whole.save(folder / "end");
  const std::string end = bytes_of(folder / "end");

  for (std::size_t stop = 0; stop < steps; ++stop) {
    const OnPath on(all[stop % all.size()]);
    Run run(rule, read, n, 2);
    run.load(folder / std::to_string(stop));
    for (std::size_t t = stop; t < steps; ++t) run.step(grads[t]);
    run.save(folder / "end");
    if (bytes_of(folder / "end") != end)
      throw std::runtime_error("stopped at " + std::to_string(stop) + ": other bits at the end");
  }
  return steps;
}

/// Some steps in each way, then, from its file, as many in each other; the files at the end must be
/// the same, byte for byte, as of the plainest way without a stop. Gives the number of pairs.
///
/// Unless `each_pair`, each way goes on from one file only, because all ways must have written the
/// same bytes: this is a sixth of the work. tools/reliability runs each pair.
template <class P>
std::size_t resumes_across(const MakeSaved<P>& rule, std::size_t n, bool each_pair = false) {
  using Run = Training<P>;
  constexpr std::size_t stop = 3;
  const Folder folder;
  const auto schedule = gradus::io::parse("warmup(2) then cosine(0.01, 0, 5)");
  std::vector<std::vector<P>> grads;
  for (std::size_t t = 0; t < 2 * stop; ++t) grads.push_back(Run::numbers_of(n, 10 + t));
  const auto go = [&](Run& run, const Way& way, std::size_t begin, const std::string& name) {
    const OnPath on(way.isa);
    for (std::size_t t = begin; t < begin + stop; ++t)
      run.step(grads[t], AnyExecutor{Threads{way.threads}});
    run.save(folder / name);
  };
  const std::vector<Way> all = ways();
  Run whole(rule, schedule, n, 1);
  go(whole, all[0], 0, "half");
  go(whole, all[0], stop, "end");
  const std::string half = bytes_of(folder / "half"), end = bytes_of(folder / "end");
  const auto expect = [&](const std::string& name, const std::string& bytes) {
    if (bytes_of(folder / name) != bytes)
      throw std::runtime_error("other bits on another path or by other threads");
  };
  std::size_t pairs = 0;
  for (const Way& by : all) {
    Run first(rule, schedule, n, 1);
    go(first, by, 0, "half");
    expect("half", half);
    const bool is_last = &by == &all.back();
    for (const Way& then : all) {
      if (!each_pair && !is_last) break;
      Run run(rule, schedule, n, 2);
      run.load(folder / "half");
      go(run, then, stop, "end");
      expect("end", end);
      ++pairs;
    }
  }
  return pairs;
}

}  // namespace support
