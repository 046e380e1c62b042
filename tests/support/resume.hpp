// A run that is stopped, saved, loaded and continued elsewhere, against one that is not.
#pragma once

#include <gradus/io/load.hpp>
#include <gradus/io/save.hpp>
#include <gradus/io/text.hpp>
#include <gradus/optimizer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/digest.hpp"
#include "support/folder.hpp"

namespace support {

/// In order, backwards, or on two threads.
struct SomeExecutor {
  std::size_t kind = 0;

  template <class F>
  void operator()(std::size_t n, const F& f) const {
    const auto half = [&](std::size_t begin) {
      for (std::size_t i = begin; i < n; i += 2) f(i);
    };
    if (kind == 0)
      for (std::size_t i = 0; i < n; ++i) f(i);
    else if (kind == 1)
      for (std::size_t i = n; i-- > 0;) f(i);
    else
      std::jthread(half, 1), half(0);
  }
};

/// Texts of schedules, of every kind that could remember something.
inline const std::vector<std::string>& some_schedules() {
  static const std::vector<std::string> all{
      "0.01",
      "warmup(20) then cosine(0.01, 150)",
      "cosine_restarts(0.01, steps=7, growth=2)",
      "one_cycle(0.01, 200)",
      "noise(cosine(0.01, 180), amount=0.1, seed=3)",
      "cyclical(0.001, 0.01, up=9)",
      "multi_step(0.01, [30, 80, 81])",
      "repeat(linear(0.01, 13, end=0.001))",
  };
  return all;
}

/// A training run over two spans of parameters.
template <class P, class R>
class Training {
 public:
  Training(const R& rule, const gradus::io::AnySchedule& schedule, std::size_t n,
           std::uint64_t seed)
      : p_(numbers_of(n, seed)), opt_(schedule, rule, cut(p_)) {}

  void step(const std::vector<P>& g, const SomeExecutor& run) {
    const std::span all(g);
    const std::array grads{all.first(at(g)), all.subspan(at(g))};
    opt_.step(cut(p_), grads, {.scale = 0.5, .loss = 0.75}, run);
  }
  void save(const std::string& path) const {
    gradus::io::save(path, opt_, gradus::io::named("p", p_));
  }
  void load(const std::string& path) { gradus::io::load(path, opt_, gradus::io::named("p", p_)); }

  static std::vector<P> numbers_of(std::size_t n, std::uint64_t seed) {
    std::vector<P> r;
    for (const float x : numbers<float>(n, seed)) r.push_back(static_cast<P>(x));
    return r;
  }

 private:
  static std::size_t at(const std::vector<P>& v) { return v.size() / 3; }
  static std::array<std::span<P>, 2> cut(std::vector<P>& v) {
    return {std::span(v).first(at(v)), std::span(v).subspan(at(v))};
  }
  std::vector<P> p_;
  gradus::Optimizer<gradus::io::AnySchedule, R, P> opt_;
};

/// Stops at each of the steps that `every` divides, saves, loads elsewhere, and goes on to the
/// last, by another path and executor each time; all files at the end must be the same, byte for
/// byte. Gives the number of runs that were.
template <class P, class R>
std::size_t resumes(const R& rule, const std::string& schedule, std::size_t n, std::size_t steps,
                    std::size_t every) {
  using Run = Training<P, R>;
  const Folder folder;
  const auto read = gradus::io::parse(schedule);
  std::vector<std::vector<P>> grads;
  for (std::size_t t = 0; t < steps; ++t) grads.push_back(Run::numbers_of(n, 10 + t));
  const std::vector<Isa> all = paths();

  Run whole(rule, read, n, 1);
  for (std::size_t t = 0; t < steps; ++t) {
    if (t % every == 0) whole.save(folder / std::to_string(t));
    whole.step(grads[t], {});
  }
  whole.save(folder / "end");
  const std::string end = bytes_of(folder / "end");

  std::size_t count = 0;
  for (std::size_t stop = 0; stop < steps; stop += every, ++count) {
    const OnPath on(all[count % all.size()]);
    Run run(rule, read, n, 2);
    run.load(folder / std::to_string(stop));
    const SomeExecutor executor{count % 3};
    for (std::size_t t = stop; t < steps; ++t) run.step(grads[t], executor);
    run.save(folder / "end");
    if (bytes_of(folder / "end") != end)
      throw std::runtime_error("stopped at " + std::to_string(stop) + ": other bits at the end");
  }
  return count;
}

}  // namespace support
