#include <gradus/memory/rows.hpp>

#include <array>
#include <vector>

#include "support/catch.hpp"

using gradus::all_but;
using gradus::fresh;
using gradus::gather;

namespace {
using Rows = std::vector<std::size_t>;
using Ints = std::vector<int>;
}  // namespace

TEST_CASE("Indices are written in many ways", "[rows]") {
  const auto sum = [](const gradus::Indices& all) {
    std::size_t r = 0;
    for (const std::size_t i : all) r += i;
    return r + all[0] + all.size();
  };
  CHECK(sum({1, 2}) == 6);
  CHECK(sum(Rows{1, 2}) == 6);
  CHECK(sum(std::array<std::size_t, 2>{1, 2}) == 6);
  CHECK(gradus::Indices(std::span<const std::size_t>()).size() == 0);
}

TEST_CASE("all_but gives the rows that stay", "[rows]") {
  CHECK(all_but(5, {3, 0, 3}) == Rows{1, 2, 4});
  CHECK(all_but(2, {}) == Rows{0, 1});
  CHECK(all_but(0, {}).empty());
  CHECK_THROWS_WITH(all_but(3, {0, 3}),
                    "gradus::all_but.removed[1] must be below the number of rows, 3 (got 3)");
}

TEST_CASE("Rows of a vector are gathered", "[rows]") {
  Ints x{0, 1, 10, 11, 20, 21};
  gather(x, {2, fresh, 0}, 2, 7);
  CHECK(x == Ints{20, 21, 7, 7, 0, 1});
  gather(x, {5, fresh});
  CHECK(x == Ints{1, 0});
  CHECK_THROWS_WITH(gather(x, {0, 0}), "gradus::gather.kept[1] must not repeat a row (got 0)");
  CHECK_THROWS_WITH(gather(x, {2}),
                    "gradus::gather.kept[0] must be fresh, or below the number of rows, 2 (got 2)");
  CHECK_THROWS_WITH(gather(x, {0}, 3),
                    "gradus::gather.widths[0] must divide the number of elements, 2 (got 3)");
  CHECK_THROWS_WITH(gather(x, {0}, 0),
                    "gradus::gather.widths[0] must divide the number of elements, 2 (got 0)");
  CHECK(x == Ints{1, 0});
  gather(x, {});
  CHECK(x.empty());
}
