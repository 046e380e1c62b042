#include <gradus/memory/items.hpp>

#include <concepts>
#include <vector>

#include "support/catch.hpp"

using gradus::detail::Items;

namespace {

static_assert(std::convertible_to<Items<int>, Items<const int>>);
static_assert(!std::convertible_to<Items<const int>, Items<int>>);
static_assert(std::convertible_to<std::vector<int>&, Items<int>>);
static_assert(!std::convertible_to<const std::vector<int>&, Items<int>>);
static_assert(!std::convertible_to<std::vector<long>&, Items<int>>);

}  // namespace

TEST_CASE("Items are those of a vector, all or some", "[memory]") {
  std::vector<int> numbers{1, 2, 3, 4};
  const Items<int> all = numbers;
  CHECK((all.data() == numbers.data() && all.size() == 4 && !all.empty()));
  all[1] = 20;
  for (int& x : all) ++x;
  CHECK(numbers == std::vector<int>{2, 21, 4, 5});
  const Items<const int> middle = all.subspan(1, 2);
  CHECK((middle.size() == 2 && middle[0] == 21 && middle.end() - middle.begin() == 2));
  CHECK(all.subspan(4, 0).empty());
  CHECK(Items<int>().empty());
}
