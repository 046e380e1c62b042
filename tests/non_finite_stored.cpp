// NonFinite::skip and NonFinite::raise change nothing at all in state that is stored in other ways,
// with gradients of any type, wherever the bad gradient is.
#include <gradus/gradus.hpp>

#include <cstddef>
#include <vector>

#include "support/leaves_no_trace.hpp"

using gradus::bfloat16;
using gradus::Chain;
using gradus::float16;
using gradus::NonFinite;
using gradus::Optimizer;
using support::no_trace::leaves_no_trace;

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
