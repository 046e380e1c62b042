#include <gradus/exec/list_of.hpp>

#include <concepts>
#include <vector>

#include "support/catch.hpp"

using gradus::exec::ListOf;

namespace {

static_assert(std::convertible_to<ListOf<int>, ListOf<const int>>);
static_assert(!std::convertible_to<ListOf<const int>, ListOf<int>>);
static_assert(std::convertible_to<std::vector<int>&, ListOf<int>>);
static_assert(!std::convertible_to<const std::vector<int>&, ListOf<int>>);
static_assert(!std::convertible_to<std::vector<long>&, ListOf<int>>);
static_assert(!std::convertible_to<std::vector<int>, ListOf<int>>);  // it would be gone
struct Base {};
struct Derived : Base {
  int more;
};
static_assert(!std::convertible_to<std::vector<Derived>&, ListOf<Base>>);

}  // namespace

TEST_CASE("A list has the items of a vector, all or some", "[exec]") {
  std::vector<int> numbers{1, 2, 3, 4};
  const ListOf<int> all = numbers;
  CHECK((all.data() == numbers.data() && all.size() == 4 && !all.empty()));
  all[1] = 20;
  for (int& x : all) ++x;
  CHECK(numbers == std::vector<int>{2, 21, 4, 5});
  const ListOf<const int> middle = all.subspan(1, 2);
  CHECK((middle.size() == 2 && middle[0] == 21 && middle.end() - middle.begin() == 2));
  CHECK(all.subspan(4, 0).empty());
  CHECK(ListOf<int>().empty());
}
