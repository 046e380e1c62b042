#include <gradus/exec/all_finite.hpp>

#include <limits>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

using gradus::exec::all_finite;

TEMPLATE_TEST_CASE("all_finite finds what is not finite, wherever it is", "[exec]", float, double) {
  using T = TestType;
  using limits = std::numeric_limits<T>;
  for (const support::Isa isa : support::paths())
    for (std::size_t n = 0; n <= 70; ++n) {
      CAPTURE(gradus::simd::name(isa), n);
      support::Guarded<T> memory(n, support::Side::ends_before);
      std::vector<T> x = support::numbers<T>(n, n);
      const T finite[] = {limits::max(), -limits::max(), limits::denorm_min(), -T{0}};
      for (std::size_t i = 0; i < n; ++i)
        if (i % 3 == 0) x[i] = finite[i / 3 % 4];
      const std::span<const T> span = memory.fill(x);
      CHECK(all_finite(span, isa));
      bool found = true;
      for (std::size_t i = 0; i < n; ++i) {
        for (const T& bad : {support::nan<T>(), support::infinity<T>(), -support::infinity<T>()}) {
          memory.data()[i] = bad;
          found = found && !all_finite(span, isa);
        }
        memory.data()[i] = x[i];
      }
      CHECK(found);
    }
}

TEST_CASE("all_finite is not misled by numbers that cancel or overflow together", "[exec]") {
  const float big = std::numeric_limits<float>::max();
  for (const support::Isa isa : support::paths()) {
    CHECK(all_finite<float>(std::vector<float>(1000, big), isa));
    std::vector<float> x(64, support::infinity<float>());
    for (std::size_t i = 32; i < 64; ++i) x[i] = -x[i];
    CHECK_FALSE(all_finite<float>(x, isa));
  }
}

TEST_CASE("first_non_finite names the span", "[exec]") {
  const float good[] = {1, 2}, bad[] = {1, support::nan<float>()};
  using gradus::exec::View;
  const View views[] = {{nullptr, good, 2}, {nullptr, nullptr, 0}, {nullptr, bad, 2}};
  const auto first = [&](std::size_t n) {
    return gradus::exec::first_non_finite(gradus::exec::streams<float, float>(
        std::span(views).first(n), std::tuple<>{}, 1.0F, support::Isa::scalar));
  };
  CHECK(first(3) == 2);
  CHECK(first(2) == 2);
  CHECK(first(0) == 0);
}
