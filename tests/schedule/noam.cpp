#include <gradus/schedule/noam.hpp>

#include "support/schedule_conformance.hpp"

using conformance::exactly;
using gradus::Noam;
using gradus::step_t;

namespace {

static_assert(Noam{.size = 4, .warmup = 4}(3) == 0.25);
static_assert(Noam{.size = 4, .warmup = 4}(0) == 0.0625);
static_assert(Noam{.size = 4, .warmup = 4, .factor = 2}(15) == 0.25);
static_assert(Noam{.size = 4} == Noam<>{4, 4'000, 1});
static_assert(Noam{.size = 4} != Noam<>{4, 4'000, 2});
static_assert(Noam{.size = 0}.check());

long double exact_noam(const Noam<>& s, step_t t) {
  const long double n = exactly(t) + 1, w = exactly(s.warmup.steps());
  return exactly(s.factor) / std::sqrt(exactly(s.size.steps())) *
         std::min(1 / std::sqrt(n), n / (w * std::sqrt(w)));
}

}  // namespace

TEST_CASE("Noam conforms", "[schedule]") {
  using conformance::conforms;
  constexpr step_t huge = step_t{1} << 60;
  const auto top = [](double size, double warmup) { return 1 / std::sqrt(size * warmup); };
  conforms([] { return Noam<>{512, 100}; }, {0, top(512, 100), 100}, exact_noam);
  conforms([] { return Noam<>{1, 1}; }, {0, 1, 1, conformance::Course::falls}, exact_noam);
  conforms([] { return Noam<>{768, huge}; }, {0, top(768, 0x1p60), huge}, exact_noam);
  conforms([] { return Noam<>{512, 100, 0}; }, {0, 0, 100, {}, 0}, exact_noam);
  conforms([] { return Noam<float>{512, 100}; }, {0, conformance::wide(0.0044195F), 100});
  conformance::rounds_once(Noam<float>{512, 100}, Noam<>{512, 100}, 100);
}

TEST_CASE("Noam is within 2 ulp of its peak", "[schedule]") {
  const auto draw = [](conformance::Random& r) {
    const Noam<> s{1 + r.below(1 << 20), r.length() >> 16 | 1, 1e-3 + r.rate()};
    const step_t w = s.warmup.steps();
    return conformance::Draw<Noam<>>{s, r.below(2) == 0 ? r.below(w) : r.step_near(2 * w - 1),
                                     s(w - 1)};
  };
  CHECK(conformance::worst_error(draw, exact_noam) <= 2);
}

TEST_CASE("Noam is the paper's, with updates counted from 1", "[schedule]") {
  const Noam s{.size = 512, .warmup = 4'000};
  for (const step_t t : {0U, 1U, 99U, 3'998U, 3'999U, 4'000U, 100'000U}) {
    CAPTURE(t);
    const double n = static_cast<double>(t) + 1;
    CHECK(s(t) ==
          Approx(std::pow(512, -0.5) * std::min(std::pow(n, -0.5), n * std::pow(4'000, -1.5)))
              .epsilon(1e-14));
  }
  CHECK(s(3'998) < s(3'999));
  CHECK(s(4'000) < s(3'999));
}

TEST_CASE("Noam refuses models and warmups without a size", "[schedule]") {
  using conformance::refusal;
  CHECK(refusal(Noam<>{0, 5}) == "gradus::Noam.size must be > 0 (got 0)");
  CHECK(refusal(Noam<>{-5, 5}) == "gradus::Noam.size must be > 0 (got -5)");
  CHECK(refusal(Noam<>{5, 0}) == "");
  CHECK(refusal(Noam<>{5, 5, -1}) == "gradus::Noam.factor must be finite and >= 0 (got -1)");
  CHECK(refusal(Noam<>{5, 5, conformance::nan()}) ==
        "gradus::Noam.factor must be finite and >= 0 (got nan)");
}
