// NonFinite::skip and NonFinite::raise change no state that a rule has for each span.
#include <gradus/gradus.hpp>

#include <array>
#include <span>

#include "support/leaves_no_trace.hpp"

using gradus::bfloat16;
using gradus::Chain;
using gradus::float16;
using support::no_trace::leaves_no_trace;

namespace {

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

}  // namespace

TEMPLATE_TEST_CASE("skip leaves the state of each span alone", "[optimizer]", float, double,
                   bfloat16, float16) {
  using P = TestType;
  leaves_no_trace<P>(Counts{});
  leaves_no_trace<P>(Chain{gradus::ClipNorm{0.5}, gradus::LAMB{}, gradus::Ema{0.9}});
}
