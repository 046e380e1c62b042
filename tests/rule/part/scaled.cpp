#include <gradus/rule/part/scaled.hpp>

#include <gradus/concept/kernel.hpp>

#include <array>

#include "support/catch.hpp"

TEMPLATE_TEST_CASE("ScaledGradient multiplies the gradient, and is a gradient stage's kernel alone",
                   "[rule]", float, double) {
  using T = TestType;
  using Kernel = gradus::detail::ScaledGradient<T>;
  using V = gradus::probe_pack<T>;
  STATIC_REQUIRE(gradus::GradientKernel<Kernel, T, 0>);
  STATIC_REQUIRE(gradus::GradientKernel<Kernel, T, 2>);
  STATIC_REQUIRE_FALSE(gradus::Kernel<Kernel, T, 0>);
  STATIC_REQUIRE_FALSE(gradus::StepKernel<Kernel, T, 0>);
  std::array<V, 0> none;
  T out = 0;
  Kernel{T{0.25}}.gradient(V(T{7}), V(T{-3}), none).store(&out);
  CHECK(out == T{-0.75});
}
