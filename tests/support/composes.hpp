// What a rule or chain must keep inside the wrappers, and under every executor.
#pragma once

#include <gradus/optimizer.hpp>
#include <gradus/rule/combine/master.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/schedule/constant.hpp>

#include <vector>

#include "support/any_optimizer.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

/// The rule gives the same bits under an executor of another order.
void composes(const MakeOptimizer<float>& make);
template <class R>
void composes(const R& rule) {
  composes(optimizers_of<float>(rule));
}

/// A rule that takes sums over all spans gives the same bits on every path, however the parameters
/// are cut into spans, in whatever order the pieces come, and on several threads.
void sums_alike(const MakeOptimizer<float>& make);
template <class R>
void sums_alike(const R& rule) {
  sums_alike(optimizers_of<float>(rule));
}

/// The slots as a float rule keeps them, after 12 steps over two spans.
template <class R, class P>
gradus::Optimizer<gradus::Constant<>, R, P> trained(const R& rule, std::vector<P>& p) {
  const std::size_t cut = p.size() / 3;
  const auto spans = [&](auto& x) {
    return std::vector{std::span(x).first(cut), std::span(x).subspan(cut)};
  };
  gradus::Optimizer<gradus::Constant<>, R, P> opt({0.01}, rule, spans(p));
  for (gradus::step_t t = 0; t < 12; ++t) {
    const std::vector<float> g = numbers<float>(p.size(), 2 + t);
    opt.step(spans(p), spans(g), {.loss = 2});
  }
  return opt;
}

/// `rule` gives the same bits as a master's rule, and with its slots stored as they are. `Master`
/// and `stored` see no more of a rule than which parts its kernel and which state it has, so this
/// is called for a rule of each kind; tests/rule/combine/nesting_of_every_part.cpp has every set of
/// parts.
template <class R>
void is_stored(const R& rule) {
  std::vector<gradus::bfloat16> rounded;
  std::vector<float> p;
  for (const float x : numbers<float>(203, 1)) {
    rounded.emplace_back(x);
    p.push_back(static_cast<float>(rounded.back()));
  }
  std::vector<float> again = p;
  const auto plain = trained(rule, p);
  const auto master = trained(gradus::Master{rule}, rounded);
  CHECK(same_bits<float>(master.template slot<float>("master"), std::span<const float>(p)));
  for (std::size_t i = 0; i < p.size(); ++i) CHECK(rounded[i] == gradus::bfloat16(p[i]));
  if constexpr (gradus::slot_count<R> != 0) {
    const auto as_is = trained(gradus::stored<float>(rule), again);
    CHECK(same_bits(p, again));
    const auto halves = trained(gradus::stored<gradus::bfloat16>(rule), again);
    for (const float x : again) CHECK(gradus::math::is_finite(x));
  }
}

}  // namespace support
