#include <gradus/memory/parts.hpp>

#include <array>
#include <list>
#include <vector>

#include "support/catch.hpp"

using gradus::detail::Parts;
using gradus::detail::tuple_items;

static_assert(tuple_items<std::tuple<int, int>> == 2 && tuple_items<std::array<int, 3>> == 3);
static_assert(tuple_items<std::vector<int>> == 0 && tuple_items<int> == 0);

TEST_CASE("A list is taken in parts, which are lists", "[parts]") {
  std::list<std::vector<float>> list{{1}, {2, 3}, {}, {4}};  // whatever the iterators can do
  auto parts = Parts<decltype(list)>::of<float>("X", "params", list, 4);
  const auto none = parts.next(0), two = parts.next(2), rest = parts.next(2);
  static_assert(gradus::SpanArgument<decltype(two), float>);
  CHECK(gradus::detail::extent_of<float>(none).spans == 0);
  CHECK(gradus::detail::extent_of<float>(two).elements == 3);
  CHECK(*rest.begin() == std::vector<float>{});
  CHECK((gradus::detail::extent_of<float>(rest).spans == 2 && rest.end() == list.end()));
}

TEST_CASE("A list of another length is refused", "[parts]") {
  const std::array<std::vector<double>, 2> list;
  CHECK_THROWS_WITH((Parts<decltype(list)>::of<const double>("X", "grads", list, 3)),
                    "gradus::X.grads must be a list of 3 spans, those of all groups (got 2)");
}
