// Steps that a policy for gradients that are not finite leaves out change nothing at all.
#pragma once

#include <gradus/gradus.hpp>

#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"

namespace support::no_trace {

using gradus::Element;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::step_t;

inline const std::vector<std::size_t> lengths{70, 0, 1, 129};
inline constexpr std::size_t n = 200;

template <class X>
bool same(std::span<const X> a, std::span<const X> b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size_bytes()) == 0);
}
// The bytes of the parameters and of all state.
template <class P, class O>
bool same(const std::vector<P>& p, const O& a, const std::vector<P>& q, const O& b) {
  using R = std::remove_cvref_t<decltype(a.rule())>;
  using Slots = gradus::slot_types_t<R, gradus::arithmetic_t<P>>;
  const bool slots = [&]<std::size_t... J>(std::index_sequence<J...>) {
    return (same(a.template slot<std::tuple_element_t<J, Slots>>(J),
                 b.template slot<std::tuple_element_t<J, Slots>>(J)) &&
            ...);
  }(std::make_index_sequence<gradus::slot_count<R>>{});
  return slots && same(std::span<const P>(p), std::span<const P>(q)) &&
         same(a.scalars(), b.scalars()) && same(a.span_scalars(), b.span_scalars()) &&
         a.steps() == b.steps();
}

template <Element G>
std::vector<G> grads(std::uint64_t t) {
  return support::stored_as<G>(support::numbers<gradus::arithmetic_t<G>>(n, 10 + t));
}

// Compares steps that have bad gradients between them with the same steps without those.
template <Element P, Element G, class R>
void leaves_no_trace(const R& rule, NonFinite policy) {
  using T = gradus::arithmetic_t<P>;
  const gradus::Cosine<> schedule{.start = 0.125, .end = 0.01, .steps = 10};
  std::vector<P> p = support::stored_as<P>(support::numbers<T>(n, 1)), q = p;
  Optimizer opt{schedule, rule, support::cut(p, lengths), policy};
  Optimizer clean{schedule, rule, support::cut(q, lengths), policy};
  for (step_t t = 0; t < 6; ++t) {
    for (const T& bad : {support::nan<T>(), support::infinity<T>(), -support::infinity<T>()})
      for (const std::size_t at : {std::size_t{0}, std::size_t{70}, n - 1}) {
        std::vector<G> g = grads<G>(t);
        g[at] = static_cast<G>(bad);
        const auto step = [&] {
          return opt.step(support::cut(p, lengths), support::cut(g, lengths),
                          {.scale = 0.5, .factor = 2}, support::backwards);
        };
        if (policy == NonFinite::raise)
          CHECK_THROWS_AS(step(), gradus::Error);
        else
          CHECK(step() == gradus::StepResult{t, 2 * schedule(t), false});
        CHECK(same(p, opt, q, clean));
      }
    opt.step(support::cut(p, lengths), support::cut(grads<G>(t), lengths));
    clean.step(support::cut(q, lengths), support::cut(grads<G>(t), lengths));
    CHECK(same(p, opt, q, clean));
  }
}
template <Element P, Element G = P, class R>
void leaves_no_trace(const R& rule) {
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    CAPTURE(gradus::simd::name(isa));
    leaves_no_trace<P, G>(rule, NonFinite::skip);
    leaves_no_trace<P, G>(rule, NonFinite::raise);
  }
}

}  // namespace support::no_trace
