// What the digests of rules are made from.
#pragma once

#include <gradus/simd/isa.hpp>
#include <gradus/step/options.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <span>
#include <vector>

#include "support/any_optimizer.hpp"
#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"

namespace support {

inline constexpr std::size_t most = 1100;
inline constexpr gradus::step_t steps = 200;

// Whole numbers over powers of two: exact, whatever the flags.
inline double rate(gradus::step_t t) { return static_cast<double>(t % 64 + 1) * 0x1p-13; }
inline double decay(gradus::step_t t) { return static_cast<double>(t % 32) * 0x1p-8; }

template <class T>
struct Inputs {
  std::vector<T> params = numbers<T>(most, 1);
  std::vector<std::vector<T>> grads;

  Inputs() {
    for (gradus::step_t t = 0; t < steps; ++t) {
      std::vector<T>& g = grads.emplace_back(numbers<T>(most, 2 + t));
      for (std::size_t i = t % 17; i < most; i += 17)
        g[i] *= static_cast<T>(0x1p-100);  // down to subnormals
    }
  }
};

inline std::vector<std::size_t> sizes() {
  std::vector<std::size_t> r{1000, most};
  for (std::size_t n = 0; n <= 70; ++n) r.push_back(n);
  return r;
}

/// The digest of a rule over one span, with a loss.
template <class T>
std::uint64_t digest_of(const Inputs<T>& in, const MakeOptimizer<T>& make) {
  Digest d;
  for (const std::size_t n : sizes()) {
    std::vector<T> p(in.params.begin(), in.params.begin() + static_cast<std::ptrdiff_t>(n));
    const auto opt = make(rate, {p}, gradus::NonFinite::propagate);
    for (const std::vector<T>& g : in.grads)
      opt->step({p}, {std::span(g).first(n)}, {.scale = 0.5, .loss = 0.75}, in_order);
    d.add(p);
    opt->add_slots(d);
    d.add(opt->scalars());
  }
  return d.value();
}

/// The digest of a rule over two spans: for rules and stages that look at each by itself.
template <class T>
std::uint64_t digest_of_two(const Inputs<T>& in, const MakeOptimizer<T>& make) {
  Digest d;
  for (const std::size_t n : sizes()) {
    std::vector<T> p(in.params.begin(), in.params.begin() + static_cast<std::ptrdiff_t>(n));
    const std::vector<std::size_t> lengths{n / 3, n - n / 3};
    const auto opt = make(rate, cut(p, lengths), gradus::NonFinite::propagate);
    for (const std::vector<T>& g : in.grads)
      opt->step(cut(p, lengths), cut(std::span(g).first(n), lengths), {.scale = 0.5}, in_order);
    d.add(p);
    opt->add_slots(d);
    d.add(opt->scalars());
    d.add(opt->span_scalars());
  }
  return d.value();
}

// A change of `expected` is a change of what users get: say so in CHANGELOG.md.
inline void check_digest(std::uint64_t expected,
                         const std::function<void(std::vector<std::uint64_t>&)>& add) {
  default_environment();
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    std::vector<std::uint64_t> digests;
    add(digests);
    std::uint64_t all = 0;
    for (const std::uint64_t d : digests) all = (all ^ d) * 0x100'0000'01b3U;
    const auto part = [all](int shift) { return static_cast<unsigned>(all >> shift & 0xffff); };
    char found[24];
    std::snprintf(found, sizeof found, "0x%04x'%04x'%04x'%04x", part(48), part(32), part(16),
                  part(0));
    CAPTURE(gradus::simd::name(isa), digests, found);
    CHECK(all == expected);
  }
}

}  // namespace support
