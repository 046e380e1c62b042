#include <gradus/exec/apply.hpp>

#include <atomic>
#include <thread>

#include "support/executors.hpp"

using support::digest;
using support::piece;

namespace {

const auto backwards = [](std::size_t n, const auto& f) {
  for (std::size_t i = n; i-- > 0;) f(i);
};

// Three threads that take what comes next.
const auto threads = [](std::size_t n, const auto& f) {
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < n; i = next++) f(i);
  };
  std::vector<std::thread> crew;
  for (int k = 0; k < 3; ++k) crew.emplace_back(work);
  for (std::thread& t : crew) t.join();
};

}  // namespace

TEST_CASE("An executor's order leaves no trace", "[exec]") { support::leaves_no_trace(backwards); }

TEST_CASE("Threads leave no trace", "[exec]") { support::leaves_no_trace(threads); }

TEST_CASE("The split into spans leaves no trace: element by element", "[exec]") {
  const std::uint64_t expected = digest(gradus::Adam{}, {70'000}, gradus::seq);
  CHECK(digest(gradus::Adam{}, {0, 1, 16, piece, 5, 37'210, 0}, backwards) == expected);
  CHECK(digest(gradus::Adam{}, {35'000, 35'000}, gradus::seq) == expected);
}

TEST_CASE("An executor gets pieces of all spans together, and none where there is one", "[exec]") {
  std::vector<std::size_t> calls;
  const auto record = [&](std::size_t n, const auto& f) {
    calls.push_back(n);
    for (std::size_t i = 0; i < n; ++i) f(i);
  };
  static_cast<void>(digest(gradus::Adam{}, {10, piece, 3 * piece - 1, 0, piece + 1}, record));
  CHECK(calls == std::vector<std::size_t>{6, 6, 6});
  calls.clear();
  static_cast<void>(digest(gradus::Adam{}, {10, piece - 10}, record));
  CHECK(calls.empty());
}
