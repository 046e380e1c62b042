#include <gradus/exec/view.hpp>

#include "support/catch.hpp"

using View = gradus::exec::View<float>;

TEST_CASE("view_of finds the span that an element is in", "[exec]") {
  const View views[] = {{nullptr, nullptr, 3, 0},
                        {nullptr, nullptr, 0, 3},
                        {nullptr, nullptr, 1, 3},
                        {nullptr, nullptr, 5, 4}};
  const std::span<const View> all(views), none;
  CHECK(gradus::exec::total(all) == 9);
  CHECK(gradus::exec::total(none) == 0);
  const std::size_t expected[] = {0, 0, 0, 2, 3, 3, 3, 3, 3, 4, 4};
  for (std::size_t i = 0; i < 11; ++i) CHECK(gradus::exec::view_of(all, i) == expected[i]);
  CHECK(gradus::exec::view_of(none, 0) == 0);
}
