#include <gradus/training/qk_clip.hpp>

#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"

using gradus::matrices, gradus::qk_clip, gradus::QKClip;
using support::error_of;

TEST_CASE("qk_clip brings the largest logit of a head to the threshold", "[training]") {
  std::vector<float> q(3 * 4, 8), k(3 * 4, 2);
  const std::vector<double> logits{50, 400, -1};
  qk_clip(logits, matrices(q, 3, 2, 2), matrices(k, 3, 2, 2), {.threshold = 100});
  for (std::size_t i = 0; i < q.size(); ++i) {
    const bool clipped = i / 4 == 1;
    CHECK(q[i] == (clipped ? 4 : 8));  // each by the root of 1 / 4
    CHECK(k[i] == (clipped ? 1 : 2));
  }
  qk_clip(logits, matrices(q, 3, 2, 2), {.threshold = 200});
  CHECK(q[4] == 2);
  CHECK(q[0] == 8);

  std::vector<gradus::bfloat16> half(4, gradus::bfloat16(3.0F));
  qk_clip(std::vector<double>{800}, matrices(half, 1, 2, 2), {.threshold = 200});
  CHECK(static_cast<float>(half[3]) == 0.75F);
}

TEST_CASE("qk_clip refuses what it cannot clip, and changes nothing", "[training]") {
  std::vector<float> q(12, 8), k(12, 2);
  const std::vector<double> logits{500, 400};
  const auto words = [&](const QKClip& how, std::vector<double> largest, std::size_t heads) {
    return error_of(
        [&] { qk_clip(largest, matrices(q, 2, 3, 2), matrices(k, heads, 12 / heads, 1), how); });
  };
  CHECK(words({.threshold = 0}, logits, 2) ==
        "gradus::QKClip.threshold must be finite and > 0 (got 0)");
  CHECK(words({.key_share = 2}, logits, 2) == "gradus::QKClip.key_share must be in [0, 1] (got 2)");
  CHECK(words({}, logits, 3) ==
        "gradus::QKClip.key[0] must be as many matrices as there are logits, 2 (got 3)");
  CHECK(words({}, {500, support::nan<double>()}, 2) ==
        "gradus::QKClip.logits must be finite (got nan)");
  CHECK(words({}, {500, support::infinity<double>()}, 2) ==
        "gradus::QKClip.logits must be finite (got inf)");
  CHECK(words({.key_share = 0}, {500, 1e300}, 2) ==
        "gradus::QKClip.logits must not be so large that the factor is 0 (got 1e+300)");
  CHECK(q == std::vector<float>(12, 8));
  CHECK(k == std::vector<float>(12, 2));
}
