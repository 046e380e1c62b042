// optional header
// What gradus needs of the processes that train together, called ranks: that they exchange bytes.
#pragma once

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/config/refuse.hpp>
#include <gradus/config/version.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// Bytes that go to each rank, or come from each: `sizes[r]` of them for rank r, one rank after
/// another.
struct Outgoing {
  const std::byte* data = nullptr;
  std::span<const std::size_t> sizes{};
};
struct Incoming {
  std::byte* data = nullptr;
  std::span<const std::size_t> sizes{};
};

/// The ranks of a training, as one of them sees them. It has the number of this rank, how many
/// there are, and two exchanges. Every rank starts the same exchanges in the same order. Several
/// may be under way, and every rank waits for them in the same order, which may be another than
/// that of the starts. Between `start` and `wait` all memory of the exchange stays as it is.
///
///   start_all_to_all(out, in)    what goes to rank r, and what comes from rank r
///   start_all_gather(mine, in)   the same bytes to every rank, and what comes from rank r
///
/// Both include this rank itself. gradus builds everything else on them, because it adds by itself:
/// the sums of a communication library are in an order of its own. `wait` refuses, in one sentence,
/// what has failed or takes longer than a time-out. A message has less than 2^31 bytes.
template <class C>
concept Comm = requires(C& comm, const C& fixed, const Outgoing& out, const Incoming& in,
                        std::span<const std::byte> mine) {
  { fixed.rank() } -> std::convertible_to<std::size_t>;
  { fixed.size() } -> std::convertible_to<std::size_t>;
  comm.wait(comm.start_all_to_all(out, in));
  comm.wait(comm.start_all_gather(mine, in));
};

/// One process alone: rank 0 of 1.
class SelfComm {
 public:
  struct Request {};

  std::size_t rank() const noexcept { return 0; }
  std::size_t size() const noexcept { return 1; }
  Request start_all_to_all(const Outgoing& out, const Incoming& in) const noexcept {
    if (out.sizes[0] != 0) std::memcpy(in.data, out.data, out.sizes[0]);
    return {};
  }
  Request start_all_gather(std::span<const std::byte> mine, const Incoming& in) const noexcept {
    if (!mine.empty()) std::memcpy(in.data, mine.data(), mine.size());
    return {};
  }
  void wait(Request) const noexcept {}
};

namespace detail {

/// Keeps something for as long as the program runs: memory that a transport may still use, because
/// nobody has waited for its exchange.
template <class X>
void keep(X&& x) {
  struct Kept {
    X x;
    Kept* next;
  };
  static std::atomic<Kept*> all{nullptr};
  Kept* const kept = new Kept{std::move(x), all.load()};
  while (!all.compare_exchange_weak(kept->next, kept)) {
  }
}
/// Gives every rank the bytes of `mine`, and waits. If that fails, the memory is kept: the exchange
/// may still be under way.
template <Comm C, class M, class X>
void gather(C& comm, std::span<const M> sent, std::vector<M>& mine, std::vector<X>& all,
            std::vector<std::size_t>& sizes) {
  try {
    comm.wait(comm.start_all_gather(std::as_bytes(sent),
                                    {std::as_writable_bytes(std::span(all)).data(), sizes}));
  } catch (...) {
    keep(std::move(mine)), keep(std::move(all)), keep(std::move(sizes));
    throw;
  }
}

}  // namespace detail

/// The value of every rank, in the order of the ranks.
template <Comm C, class X>
  requires std::is_trivially_copyable_v<X>
std::vector<X> all_values(C& comm, const X& mine) {
  std::vector<X> own(1, mine), all(comm.size());
  std::vector<std::size_t> sizes(comm.size(), sizeof(X));
  detail::gather(comm, std::span<const X>(own), own, all, sizes);
  return all;
}
/// Returns when every rank has called it.
template <Comm C>
void barrier(C& comm) {
  static_cast<void>(all_values(comm, std::uint8_t{}));
}
/// The mean of a number over all ranks, such as a loss: on every rank the same bits.
template <Comm C>
double mean_over_ranks(C& comm, double mine) {
  double sum = 0;
  for (const double x : all_values(comm, mine)) sum += x;
  return sum / static_cast<double>(comm.size());
}
/// Gives every rank these numbers of rank `root`.
template <Comm C, class X>
  requires std::is_trivially_copyable_v<X>
void broadcast(C& comm, std::span<X> numbers, std::size_t root = 0) {
  constexpr std::size_t most = std::size_t{1} << 24;  // bytes at once
  std::vector<std::size_t> sizes(comm.size());
  for (std::span<std::byte> rest = std::as_writable_bytes(numbers); !rest.empty();) {
    const std::size_t n = rest.size() < most ? rest.size() : most;
    sizes[root] = n;
    std::vector<std::byte> mine, all(n);
    if (comm.rank() == root) mine.assign(rest.data(), rest.data() + n);
    detail::gather(comm, std::span<const std::byte>(mine), mine, all, sizes);
    std::memcpy(rest.data(), all.data(), n);
    rest = rest.subspan(n);
  }
}

namespace detail {

/// A text of rank `root`, for every rank.
template <Comm C>
std::string text_of_rank(C& comm, std::string text, std::size_t root) {
  std::uint64_t size = text.size();
  broadcast(comm, std::span(&size, 1), root);
  text.resize(std::size_t{size});
  broadcast(comm, std::span(text), root);
  return text;
}

/// Refuses, on every rank and with the same sentence, what is not the same on all of them. `what`
/// is "Sharded.rule".
template <Comm C>
void check_same(C& comm, std::string_view what, std::string_view mine) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : mine) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  const std::vector<std::uint64_t> all = all_values(comm, hash);
  std::size_t other = 0;
  while (other < all.size() && all[other] == all[0]) ++other;
  if (other == all.size()) return;
  const std::string a = text_of_rank(comm, std::string(mine), 0);
  const std::string b = text_of_rank(comm, std::string(mine), other);
  std::size_t from = 0;  // where they differ, if that is not near the beginning
  while (from < a.size() && from < b.size() && a[from] == b[from]) ++from;
  from = from < 150 ? 0 : from - 20;
  const auto shown = [&](const std::string& text) {
    return io::detail::concat({from == 0 ? "" : "...", std::string_view(text).substr(from, 200)});
  };
  const std::string first = shown(a), second = shown(b);
  refuse(io::detail::concat({"gradus::", what, " must be the same on every rank (got ", first,
                             " on rank 0 and ", second, " on rank ", std::to_string(other), ")"})
             .c_str());
}

/// What `f` throws, in a sentence; empty if it returns.
template <class F>
std::string refusal(const F& f) {
  try {
    f();
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}
/// Refuses, on every rank, what one of them has refused.
template <Comm C>
void refuse_as_rank(C& comm, std::size_t rank, const std::string& refusal) {
  const std::string sentence = text_of_rank(comm, refusal, rank);
  refuse(io::detail::concat({sentence, " (on rank ", std::to_string(rank), ")"}).c_str());
}
/// Calls `f` on every rank. What one rank refuses, all refuse, with its sentence. `f` exchanges
/// nothing.
template <Comm C, class F>
void together(C& comm, const F& f) {
  const std::string mine = refusal(f);
  const std::vector<std::uint8_t> all = all_values(comm, static_cast<std::uint8_t>(mine.empty()));
  for (std::size_t r = 0; r < all.size(); ++r)
    if (all[r] == 0) refuse_as_rank(comm, r, mine);
}

/// What `make` returns, which exchanges nothing; or, on every rank, what one rank refuses.
template <Comm C, class F>
auto made_together(C& comm, const F& make) {
  std::unique_ptr<decltype(make())> made;
  together(comm, [&] { made = std::make_unique<decltype(make())>(make()); });
  return std::move(*made);
}

}  // namespace detail
}}  // namespace gradus::GRADUS_ABI
