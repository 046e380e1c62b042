#include <gradus/distributed/micro_batches.hpp>

#include <vector>

#include "support/catch.hpp"

using namespace gradus;

TEST_CASE("Micro-batches are divided into branches of one tree", "[distributed]") {
  for (const std::size_t ranks : {1U, 2U, 3U, 7U, 20U})
    for (const std::size_t all : {1U, 4U, 12U, 13U}) {
      std::size_t next = 0;
      for (std::size_t r = 0; r < ranks; ++r) {
        const MicroBatches mine = detail::micro_batches_of(r, ranks, all);
        CHECK(mine.first == next);
        for (const detail::SumBranch& b : detail::branches_of(mine)) {
          CHECK(b.index << b.level == next);
          next = (b.index + 1) << b.level;
        }
        CHECK(mine.last == next);
      }
      CHECK(next == all);
    }
  CHECK(detail::branches_of({1, 7}).size() == 4);  // 1, 2-3, 4-5, 6
}

TEST_CASE("The sum of micro-batches does not depend on who sums which", "[distributed]") {
  constexpr std::size_t all = 13, n = 5;
  std::vector<std::vector<float>> grads(all, std::vector<float>(n));
  for (std::size_t k = 0; k < all; ++k)
    for (std::size_t i = 0; i < n; ++i)
      grads[k][i] = 1.0F / static_cast<float>(3 * k + 7 * i + 1) * (k % 2 == 0 ? 1.0F : -1.0F);
  const auto add = [](auto& tree, const detail::SumBranch& branch, std::span<const float> g) {
    exec::View view{nullptr, g.data(), n, 0};
    tree.template add<float>(branch, {&view, 1}, seq);
  };
  const auto total = [&](std::size_t ranks) {
    detail::TreeOfSums<float> sums;
    for (std::size_t r = 0; r < ranks; ++r) {
      detail::TreeOfSums<float> own;
      const MicroBatches mine = detail::micro_batches_of(r, ranks, all);
      for (std::size_t k = mine.first; k < mine.last; ++k) add(own, {k, 0}, grads[k]);
      const auto branches = detail::branches_of(mine);
      REQUIRE(own.count() == branches.size());
      for (std::size_t k = 0; k < branches.size(); ++k) add(sums, branches[k], own.sum(k));
    }
    const auto s = sums.total(seq);
    return std::vector<float>(s.begin(), s.end());
  };
  const std::vector<float> one = total(1);
  for (const std::size_t ranks : {2U, 3U, 4U, 8U, 13U, 20U}) CHECK(total(ranks) == one);
}
