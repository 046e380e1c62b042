// Ranks that count what they send to others.
#pragma once

#include <gradus/distributed/comm.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

template <gradus::Comm C>
class Counting {
 public:
  explicit Counting(C& comm) : comm_(comm) {}
  std::size_t rank() const { return comm_.rank(); }
  std::size_t size() const { return comm_.size(); }
  auto start_all_to_all(const gradus::Outgoing& out, const gradus::Incoming& in) {
    for (std::size_t r = 0; r < size(); ++r) sent += r == rank() ? 0 : out.sizes[r];
    return comm_.start_all_to_all(out, in);
  }
  auto start_all_gather(std::span<const std::byte> mine, const gradus::Incoming& in) {
    sent += mine.size() * (size() - 1);
    return comm_.start_all_gather(mine, in);
  }
  template <class R>
  void wait(R&& request) {
    comm_.wait(std::forward<R>(request));
  }

  std::uint64_t sent = 0;  // bytes

 private:
  C& comm_;
};
