// optional header
// Independent work on several threads.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune { namespace detail {

/// Calls work(i) for all i below count. The next free thread takes the next i. With threads = 0
/// there are as many threads as the machine runs at once. After the first exception no work is
/// begun any more; when all threads have ended, it is thrown again.
template <class F>
void in_parallel(std::size_t count, std::size_t threads, const F& work) {
  if (threads == 0)
    threads = std::thread::hardware_concurrency();  // may be 0, too: this thread alone
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto worker = [&] {
    try {
      for (std::size_t i; (i = next++) < count;) work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
      next = count;
    }
  };
  const std::size_t wanted = threads < count ? threads : count;
  std::vector<std::thread> others(wanted == 0 ? 0 : wanted - 1);
  try {
    for (std::thread& thread : others) thread = std::thread(worker);
  } catch (const std::exception&) {  // no more threads: go on with those there are
  }
  worker();
  for (std::thread& thread : others)
    if (thread.joinable()) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}}}}  // namespace gradus::GRADUS_ABI::tune::detail
