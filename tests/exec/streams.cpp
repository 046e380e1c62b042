#include <gradus/gradus.hpp>

#include <algorithm>
#include <cstring>
#include <vector>

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

namespace {

template <class T>
void same_bits(std::span<const T> a, std::span<const T> b) {
  REQUIRE(a.size() == b.size());
  CHECK((a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0));
}

/// Three steps of the whole, and of two parts that know where they begin.
template <class P, class R>
void parts_are_the_whole(const R& rule) {
  constexpr std::size_t n = 3000, cut = 1024;
  std::vector<P> whole(n), params;
  std::vector<float> grads(n);
  for (std::size_t i = 0; i < n; ++i) {
    whole[i] = P(static_cast<float>(i % 97) / 97.0F);
    grads[i] = static_cast<float>(i % 89) / 89.0F - 0.4F;
  }
  params = whole;
  gradus::Optimizer opt(gradus::Constant{0.01}, rule, whole);
  const std::span<P> p[] = {std::span(params).first(cut), std::span(params).subspan(cut)};
  const std::span<const float> g[] = {std::span<const float>(grads).first(cut),
                                      std::span<const float>(grads).subspan(cut)};
  gradus::Optimizer first(gradus::Constant{0.01}, rule, p[0]);
  gradus::Optimizer second(gradus::Constant{0.01}, rule, p[1]);
  const auto step_part = [&](auto& part, std::size_t k, std::uint64_t begin) {
    auto& core = part.core();
    core.template check_spans<float>("test", p[k], g[k]);
    const gradus::Context context{core.t, 0.01};
    auto streams = core.template state_streams<float>(1);
    streams.first = begin;
    gradus::exec::apply(rule, context, streams, core.state.scalars(), core.state.span_scalars(),
                        gradus::seq);
    core.count();
  };
  for (int t = 0; t < 3; ++t) {
    opt.step(whole, grads);
    step_part(first, 0, 0);
    step_part(second, 1, cut);
  }
  same_bits<P>(whole, params);
  opt.core().state.for_each_slot([&]<class S>(std::size_t j, S* slot) {
    const std::size_t at = gradus::stored_count<S>(cut), all = gradus::stored_count<S>(n);
    same_bits<S>({slot, at}, {first.core().state.template slot<S>(j), at});
    same_bits<S>({slot + at, all - at}, {second.core().state.template slot<S>(j), all - at});
  });
}

}  // namespace

TEST_CASE("Parts that know where they begin have the bits of the whole", "[exec]") {
  using gradus::bfloat16;
  const gradus::AdamW adamw{};
  parts_are_the_whole<bfloat16>(gradus::Stochastic{adamw, 7});
  parts_are_the_whole<bfloat16>(gradus::Stochastic{gradus::stored<bfloat16, bfloat16>(adamw), 7});
  parts_are_the_whole<bfloat16>(gradus::Stochastic{
      gradus::stored<gradus::Signed8, bfloat16>(gradus::Chain{gradus::GradientNoise{}, adamw}), 7});
  parts_are_the_whole<float>(gradus::Chain{gradus::GradientNoise{}, adamw});
  parts_are_the_whole<float>(gradus::stored<gradus::Signed8, gradus::Positive8>(adamw));
}
