#include "support/composes.hpp"

#include <gradus/exec/measure.hpp>

#include <cstdint>
#include <thread>

#include "support/cuts.hpp"

namespace support {

namespace {

constexpr std::size_t piece = gradus::exec::piece;

// Some steps over spans of these lengths, and the digest of all that they lead to.
std::uint64_t digest(const MakeOptimizer<float>& make, const std::vector<std::size_t>& lengths,
                     gradus::step_t steps, const AnyExecutor& run) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  std::vector<float> p = numbers<float>(n, 1);
  const auto opt =
      make([](gradus::step_t) { return 0.125; }, cut(p, lengths), gradus::NonFinite::propagate);
  for (gradus::step_t t = 0; t < steps; ++t) {
    const std::vector<float> g = numbers<float>(n, 2 + t);
    opt->step(cut(p, lengths), cut(g, lengths), {.scale = 0.5, .loss = 2}, run);
  }
  Digest d;
  d.add(p);
  opt->add_slots(d);
  d.add(opt->scalars());
  return d.value();
}

const AnyExecutor last_first{backwards};
// Every other piece on a thread of its own.
const AnyExecutor on_two_threads{[](std::size_t n, const AnyExecutor::Task& f) {
  const auto half = [&](std::size_t begin) {
    for (std::size_t i = begin; i < n; i += 2) f(i);
  };
  const std::jthread other(half, 1);
  half(0);
}};

}  // namespace

void composes(const MakeOptimizer<float>& make) {
  const std::vector<std::size_t> lengths{7, 0, piece + 3, 3 * piece};
  CHECK(digest(make, lengths, 3, last_first) == digest(make, lengths, 3, in_order));
}

void sums_alike(const MakeOptimizer<float>& make) {
  constexpr std::size_t n = 2 * piece + 1003;
  std::uint64_t expected = 0;
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    if (isa == Isa::scalar) expected = digest(make, {n}, 4, in_order);
    for (const auto& lengths : cuts(n)) {
      CAPTURE(gradus::simd::name(isa), lengths.size());
      for (const AnyExecutor* run : {&in_order, &last_first, &on_two_threads})
        CHECK(digest(make, lengths, 4, *run) == expected);
    }
  }
}

}  // namespace support
