#include <gradus/tune/in_parallel.hpp>

#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

using gradus::tune::detail::in_parallel;

TEST_CASE("Every piece of work is done once, on any number of threads", "[tune][search]") {
  for (const std::size_t threads : {0U, 1U, 2U, 7U, 100U})
    for (const std::size_t count : {0U, 1U, 5U, 200U}) {
      std::vector<std::atomic<int>> done(count);
      in_parallel(count, threads, [&](std::size_t i) { ++done[i]; });
      for (const auto& times : done) CHECK(times == 1);
    }
}

TEST_CASE("An exception ends the work and is passed on", "[tune][search]") {
  for (const std::size_t threads : {1U, 4U}) {
    std::atomic<std::size_t> begun = 0;
    const auto work = [&](std::size_t i) {
      ++begun;
      if (i == 10) throw std::runtime_error("ten");
    };
    CHECK_THROWS_WITH(in_parallel(1'000'000, threads, work), "ten");
    CHECK(begun < 1'000'000);
    if (threads == 1) CHECK(begun == 11);
  }
}
