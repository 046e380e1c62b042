#include <gradus/exec/streams.hpp>

#include "support/catch.hpp"

using gradus::exec::View;

TEST_CASE("Streams know what their views point to", "[exec]") {
  gradus::bfloat16 p[3];
  const double g[3] = {};
  float slot[3] = {};
  const View view{p, g, 3};
  const auto streams = gradus::exec::streams<gradus::bfloat16, double>(
      {&view, 1}, std::tuple{&slot[0]}, 1.0F, gradus::simd::Isa::scalar);
  static_assert(std::is_same_v<decltype(streams)::T, float> && streams.slot_count == 1);
  CHECK((streams.p(view) == p && streams.g(view) == g && std::get<0>(streams.slots) == slot));
  CHECK(streams.alone(view).views.data() == &view);
}

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
