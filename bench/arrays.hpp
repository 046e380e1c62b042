// The memory that all rows use, and the counters that they report.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <gradus/gradus.hpp>
#include <memory>
#include <span>

#include "hand.hpp"

namespace bench {

/// Where the four arrays begin: at cache lines, and at offsets in their pages that are far apart,
/// as a careful caller places them; or all 16 bytes past a page, where malloc places large blocks,
/// and so the elements of a std::vector.
enum class Place { careful, vector };

/// Parameters, gradients, two arrays of state and an average of the parameters, in the same memory
/// for all rows.
class Arrays {
 public:
  static constexpr std::size_t most = 100'000'000;

  explicit Arrays(std::size_t n, Place place = Place::careful) {
    const std::size_t skew = place == Place::careful ? 208 : 0;
    const std::size_t first = place == Place::careful ? 0 : 4;
    float* const at = memory() + first;
    const std::size_t stride = (first + n + 1023) / 1024 * 1024 + skew;
    view_ = {at, at + stride, at + 2 * stride, at + 3 * stride, n, at + 4 * stride};
    for (std::size_t i = 0; i < n; ++i) {
      view_.p[i] = view_.e[i] = static_cast<float>(i % 97) * 0.01f;
      // Never zero, so that no state becomes denormal.
      view_.g[i] = (static_cast<float>(i * 7919 % 2003) - 1000.5f) * 1e-4f;
      view_.a[i] = view_.b[i] = 0.001f;
    }
  }
  const hand::Arrays& view() const { return view_; }
  std::span<float> p() const { return {view_.p, view_.n}; }
  std::span<const float> g() const { return {view_.g, view_.n}; }
  std::span<float> a() const { return {view_.a, view_.n}; }
  std::span<float> b() const { return {view_.b, view_.n}; }

 private:
  // Allocated once, for the largest row: pages cost nothing before they are used, and every row has
  // the same pages.
  static float* memory() {
    static const std::unique_ptr<void, decltype(&std::free)> block(
        std::aligned_alloc(4096, 5 * (most / 1024 + 2) * 4096), &std::free);
    return static_cast<float*>(block.get());
  }
  hand::Arrays view_;
};

/// Reports the time per parameter, and the bytes that a rule with this many arrays of state moves.
inline void finish(benchmark::State& state, std::size_t n, std::size_t arrays_of_state) {
  const auto steps = state.iterations() * static_cast<std::int64_t>(n);
  state.SetItemsProcessed(steps);
  state.SetBytesProcessed(steps * static_cast<std::int64_t>(12 + 8 * arrays_of_state));
}

/// One update on the arrays of the caller.
template <class R>
void update(const R& rule, const gradus::Context& context, const Arrays& x) {
  constexpr std::size_t slots = gradus::slot_count<R>;
  if constexpr (slots == 0) gradus::update(rule, context, x.p(), x.g());
  if constexpr (slots == 1) gradus::update(rule, context, x.p(), x.g(), x.a());
  if constexpr (slots == 2) gradus::update(rule, context, x.p(), x.g(), x.a(), x.b());
}

}  // namespace bench
