#include <gradus/config/relaxed_int.hpp>

#include <atomic>
#include <thread>

#include "support/catch.hpp"

TEST_CASE("A RelaxedInt has the value that was stored last", "[config]") {
  static gradus::detail::RelaxedInt number{-1};
  CHECK(number.load() == -1);
  number.store(7);
  CHECK(number.load() == 7);
}

TEST_CASE("Threads may load and store a RelaxedInt at the same time", "[config]") {
  gradus::detail::RelaxedInt number{0};
  std::atomic<bool> torn{false};  // a value that no thread has stored
  const auto run = [&](int mine) {
    for (int k = 0; k < 10'000; ++k) {
      number.store(mine);
      const int seen = number.load();
      if (seen != 0x11111111 && seen != 0x22222222) torn = true;
    }
  };
  std::thread other(run, 0x11111111);
  run(0x22222222);
  other.join();
  CHECK_FALSE(torn);
}
