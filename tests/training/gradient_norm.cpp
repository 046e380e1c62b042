#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/training/gradient_norm.hpp>

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"
#include "support/executors.hpp"
#include "support/guarded.hpp"

using gradus::bfloat16;
using gradus::float16;
using gradus::gradient_norm;
using support::infinity;
using support::nan;
using support::numbers;

namespace {
using Floats = std::vector<float>;
using Doubles = std::vector<double>;
}  // namespace

TEST_CASE("The norm of gradients", "[loop]") {
  CHECK(gradient_norm(Floats{3, -4}) == 5);
  CHECK(gradient_norm(Floats{3, -4}, -2) == 10);
  CHECK(gradient_norm(Floats{3, -4}, 0) == 0);
  CHECK(gradient_norm(Floats{}) == 0);
  const Floats w{3, 0}, b{4}, nothing;
  CHECK(gradient_norm(gradus::spans(w, nothing, b)) == 5);
  CHECK(gradient_norm(std::vector<Floats>{}) == 0);
  CHECK(gradient_norm(std::vector{bfloat16(3.0F), bfloat16(4.0F)}) == 5);
  CHECK(gradient_norm(std::vector{float16(3.0F), float16(4.0F)}) == 5);
  // Squares that do not fit.
  CHECK(gradient_norm(Doubles{3e200, 4e200}) == Approx(5e200));
  CHECK(gradient_norm(Doubles{3e-200, 4e-200}) == Approx(5e-200));
  CHECK(gradient_norm(Floats{3e38F, 1e38F}) == Approx(3.16228e38));
}

TEST_CASE("A norm that is none is told", "[loop]") {
  CHECK(gradus::math::is_nan(gradient_norm(Floats{1, nan<float>()})));
  CHECK(gradient_norm(Floats{1, -infinity<float>()}) == infinity<double>());
  CHECK(gradient_norm(Doubles{1, infinity<double>()}) == infinity<double>());
  // It clips nothing, as in ClipNorm itself.
  const gradus::ClipNorm clip{0.5};
  CHECK((clip.factor(nan<double>()) == 1 && clip.factor(infinity<double>()) == 1));
  CHECK((clip.factor(0) == 1 && clip.factor(0.5) == 1 && clip.factor(2) == 0.25));
  CHECK(gradus::ClipNorm{.max_norm = 1, .eps = 1}.factor(1) == 0.5);
}

TEMPLATE_TEST_CASE("Clipped by hand, with the norm in sight: the bits of ClipNorm", "[loop]", float,
                   double) {
  using T = TestType;
  support::default_environment();
  const gradus::Constant<> rate{0.125};
  const gradus::ClipNorm clip{0.5};
  for (const std::size_t n : {0U, 1U, 15U, 16U, 1025U, 70'001U}) {
    std::vector<T> p = numbers<T>(n, 1), q = p;
    gradus::Optimizer by_hand{rate, gradus::Adam{}, p};
    gradus::Optimizer chained{rate, gradus::Chain{clip, gradus::Adam{}}, q};
    for (std::uint64_t t = 0; t < 3; ++t) {
      const std::vector<T> g = numbers<T>(n, 10 + t);
      const double norm = gradient_norm(g);
      for (const support::Isa isa : support::paths()) {
        const support::OnPath on(isa);
        for (const auto& lengths : support::cuts(n))
          CHECK(gradient_norm(support::cut(g, lengths), 1, support::backwards) == norm);
      }
      by_hand.step(p, g, {.scale = clip.factor(norm)});
      chained.step(q, g);
      CHECK(support::same_bits(p, q));
    }
  }
}

TEST_CASE("gradient_norm refuses what is no gradient, and no scale", "[loop]") {
  const std::span<const float> null(static_cast<const float*>(nullptr), 2);
  CHECK_THROWS_WITH(gradient_norm(null),
                    "gradus::gradient_norm.grads[0] must not be null with a size of 2 (got 2)");
  alignas(4) char bytes[8] = {};
  const std::span<const float> crooked(reinterpret_cast<const float*>(bytes + 1), 1);
  CHECK_THROWS_WITH(gradient_norm(crooked),
                    "gradus::gradient_norm.grads[0] must be aligned to a multiple in bytes of 4 "
                    "(got 1)");
  const char* const rule =
      "gradus::gradient_norm.scale must be representable in the parameters' type (got ";
  CHECK_THROWS_WITH(gradient_norm(Floats{1}, 1e300), std::string(rule) + "1e+300)");
  CHECK_THROWS_WITH(gradient_norm(Floats{1}, 1e-300), std::string(rule) + "1e-300)");
  CHECK_THROWS_WITH(gradient_norm(Floats{1}, nan<double>()), std::string(rule) + "nan)");
  CHECK(gradient_norm(Doubles{1}, 1e300) == 1e300);
}
