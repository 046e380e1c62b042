// What a rule or chain must keep inside the wrappers, and under every executor.
#pragma once

#include <gradus/optimizer.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/schedule/constant.hpp>

#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"
#include "support/executors.hpp"

namespace support {

/// Every other piece on a thread of its own.
inline constexpr auto on_two_threads = [](std::size_t n, const auto& f) {
  const auto half = [&](std::size_t begin) {
    for (std::size_t i = begin; i < n; i += 2) f(i);
  };
  const std::jthread other(half, 1);
  half(0);
};

/// The slots as a float rule keeps them, after 12 steps over two spans.
template <class R, class P>
gradus::Optimizer<gradus::Constant<>, R, P> trained(const R& rule, std::vector<P>& p) {
  const std::size_t cut = p.size() / 3;
  const auto spans = [&](auto& x) {
    return std::vector{std::span(x).first(cut), std::span(x).subspan(cut)};
  };
  gradus::Optimizer<gradus::Constant<>, R, P> opt({0.01}, rule, spans(p));
  for (gradus::step_t t = 0; t < 12; ++t) {
    const std::vector<float> g = numbers<float>(p.size(), 2 + t);
    opt.step(spans(p), spans(g), {.loss = 2});
  }
  return opt;
}

/// `rule` gives the same bits under an executor of another order, as a master's rule, and with its
/// slots stored as they are.
template <class R>
void composes(const R& rule) {
  const std::vector<std::size_t> lengths{7, 0, piece + 3, 3 * piece};
  CHECK(digest(rule, lengths, backwards) == digest(rule, lengths, gradus::seq));

  std::vector<gradus::bfloat16> rounded;
  std::vector<float> p;
  for (const float x : numbers<float>(203, 1)) {
    rounded.emplace_back(x);
    p.push_back(static_cast<float>(rounded.back()));
  }
  std::vector<float> again = p;
  const auto plain = trained(rule, p);
  const auto master = trained(gradus::Master{rule}, rounded);
  CHECK(same_bits<float>(master.template slot<float>("master"), std::span<const float>(p)));
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(rounded[i] == gradus::bfloat16(p[i]));
  if constexpr (gradus::slot_count<R> != 0) {
    const auto as_is = trained(gradus::stored<float>(rule), again);
    CHECK(same_bits(p, again));
    const auto halves = trained(gradus::stored<gradus::bfloat16>(rule), again);
    for (const float x : again) CHECK(gradus::math::is_finite(x));
  }
}

/// A rule that takes sums over all spans gives the same bits on every path, however the parameters
/// are cut into spans, in whatever order the pieces come, and on several threads.
template <class R>
void sums_alike(const R& rule) {
  constexpr std::size_t n = 2 * piece + 1003;
  const std::vector<float> start = numbers<float>(n, 1);
  const auto run = [&](const std::vector<std::size_t>& lengths, const auto& executor) {
    std::vector<float> p = start;
    gradus::Optimizer opt{gradus::Constant<>{0.125}, rule, cut(p, lengths)};
    for (gradus::step_t t = 0; t < 4; ++t) {
      const std::vector<float> g = numbers<float>(n, 2 + t);
      opt.step(cut(p, lengths), cut(g, lengths), {.scale = 0.5, .loss = 2}, executor);
    }
    Digest d;
    d.add(p);
    for (std::size_t j = 0; j < opt.slots(); ++j) d.add(std::span<const float>(opt.slot(j)));
    d.add(std::span<const double>(opt.scalars()));
    return d.value();
  };
  std::uint64_t expected = 0;
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    if (isa == Isa::scalar) expected = run({n}, gradus::seq);
    for (const auto& lengths : cuts(n)) {
      CAPTURE(gradus::simd::name(isa), lengths.size());
      CHECK(run(lengths, gradus::seq) == expected);
      CHECK(run(lengths, backwards) == expected);
      CHECK(run(lengths, on_two_threads) == expected);
    }
  }
}

}  // namespace support
