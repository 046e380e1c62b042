// NonFinite::skip and NonFinite::raise change nothing at all, whatever state a rule has and however
// it is stored. non_finite_spans.cpp and non_finite_stored.cpp test more kinds of state;
// optimizer.cpp tests the rest of these policies.
#include <gradus/gradus.hpp>

#include "support/leaves_no_trace.hpp"

using gradus::bfloat16;
using gradus::Chain;
using gradus::float16;
using support::no_trace::leaves_no_trace;

TEMPLATE_TEST_CASE("skip leaves slots, scalars, averages and norms alone", "[optimizer]", float,
                   double, bfloat16, float16) {
  using P = TestType;
  leaves_no_trace<P>(gradus::SGD{});
  leaves_no_trace<P>(Chain{gradus::ClipNorm{0.5}, gradus::L2{0.01}, gradus::NAdam{},
                           gradus::WeightDecay{}, gradus::Ema{0.9}});
  leaves_no_trace<P>(gradus::vary<&gradus::AdamW::weight_decay>(
      gradus::AdamW{}, gradus::Cosine<>{.start = 0.1, .end = 0.01, .steps = 5}));
}
