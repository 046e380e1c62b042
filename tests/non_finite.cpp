// NonFinite::skip and NonFinite::raise change nothing at all, whatever state a rule has and however
// it is stored. optimizer.cpp tests the rest of these policies.
#include <gradus/gradus.hpp>

#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/cuts.hpp"
#include "support/digest.hpp"

using gradus::bfloat16;
using gradus::Chain;
using gradus::Element;
using gradus::float16;
using gradus::NonFinite;
using gradus::Optimizer;
using gradus::step_t;

namespace {

const std::vector<std::size_t> lengths{70, 0, 1, 129};
constexpr std::size_t n = 200;

// A rule with a scalar for each span and one for all spans; both influence the steps.
struct Counts {
  constexpr std::array<gradus::Scalar, 1> scalars() const { return {{{"all", 0.5}}}; }
  constexpr std::array<gradus::Scalar, 1> span_scalars() const { return {{{"count", 1}}}; }
  template <class T>
  struct Kernel {
    T size;
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 0>&) const {
      return size * g;
    }
    template <class M>
    constexpr Kernel for_span(std::span<double> scalars, const M&) const {
      return {static_cast<T>(scalars[0]++) * size};
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const gradus::Context& c, std::span<double, 1> scalars) const {
    return {static_cast<T>(c.rate * (scalars[0] *= 0.75))};
  }
};

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

}  // namespace

TEMPLATE_TEST_CASE("skip leaves slots, scalars, averages and norms alone", "[optimizer]", float,
                   double, bfloat16, float16) {
  using P = TestType;
  leaves_no_trace<P>(gradus::SGD{});
  leaves_no_trace<P>(Chain{gradus::ClipNorm{0.5}, gradus::L2{0.01}, gradus::NAdam{},
                           gradus::WeightDecay{}, gradus::Ema{0.9}});
  leaves_no_trace<P>(gradus::vary<&gradus::AdamW::weight_decay>(
      gradus::AdamW{}, gradus::Cosine<>{.start = 0.1, .end = 0.01, .steps = 5}));
}

TEMPLATE_TEST_CASE("skip leaves the state of each span alone", "[optimizer]", float, double,
                   bfloat16, float16) {
  using P = TestType;
  leaves_no_trace<P>(Counts{});
  leaves_no_trace<P>(Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}, gradus::Ema{0.9}});
}

TEST_CASE("skip leaves random rounding, blocks, masters and remainders alone", "[optimizer]") {
  const gradus::Adam adam;
  leaves_no_trace<float>(gradus::stored<gradus::Signed8, gradus::Positive8>(adam));
  leaves_no_trace<float>(gradus::Stochastic{gradus::stored<bfloat16>(adam)});
  leaves_no_trace<bfloat16>(gradus::Stochastic{gradus::stored<bfloat16>(adam)});
  leaves_no_trace<bfloat16>(gradus::Compensated{gradus::stored<bfloat16>(adam)});
  leaves_no_trace<bfloat16>(gradus::Master{Chain{gradus::ClipNorm{0.5}, adam, gradus::Ema{}}});
  leaves_no_trace<float16>(gradus::Master{gradus::LAMB{}});
}

TEST_CASE("skip sees what is not finite in gradients of any type", "[optimizer]") {
  leaves_no_trace<float, bfloat16>(gradus::Adam{});
  leaves_no_trace<float, float16>(gradus::Adam{});
  leaves_no_trace<bfloat16, float>(gradus::Adam{});
  leaves_no_trace<bfloat16, float16>(gradus::Master{gradus::Adam{}});
}

TEST_CASE("skip finds the one bad gradient, wherever it is", "[optimizer]") {
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    for (std::size_t size = 1; size <= 70; ++size)
      for (std::size_t at = 0; at < size; ++at) {
        std::vector<float> p(size), g(size, 1.0F);
        std::vector<float16> half(size, float16(1.0F));
        g[at] = at % 2 == 0 ? support::nan<float>() : support::infinity<float>();
        half[at] = float16(-g[at]);
        Optimizer opt{gradus::Constant<>{0.5}, gradus::SGD{}, p, NonFinite::skip};
        if (opt.step(p, g).applied || opt.step(p, half).applied || opt.steps() != 0)
          FAIL("size " << size << ", at " << at << ", " << gradus::simd::name(isa));
      }
  }
}
