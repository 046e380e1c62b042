// What every executor must keep: the bits of `seq`.
#pragma once

#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/lamb.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/constant.hpp>

#include <cstdint>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

inline constexpr std::size_t piece = gradus::exec::piece;

/// Three steps over spans of these lengths.
template <class R, class E>
std::uint64_t digest(const R& rule, const std::vector<std::size_t>& lengths, const E& run) {
  std::size_t n = 0;
  for (const std::size_t m : lengths) n += m;
  std::vector<float> p = numbers<float>(n, 1), g = numbers<float>(n, 2);
  std::vector<std::span<float>> params;
  std::vector<std::span<const float>> grads;
  std::size_t at = 0;
  for (const std::size_t m : lengths) {
    params.push_back(std::span(p).subspan(at, m));
    grads.push_back(std::span(g).subspan(at, m));
    at += m;
  }
  gradus::Optimizer opt{gradus::Constant<>{0.125}, rule, params};
  for (int t = 0; t < 3; ++t) opt.step(params, grads, {.scale = 0.5, .loss = 2}, run);
  Digest d;
  d.add(p);
  for (std::size_t j = 0; j < opt.slots(); ++j) d.add(std::span<const float>(opt.slot(j)));
  return d.value();
}

/// Element by element, and with norms of all spans and of each.
template <class E>
void leaves_no_trace(const E& run) {
  static_assert(gradus::Executor<E>);
  const std::vector<std::vector<std::size_t>> partitions{
      {1},         {piece - 1},     {piece},   {piece + 1},
      {2 * piece}, {2 * piece + 1}, {100'007}, {0, 70'001, 5, 0, piece, 40'000}};
  const auto compare = [&](const auto& rule) {
    for (const auto& lengths : partitions) {
      CAPTURE(lengths);
      CHECK(digest(rule, lengths, run) == digest(rule, lengths, gradus::seq));
    }
  };
  compare(gradus::Adam{});
  compare(gradus::Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}});
}

}  // namespace support
