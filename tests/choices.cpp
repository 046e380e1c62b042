// Every type with an enumeration among its fields refuses a number that is not one of the
// enumerators, and the sentence names them all. A schedule with such a number that is not checked
// can be evaluated without undefined behaviour.
#include <gradus/gradus.hpp>
#include <gradus/text/describe.hpp>
#include <gradus/text/text.hpp>

#include <array>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/error_of.hpp"

using namespace gradus;

namespace {

constexpr int no_names[] = {99, -1, 5};

using support::error_of;

std::string sentence(const std::string& field, const std::string& names, int got) {
  return "gradus::" + field + " must be " + names + " (got " + std::to_string(got) + ")";
}
/// The `check()` of a schedule, rule or feedback refuses the number.
template <class X>
void refuses(const X& x, const std::string& field, const std::string& names, int got) {
  CHECK(error_of([&] { refuse_if(fault_of<double>(x)); }) == sentence(field, names, got));
  if constexpr (Schedule<X>)
    for (const step_t t : {0U, 1U, 5U, 100U}) CHECK(math::is_finite(static_cast<double>(x(t))));
}

/// A rule whose slot has an invalid start.
struct Odd {
  constexpr std::array<Slot, 1> slots() const { return {{{"v", 0, Slot::From{99}}}}; }
  template <class T>
  struct Kernel {
    template <class V>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, 1>&) const {
      return g;
    }
  };
  template <Real T>
  constexpr Kernel<T> prepare(const Context&) const {
    return {};
  }
};

}  // namespace

TEST_CASE("Past of no name is refused", "[choices]") {
  const std::string names = "hold, mirror or repeat";
  for (const int no : no_names) {
    const Past past{no};
    refuses(Cosine<>{1, 0, 9, past}, "Cosine.past", names, no);
    refuses(Geometric<>{1, 0.5, 9, past}, "Geometric.past", names, no);
    refuses(Linear<>{1, 0, 9, past}, "Linear.past", names, no);
    refuses(Polynomial<>{.start = 1, .steps = 9, .past = past}, "Polynomial.past", names, no);
    refuses(Ramp<>{.start = 1, .steps = 9, .past = past}, "Ramp.past", names, no);
    refuses(Rex<>{1, 0, 9, past}, "Rex.past", names, no);
    refuses(Table<std::array<double, 2>>{{1, 2}, past}, "Table.past", names, no);
    refuses(Tanh<>{.start = 1, .steps = 9, .past = past}, "Tanh.past", names, no);
  }
}

TEST_CASE("Curve of no name is refused", "[choices]") {
  const std::string names = "linear, cosine, root, power or geometric";
  for (const int no : no_names) {
    const Curve curve{no};
    refuses(Ramp<>{.start = 1, .steps = 9, .curve = curve}, "Ramp.curve", names, no);
    refuses(Points<2>{{{0, 1}, {9, 2}}, curve}, "Points.curve", names, no);
    refuses(Warmup<Constant<>>{9, Constant<>{1}, {}, curve}, "Warmup.curve", names, no);
    refuses(warmup_stable_decay(1, 3, 3, 3, 0, curve), "Ramp.curve", names, no);
    refuses(OneCycle<>{.peak = 1, .steps = 9, .curve = curve}, "OneCycle.curve", "cosine or linear",
            no);
  }
}

TEST_CASE("Boundary of no name is refused", "[choices]") {
  const std::string names = "before, at or after";
  for (const int no : no_names) {
    const Boundary boundary{no};
    refuses(MultiStep<1>{1, {5}, 0.1, boundary}, "MultiStep.boundary", names, no);
    refuses(PiecewiseConstant<1>{1, {{5, 2}}, boundary}, "PiecewiseConstant.boundary", names, no);
    refuses(OneCycle<>{.peak = 1, .steps = 9, .boundary = boundary}, "OneCycle.boundary", names,
            no);
  }
}

TEST_CASE("Cycle and Spread of no name are refused", "[choices]") {
  for (const int no : no_names) {
    refuses(Cyclical<>{.low = 0, .high = 1, .up = 5, .shape = Cycle{no}}, "Cyclical.shape",
            "triangular, triangular2 or exp_range", no);
    refuses(Noise<Constant<>>{.schedule = {1}, .amount = 0.5, .spread = Spread{no}}, "Noise.spread",
            "uniform, normal or power", no);
  }
}

TEST_CASE("Eps of no name is refused", "[choices]") {
  for (const int no : no_names) {
    const auto refuses_eps = [no](auto rule) {
      rule.eps_place = Eps{no};
      refuses(rule, std::string(rule.name) + ".eps_place", "outside, hat or inside", no);
    };
    refuses_eps(Adagrad{});
    refuses_eps(Adam{});
    refuses_eps(Adamax{});
    refuses_eps(AdamW{});
    refuses_eps(AMSGrad{});
    refuses_eps(CenteredRMSprop{});
    refuses_eps(CenteredRMSpropMomentum{});
    refuses_eps(NAdam{});
    refuses_eps(RAdam{});
    refuses_eps(RMSprop{});
    refuses_eps(RMSpropMomentum{});
  }
}

TEST_CASE("Ema::Begin of no name is refused", "[choices]") {
  for (const int no : no_names)
    refuses(Ema{.begin = Ema::Begin{no}}, "Ema.begin",
            "construction, first_step, debiased or warmup", no);
}

TEST_CASE("NonFinite of no name is refused", "[choices]") {
  const std::string names = "propagate, skip or raise";
  std::vector<float> p(3);
  for (const int no : no_names) {
    const NonFinite policy{no};
    CHECK(error_of([&] { Optimizer(Constant{1}, SGD{}, 3, policy); }) ==
          sentence("Optimizer.non_finite", names, no));
    CHECK(error_of([&] { Optimizer(Constant{1}, SGD{}, p, policy); }) ==
          sentence("Optimizer.non_finite", names, no));
    CHECK(error_of([&] { Accumulator(p, Reduction::mean, policy); }) ==
          sentence("Accumulator.non_finite", names, no));
    CHECK(error_of([&] { SAM(p, {}, policy); }) == sentence("SAM.non_finite", names, no));
  }
}

TEST_CASE("Reduction of no name is refused", "[choices]") {
  const std::vector<float> p(3);
  for (const int no : no_names)
    CHECK(error_of([&] { Accumulator(p, Reduction{no}); }) ==
          sentence("Accumulator.reduction", "mean or sum", no));
}

TEST_CASE("Goal, Margin and Counting of no name are refused at a metric", "[choices]") {
  for (const int no : no_names) {
    const auto refuses_all = [no](auto feedback) {
      const std::string name = feedback.name;
      auto wrong = feedback;
      wrong.goal = Goal{no};
      CHECK(error_of([&] { wrong(1.0); }) == sentence(name + ".goal", "min or max", no));
      if constexpr (requires { feedback.margin; }) {
        wrong = feedback;
        wrong.margin = Margin{no};
        CHECK(error_of([&] { wrong(1.0); }) ==
              sentence(name + ".margin", "relative or absolute", no));
      }
    };
    refuses_all(Plateau{});
    refuses_all(GreedyRate{});
    refuses_all(SlopePlateau<20>{});
    Plateau plateau{.counting = Counting{no}};
    CHECK(error_of([&] { plateau(1.0); }) == sentence("Plateau.counting", "pytorch or keras", no));
  }
}

TEST_CASE("Slot::From of no name is refused", "[choices]") {
  CHECK(error_of([] { Optimizer(Constant{1}, Odd{}, 3); }) ==
        "gradus::Optimizer.slots must start from constant or params (got slot 0)");
}

TEST_CASE("Isa of no name is refused", "[choices]") {
  for (const int no : no_names) {
    CHECK_FALSE(simd::supported(simd::Isa{no}));
    CHECK(error_of([&] { simd::use(simd::Isa{no}); }) ==
          "gradus::simd::use must be one of scalar, sse2, avx2, avx512, neon and run on this "
          "machine (got ?)");
  }
}

TEST_CASE("A choice of no name is written as a question mark", "[choices]") {
  CHECK(io::to_string(io::AnySchedule(Linear<>{1, 0, 9, Past(99)})).find('?') != std::string::npos);
  CHECK(std::string(io::describe(Linear<>{1, 0, 9, Past(99)}).text()).find('?') !=
        std::string::npos);
}
