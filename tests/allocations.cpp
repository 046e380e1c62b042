// Counts allocations: a step, an update and a schedule must not allocate.
#include <gradus/gradus.hpp>
#include <gradus/text/any_schedule.hpp>
#include <gradus/text/describe_result.hpp>
#include <gradus/text/text.hpp>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"

namespace {

using gradus::Chain;
using support::allocations;

const auto every_kind = [] {
  return Chain{gradus::ClipNorm{0.5}, gradus::L2{1e-2}, gradus::LAMB{}, gradus::WeightDecay{},
               gradus::Ema{0.9}};
};
using Lists = std::vector<std::vector<float>>;

}  // namespace

TEST_CASE("Allocations are counted", "[allocations]") {
  CHECK(allocations([] { std::vector<int> v(100); }) == 1);
  struct alignas(128) Wide {
    double x[16];
  };
  Wide* volatile wide = nullptr;  // volatile, or the compiler may remove the allocation
  CHECK(allocations([&] { wide = new Wide; }) == 1);
  delete wide;
}

TEST_CASE("An optimizer allocates once, when it is made, and once for each copy", "[allocations]") {
  Lists params{std::vector<float>(3000), {}, std::vector<float>(7, 1.0F)};
  long made = 0;
  const long all = allocations([&] {
    gradus::Optimizer opt{gradus::Constant<>{0.1}, every_kind(), params};
    made = allocations([&] { auto copy = opt; });
    made += allocations([&] { auto moved = std::move(opt); });
  });
  CHECK(made == 1);
  CHECK(all == 2);
}

TEST_CASE("A step does not allocate", "[allocations]") {
  Lists params{std::vector<float>(100'000), {}, std::vector<float>(7, 1.0F)}, grads = params;
  const Lists others = grads;
  const auto backwards = [](std::size_t n, const auto& f) {
    for (std::size_t i = n; i-- > 0;) f(i);
  };
  for (const auto policy : {gradus::NonFinite::propagate, gradus::NonFinite::skip}) {
    gradus::Optimizer opt{gradus::Cosine<>{.start = 0.1, .steps = 10}, every_kind(), params,
                          policy};
    CHECK(allocations([&] {
            opt.step(params, grads);
            opt.step(params, others);  // other addresses, so that the step checks for overlap
            opt.step(params, grads, {.scale = 0.5, .factor = 0.5}, backwards);
          }) == 0);
    grads[2][3] = support::nan<float>();
    CHECK(allocations([&] { opt.step(params, grads); }) == 0);
    grads[2][3] = 0;
  }
}

TEST_CASE("A step of groups does not allocate, nor does freezing", "[allocations]") {
  Lists params{std::vector<float>(1000), std::vector<float>(7, 1.0F)}, grads = params;
  const Lists others = grads;
  std::vector<double> p(100), g(100);
  const auto of = [](auto& x) {
    return gradus::Optimizer{gradus::Constant<>{0.1}, gradus::NAdam{}, x, gradus::NonFinite::skip};
  };
  gradus::Groups groups{gradus::ClipNorm{0.5}, of(params), of(p)};
  gradus::GroupList<decltype(of(params[0]))> list{gradus::ClipNorm{0.5}};
  for (auto& x : params) list.add(of(x));
  auto copy = groups;
  auto copied_list = list;
  CHECK(allocations([&] {
          for (auto* const each : {&groups, &copy}) {
            each->step(std::tie(params, p), std::tie(grads, g));
            each->step(std::tie(params, p), std::tie(others, g));
            each->freeze(0);
            each->step(std::tie(params, p), std::tie(others, g));
          }
          for (auto* const each : {&list, &copied_list}) {
            each->step(params, grads);
            each->step(params, others);
            each->freeze(1);
            each->step(params, grads);
          }
          list.remove(0);
        }) == 0);
}

TEST_CASE("Accumulating and climbing allocate once, when they are made", "[allocations]") {
  Lists params{std::vector<float>(100'000), {}, std::vector<float>(7, 1.0F)}, grads = params;
  gradus::Optimizer opt{gradus::Constant<>{0.1}, every_kind(), params, gradus::NonFinite::skip};
  CHECK(allocations([&] { const gradus::Accumulator acc{params}; }) == 1);
  CHECK(allocations([&] { const gradus::SAM sam{params}; }) == 1);
  gradus::Accumulator acc{params, gradus::Reduction::mean, gradus::NonFinite::skip};
  gradus::SAM sam{params};
  gradus::LossScale scale;
  CHECK(allocations([&] {
          acc.add(grads);
          acc.add(grads, 3);
          scale.update(acc.step(opt, params, scale.options()));
          sam.climb(params, grads);
          sam.step(opt, params, grads);
        }) == 0);
}

TEST_CASE("An update and a schedule do not allocate", "[allocations]") {
  std::vector<double> p(1000), g(1000), m(1000), v(1000);
  double mu = 1;
  CHECK(allocations([&] {
          const gradus::NAdam rule;
          gradus::update(rule, {0, 0.1}, p, g, m, v, std::span(&mu, 1));
        }) == 0);
  double sum = 0;
  CHECK(allocations([&] {
          const gradus::Warmup schedule{
              .steps = 10, .schedule = gradus::Cosine<>{.start = 0.1, .end = 0.01, .steps = 100}};
          const gradus::Cyclical<> cyclical{.low = 0.1, .high = 1};
          for (gradus::step_t t = 0; t < 200; ++t) sum += schedule(t) + cyclical(t);
        }) == 0);
  CHECK(sum > 0);
}

TEST_CASE("Looking at a schedule does not allocate", "[allocations]") {
  const gradus::Warmup schedule{
      .steps = 10, .schedule = gradus::Cosine<>{.start = 0.1, .end = 0.01, .steps = 100}};
  const gradus::io::AnySchedule any = schedule;
  std::vector<double> rates(50);
  std::vector<gradus::step_t> places(5);
  std::size_t letters = 0;
  CHECK(allocations([&] {
          gradus::preview(any, 100, rates);
          const gradus::Summary summary = gradus::summarize(any, 100, places);
          const gradus::Difference difference = gradus::difference(any, schedule, 100);
          letters = gradus::io::describe(schedule).text().size() +
                    gradus::io::describe(any).text().size() +
                    gradus::io::describe(summary).text().size() +
                    gradus::io::describe(difference).text().size();
        }) == 0);
  CHECK(letters > 100);
}

TEST_CASE("A schedule from text allocates when it is read, not when it is evaluated",
          "[allocations]") {
  const auto schedule = gradus::io::parse(
      "warmup(9) then 2 * points([0: 1, 50: 0.5]) for 90 then noise(table([1, 0.5]), 0.1)");
  const gradus::io::AnySchedule none;
  double sum = 0;
  CHECK(allocations([&] {
          for (gradus::step_t t = 0; t < 200; ++t) sum += schedule(t) + none(t);
          sum += schedule.check() ? 1 : static_cast<double>(schedule.length().steps());
        }) == 0);
  CHECK(sum > 0);
}
