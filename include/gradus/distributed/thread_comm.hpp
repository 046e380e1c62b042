// optional header
// Ranks that are threads of one process: to test without any other library what processes do.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gradus/config/refuse.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// Where the threads meet.
class MeetingPlace {
 public:
  MeetingPlace(std::size_t ranks, std::chrono::milliseconds patience)
      : patience_(patience), ended_(ranks) {}

  /// What a rank sends in one exchange: a copy, because a rank that throws frees its memory. With
  /// `to_all`, the same bytes go to every rank.
  struct Offer {
    std::vector<std::byte> data{};
    std::vector<std::size_t> sizes{};
    bool to_all = false, made = false;
  };
  struct Exchange {
    std::vector<Offer> offers;
    std::size_t made = 0, taken = 0;
  };

  std::size_t ranks() const noexcept { return ended_.size(); }
  void offer(std::size_t rank, std::uint64_t number, const std::byte* data,
             std::span<const std::size_t> sizes, bool to_all) {
    std::size_t n = 0;
    for (const std::size_t size : sizes) n += size;
    Offer offer{{}, {sizes.begin(), sizes.end()}, to_all, true};
    if (n != 0) offer.data.assign(data, data + n);
    const std::lock_guard lock(mutex_);
    Exchange& exchange = exchanges_[number];
    exchange.offers.resize(ranks());
    exchange.offers[rank] = std::move(offer);
    ++exchange.made;
    changed_.notify_all();
  }
  /// Waits until all have made their offers, and copies what they offer to this rank.
  void take(std::size_t rank, std::uint64_t number, const Incoming& in) {
    std::unique_lock lock(mutex_);
    Exchange& exchange = exchanges_[number];
    await(lock, exchange);
    lock.unlock();  // the offers no longer change
    std::byte* to = in.data;
    for (std::size_t r = 0; r < ranks(); ++r) {
      const Offer& o = exchange.offers[r];
      const std::byte* from = o.data.data();
      for (std::size_t i = 0; !o.to_all && i < rank; ++i) from += o.sizes[i];
      const std::size_t n = o.sizes[o.to_all ? 0 : rank];
      if (n != in.sizes[r])
        refuse("gradus::ThreadComm.sizes must be those that the other rank sends");
      if (n != 0) std::memcpy(to, from, n);
      to += n;
    }
    lock.lock();
    if (++exchange.taken == ranks()) exchanges_.erase(number);
  }
  /// This rank comes to no other exchange.
  void end(std::size_t rank) {
    const std::lock_guard lock(mutex_);
    ended_[rank] = true;
    changed_.notify_all();
  }

 private:
  void await(std::unique_lock<std::mutex>& lock, const Exchange& exchange) {
    const auto end = std::chrono::steady_clock::now() + patience_;
    const auto done = [&] { return exchange.made == ranks(); };
    while (!done()) {
      std::size_t missing = ranks();  // the first rank that never comes, or has not come yet
      for (std::size_t r = ranks(); r-- > 0;)
        if (!exchange.offers[r].made && (missing == ranks() || ended_[r] || !ended_[missing]))
          missing = r;
      if (broken_.empty() && ended_[missing])
        broken_ = io::detail::concat({"gradus::ThreadComm.wait must not come after rank ",
                                      std::to_string(missing), " has ended"});
      if (broken_.empty() && changed_.wait_until(lock, end) == std::cv_status::timeout && !done())
        broken_ = io::detail::concat({"gradus::ThreadComm.wait must end within ",
                                      std::to_string(patience_.count()), " ms (rank ",
                                      std::to_string(missing), " has not come)"});
      if (broken_.empty()) continue;
      changed_.notify_all();
      refuse(broken_.c_str());  // on every rank that waits: nothing works any more
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::chrono::milliseconds patience_;
  std::map<std::uint64_t, Exchange> exchanges_;
  std::vector<bool> ended_;
  std::string broken_{};  // what has failed
};

}  // namespace detail

/// A rank that is a thread of this process: `run_ranks` makes it.
class ThreadComm {
 public:
  struct Request {
    std::uint64_t number = 0;
    Incoming in{};
  };

  ThreadComm(detail::MeetingPlace& place, std::size_t rank) : place_(place), rank_(rank) {}
  std::size_t rank() const noexcept { return rank_; }
  std::size_t size() const noexcept { return place_.ranks(); }
  Request start_all_to_all(const Outgoing& out, const Incoming& in) {
    place_.offer(rank_, count_, out.data, out.sizes, false);
    return {count_++, in};
  }
  Request start_all_gather(std::span<const std::byte> mine, const Incoming& in) {
    place_.offer(rank_, count_, mine.data(), in.sizes.subspan(rank_, 1), true);
    return {count_++, in};
  }
  void wait(const Request& request) { place_.take(rank_, request.number, request.in); }

 private:
  detail::MeetingPlace& place_;
  std::size_t rank_;
  std::uint64_t count_ = 0;
};

/// Calls `f(comm)` on so many threads, each of which is a rank. After all have ended, it throws
/// what the first one threw that ended by an exception of its own.
template <class F>
void run_ranks(std::size_t ranks, const F& f,
               std::chrono::milliseconds patience = std::chrono::seconds(60)) {
  detail::MeetingPlace place(ranks, patience);
  std::vector<std::exception_ptr> errors(ranks);
  std::size_t first = ranks;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (std::size_t r = 0; r < ranks; ++r)
    threads.emplace_back([&, r] {
      ThreadComm comm(place, r);
      try {
        f(comm);
      } catch (...) {
        const std::lock_guard lock(mutex);
        errors[r] = std::current_exception();
        if (first == ranks) first = r;
      }
      place.end(r);
    });
  for (std::thread& thread : threads) thread.join();
  if (first != ranks) std::rethrow_exception(errors[first]);
}

}}  // namespace gradus::GRADUS_ABI
