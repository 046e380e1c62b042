// Independent pieces of work on several threads, and how far they are.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "progress.hpp"

namespace digits {

// work(i) for all i below count. They are independent, so that the order and the threads leave no
// trace. The first failure ends it and is passed on.
template <class F>
void in_parallel(const std::string& what, std::size_t count, std::size_t threads, const F& work) {
  Progress progress(what, count);
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto worker = [&] {
    try {
      for (std::size_t i; (i = next++) < count;) {
        work(i);
        progress.advance();
      }
    } catch (...) {
      const std::lock_guard lock(mutex);
      failure = std::current_exception();
      next = count;
    }
  };
  std::vector<std::thread> pool;
  try {
    while (pool.size() + 1 < std::min(threads, count)) pool.emplace_back(worker);
  } catch (const std::system_error&) {  // there are no more: these will do
  }
  worker();
  for (std::thread& thread : pool) thread.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace digits
