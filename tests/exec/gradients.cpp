#include <gradus/exec/gradients.hpp>

#include <array>
#include <cmath>
#include <vector>

#include "support/catch.hpp"

namespace exec = gradus::exec;

TEST_CASE("The norm of all gradients is that of their views in one list", "[gradients]") {
  std::vector<float> a{3, 0}, b{4};
  const std::array<exec::View, 2> views{{{a.data(), a.data(), 2, 0}, {b.data(), b.data(), 1, 2}}};
  const auto streams = exec::gradients<float, float>(views, 2);
  static_assert(decltype(streams)::slot_count == 0);
  CHECK(streams.scale == 2);
  CHECK(exec::norm_of_gradients(streams, gradus::seq) == 10);
  b[0] = INFINITY;
  CHECK_FALSE(std::isfinite(exec::norm_of_gradients(streams, gradus::seq)));
}
