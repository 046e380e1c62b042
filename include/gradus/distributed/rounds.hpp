// optional header
// A reduction or a gathering in rounds, each of which moves a slice of every rank's elements, so
// that the buffers stay small.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/storage/element.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Elements [begin, end) of all.
struct Slice {
  std::size_t begin = 0, end = 0;
  std::size_t size() const noexcept { return end - begin; }
};

/// What each rank owns of one round.
struct Round {
  std::vector<Slice> of;
};

/// The rounds of a plan, from the last elements to the first, as gradients become known. No round
/// has more than about `most` elements.
inline std::vector<Round> rounds_of(const ShardPlan& plan, std::size_t most) {
  const std::size_t slice = std::max(ShardPlan::unit, most / plan.ranks());
  std::vector<std::vector<Shard>> shards(plan.ranks());
  for (const Shard& s : plan.shards()) shards[s.owner].push_back(s);
  std::size_t count = 0;
  for (const auto& of_rank : shards) count = std::max(count, of_rank.size());
  std::vector<Round> rounds;
  for (std::size_t k = count; k-- > 0;)
    for (std::size_t done = 0;; done += slice) {
      Round round{std::vector<Slice>(plan.ranks())};
      bool any = false;
      for (std::size_t r = 0; r < plan.ranks(); ++r) {
        if (k >= shards[r].size() || done >= shards[r][k].size()) continue;
        const Shard& s = shards[r][k];
        round.of[r] = {s.begin + done, std::min(s.end, s.begin + done + slice)};
        any = true;
      }
      if (!any) break;
      rounds.push_back(std::move(round));
    }
  return rounds;
}

/// f(view, from, n, done) for the parts of views that elements [begin, end) are, `done` of which
/// come before.
template <class F>
void each_part(exec::Views views, const Slice& slice, const F& f) {
  std::size_t at = slice.begin;
  for (std::size_t j = exec::view_of(views, at); at < slice.end; ++j) {
    const exec::View& v = views[j];
    const std::size_t from = at - v.begin, n = std::min(v.n - from, slice.end - at);
    if (n != 0) f(v, from, n, at - slice.begin);
    at += n;
  }
}

/// f(j, from, n) for each span j of which a shard has elements [from, from + n), and for the empty
/// spans among these.
template <class F>
void each_span(exec::Views views, const Shard& shard, const F& f) {
  const std::size_t all = exec::total(views);
  std::size_t j = exec::view_of(views, shard.begin);
  while (j > 0 && views[j - 1].n == 0 && views[j - 1].begin >= shard.begin) --j;
  for (; j < views.size(); ++j) {
    const exec::View& v = views[j];
    if (v.begin >= shard.end && !(v.n == 0 && shard.end == all)) break;
    const std::size_t begin = std::max(shard.begin, v.begin);
    f(j, begin - v.begin, std::min(shard.end, v.begin + v.n) - begin);
  }
}

/// Where the numbers of a message begin: they are of different types.
constexpr std::size_t padded(std::size_t bytes) noexcept { return (bytes + 15) / 16 * 16; }

/// Writes elements of type X, to which `g` of the views points, as type W.
template <Element W, Element X>
void pack(exec::Views views, const Slice& slice, std::byte* to) {
  each_part(views, slice, [&](const exec::View& v, std::size_t from, std::size_t n, std::size_t d) {
    const X* const x = static_cast<const X*>(v.g) + from;
    if constexpr (std::is_same_v<W, X>) {
      std::memcpy(to + d * sizeof(W), x, n * sizeof(W));
    } else {
      W* const w = reinterpret_cast<W*>(to) + d;
      for (std::size_t i = 0; i < n; ++i) w[i] = W(static_cast<arithmetic_t<W>>(x[i]));
    }
  });
}

/// Memory for `gather_all`, which is kept from step to step.
struct GatherBuffers {
  std::vector<std::byte> mine{}, all{};
};

/// Gives every rank what the owner of each element has of it: `p` of the views points to all
/// elements, of type X.
template <Element X, Comm C>
void gather_all(C& comm, std::span<const Round> rounds, exec::Views views, GatherBuffers& buffers) {
  if (comm.size() == 1) return;
  auto& [mine, all] = buffers;
  std::vector<std::size_t> sizes(comm.size());
  for (const Round& round : rounds) {
    std::size_t total = 0;
    for (std::size_t r = 0; r < sizes.size(); ++r)
      total += sizes[r] = round.of[r].size() * sizeof(X);
    all.resize(std::max(all.size(), total));
    mine.resize(std::max(mine.size(), sizes[comm.rank()]));
    const auto copy = [&](const Slice& slice, const auto& move) {
      each_part(views, slice,
                [&](const exec::View& v, std::size_t from, std::size_t n, std::size_t d) {
                  move(static_cast<X*>(v.p) + from, d * sizeof(X), n * sizeof(X));
                });
    };
    copy(round.of[comm.rank()], [&](const X* x, std::size_t at, std::size_t bytes) {
      std::memcpy(mine.data() + at, x, bytes);
    });
    const std::span<const std::byte> sent(mine.data(), sizes[comm.rank()]);
    gather(comm, sent, mine, all, sizes);
    const std::byte* from = all.data();
    for (std::size_t r = 0; r < sizes.size(); from += sizes[r++])
      if (r != comm.rank())
        copy(round.of[r],
             [&](X* x, std::size_t at, std::size_t bytes) { std::memcpy(x, from + at, bytes); });
  }
}

}}}  // namespace gradus::GRADUS_ABI::detail
