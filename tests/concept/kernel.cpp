#include <gradus/gradus.hpp>

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

using gradus::Context;
using gradus::Fault;
using gradus::step_t;

// ---- Schedules
// ------------------------------------------------------------------------------------

struct Uncopyable {
  Uncopyable() = default;
  Uncopyable(const Uncopyable&) = delete;
  double operator()(step_t) const { return 0; }
};
struct MoveOnly {
  std::unique_ptr<double> rate;
  double operator()(step_t) const { return *rate; }
};
struct NotConst {
  double operator()(step_t t) { return last = static_cast<double>(t); }
  double last = 0;
};
struct TextRate {
  std::string operator()(step_t) const { return "0.1"; }
};
struct WholeRate {
  int operator()(step_t) const { return 1; }
};
struct NarrowStep {
  double operator()(int t) const { return t; }
};
struct NoRate {
  void operator()(step_t) const {}
};

constexpr auto plain = [](step_t) { return 0.1; };
[[maybe_unused]] const auto capturing = [k = 0.5](step_t t) { return k * static_cast<double>(t); };
[[maybe_unused]] const auto keeps_count = [n = 0](step_t) mutable { return 0.1 * ++n; };
[[maybe_unused]] const auto takes_text = [](const std::string&) { return 0.1; };

static_assert(gradus::Schedule<gradus::Constant<>> && gradus::Schedule<gradus::Constant<float>>);
static_assert(gradus::Schedule<gradus::Cosine<>> && gradus::Schedule<gradus::Cosine<float>>);
static_assert(gradus::Schedule<gradus::StepDecay<>> && gradus::Schedule<gradus::StepDecay<float>>);
static_assert(gradus::Schedule<gradus::Exponential<>> && gradus::Schedule<gradus::InverseTime<>>);
static_assert(gradus::Schedule<gradus::Cyclical<>> && gradus::Schedule<gradus::Cyclical<float>>);
static_assert(gradus::Schedule<gradus::Warmup<gradus::Cosine<>>>);
static_assert(gradus::Schedule<
              gradus::Sequence<gradus::For<gradus::Constant<>>, gradus::PerEpoch<NarrowStep>>>);
static_assert(gradus::Schedule<decltype(plain)> && gradus::Schedule<decltype(capturing)>);
static_assert(gradus::Schedule<double (*)(step_t)> &&
              gradus::Schedule<std::function<double(step_t)>>);
static_assert(gradus::Schedule<WholeRate> && gradus::Schedule<NarrowStep>);

static_assert(!gradus::Schedule<int> && !gradus::Schedule<double> && !gradus::Schedule<void>);
static_assert(!gradus::Schedule<std::vector<double>> && !gradus::Schedule<std::string>);
static_assert(!gradus::Schedule<Uncopyable> && !gradus::Schedule<MoveOnly>);
static_assert(!gradus::Schedule<NotConst> && !gradus::Schedule<decltype(keeps_count)>);
static_assert(!gradus::Schedule<TextRate> && !gradus::Schedule<NoRate>);
static_assert(!gradus::Schedule<decltype(takes_text)> && !gradus::Schedule<double (*)()>);
static_assert(!gradus::Schedule<gradus::SGD> && !gradus::Schedule<gradus::Seq>);

static_assert(gradus::HasCheck<gradus::Constant<>> && gradus::HasCheck<gradus::Warmup<NarrowStep>>);
static_assert(!gradus::HasCheck<NarrowStep> && !gradus::HasCheck<decltype(plain)>);

template <class T>
concept MakesCosine = requires { typename gradus::Cosine<T>; };
static_assert(MakesCosine<double> && MakesCosine<float>);
static_assert(!MakesCosine<long double> && !MakesCosine<int> && !MakesCosine<const double>);

// ---- Rules
// ----------------------------------------------------------------------------------------

// The smallest rule there is, and rules that each have one part more.
struct Plain {
  template <class T>
  struct Kernel {
    T rate;
    template <class V, std::size_t N>
    GRADUS_KERNEL V operator()(const V&, const V& g, std::array<V, N>&) const {
      return rate * g;
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate)};
  }
};
struct WithSlots : Plain {
  constexpr std::array<gradus::Slot, 3> slots() const { return {}; }
};
struct WithScalars : Plain {
  constexpr std::array<gradus::Scalar, 2> scalars() const { return {}; }
  template <class T>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 2>) const {
    return {static_cast<T>(c.rate)};
  }
};
struct WithSpanScalars : Plain {
  constexpr std::array<gradus::Scalar, 1> span_scalars() const { return {}; }
};
struct Measuring {
  template <class T, class M>
  constexpr Plain::Kernel<T> prepare(const Context& c, const M&) const {
    return {static_cast<T>(c.rate)};
  }
};
struct MeasuringWithScalars : WithScalars {
  template <class T, class M>
  constexpr Kernel<T> prepare(const Context& c, std::span<double, 2>, const M&) const {
    return {static_cast<T>(c.rate)};
  }
};
struct Varying : Plain {
  constexpr Plain at(step_t) const { return {}; }
};
struct Checked : Plain {
  constexpr Fault check() const { return {"Checked", "field", "must be better", 1}; }
};
struct CheckedFor : Plain {
  template <class T>
  constexpr Fault check() const {
    return sizeof(T) == 4 ? Fault{"CheckedFor", "field", "must be a float's", 4} : Fault{};
  }
};
struct ForSpan {
  template <class T>
  struct Kernel : Plain::Kernel<T> {
    template <class M>
    constexpr Kernel for_span(std::span<double>, const M&) const {
      return *this;
    }
  };
  template <class T>
  constexpr Kernel<T> prepare(const Context& c) const {
    return {{static_cast<T>(c.rate)}};
  }
};
struct FloatOnly {
  template <std::same_as<float> T>
  constexpr Plain::Kernel<T> prepare(const Context& c) const {
    return {static_cast<T>(c.rate)};
  }
};

template <class R>
constexpr bool is_rule = gradus::Rule<R> && gradus::Rule<R, float> && gradus::Rule<R, double>;
static_assert(is_rule<Plain> && is_rule<WithSlots> && is_rule<WithScalars> &&
              is_rule<WithSpanScalars>);
static_assert(is_rule<Measuring> && is_rule<MeasuringWithScalars> && is_rule<Varying>);
static_assert(is_rule<Checked> && is_rule<CheckedFor> && is_rule<ForSpan>);
static_assert(gradus::Rule<FloatOnly, float> && !gradus::Rule<FloatOnly, double>);
static_assert(is_rule<gradus::SGD> && is_rule<gradus::Momentum> && is_rule<gradus::Nesterov>);
static_assert(is_rule<gradus::Adagrad> && is_rule<gradus::RMSprop> && is_rule<gradus::Adam>);
static_assert(is_rule<gradus::AdamW> && is_rule<gradus::NAdam> && is_rule<gradus::LAMB>);
static_assert(is_rule<gradus::Chain<gradus::ClipNorm, gradus::Adam, gradus::WeightDecay>>);

struct NoPrepare {
  constexpr std::array<gradus::Slot, 1> slots() const { return {}; }
};
struct PreparesFromRate {
  template <class T>
  constexpr Plain::Kernel<T> prepare(double rate) const {
    return {static_cast<T>(rate)};
  }
};
struct PrepareNotConst {
  template <class T>
  constexpr Plain::Kernel<T> prepare(const Context& c) {
    return {static_cast<T>(c.rate)};
  }
};
struct NoTemplate {
  constexpr Plain::Kernel<float> prepare(const Context& c) const {
    return {static_cast<float>(c.rate)};
  }
};
struct WantsScalars {  // but says of none
  template <class T>
  constexpr Plain::Kernel<T> prepare(const Context& c, std::span<double, 2>) const {
    return {static_cast<T>(c.rate)};
  }
};
template <class K>
struct RuleOf {
  template <class T>
  constexpr K prepare(const Context&) const {
    return {};
  }
};
struct ReturnsNothing {
  template <class V, std::size_t N>
  void operator()(const V&, const V&, std::array<V, N>&) const {}
};
struct ReturnsNumber {
  template <class V, std::size_t N>
  float operator()(const V&, const V&, std::array<V, N>&) const {
    return 0;
  }
};
struct ReturnsReference {
  template <class V, std::size_t N>
  const V& operator()(const V&, const V& g, std::array<V, N>&) const {
    return g;
  }
};
struct TwoSlotsAlways {
  template <class V>
  V operator()(const V&, const V& g, std::array<V, 2>&) const {
    return g;
  }
};
struct ChangesItself {
  template <class V, std::size_t N>
  V operator()(const V&, const V& g, std::array<V, N>&) {
    return g;
  }
};
struct NakedFloats {
  float operator()(float, float g, std::array<float, 0>&) const { return g; }
};

template <class R>
constexpr bool is_no_rule = !gradus::Rule<R, float> && !gradus::Rule<R, double>;
static_assert(is_no_rule<NoPrepare> && is_no_rule<PreparesFromRate> && is_no_rule<PrepareNotConst>);
static_assert(is_no_rule<NoTemplate> && is_no_rule<WantsScalars>);
static_assert(is_no_rule<RuleOf<ReturnsNothing>> && is_no_rule<RuleOf<ReturnsNumber>>);
static_assert(is_no_rule<RuleOf<ReturnsReference>> && is_no_rule<RuleOf<TwoSlotsAlways>>);
static_assert(is_no_rule<RuleOf<ChangesItself>> && is_no_rule<RuleOf<NakedFloats>>);
static_assert(is_no_rule<int> && is_no_rule<gradus::Constant<>> && is_no_rule<decltype(plain)>);
static_assert(is_no_rule<std::vector<double>> && is_no_rule<std::array<float, 2>>);
static_assert(is_no_rule<gradus::ClipValue> && is_no_rule<gradus::L2> &&
              is_no_rule<gradus::WeightDecay>);

static_assert(gradus::HasPrepare<Plain, float> && !gradus::HasPrepare<NoPrepare, float>);
static_assert(gradus::PreparesPlainly<Plain, float> && !gradus::PreparesScalars<Plain, float>);
static_assert(gradus::PreparesScalars<WithScalars, float>);
static_assert(gradus::PreparesMeasured<Measuring, float>);
static_assert(!gradus::PreparesPlainly<Measuring, float>);
static_assert(gradus::PreparesScalarsMeasured<MeasuringWithScalars, float>);
static_assert(!gradus::PreparesScalarsMeasured<Measuring, float>);

static_assert(gradus::slot_count<Plain> == 0 && gradus::slot_count<WithSlots> == 3);
static_assert(gradus::scalar_count<Plain> == 0 && gradus::scalar_count<WithScalars> == 2);
static_assert(gradus::span_scalar_count<Plain> == 0 &&
              gradus::span_scalar_count<WithSpanScalars> == 1);
static_assert(!gradus::HasSlots<Plain> && !gradus::HasScalars<Plain> &&
              !gradus::HasSpanScalars<Plain>);
static_assert(!gradus::HasAt<Plain> && gradus::HasAt<Varying>);
static_assert(gradus::HasForSpan<gradus::kernel_t<ForSpan, float>>);
static_assert(!gradus::HasForSpan<gradus::kernel_t<Plain, float>>);
static_assert(std::same_as<decltype(gradus::rule_at(Varying{}, 0)), Plain>);
static_assert(
    std::same_as<decltype(gradus::rule_at(std::declval<const Plain&>(), 0)), const Plain&>);

static_assert(!gradus::fault_of<float>(Plain{}) && gradus::fault_of<float>(Checked{}));
static_assert(gradus::fault_of<float>(CheckedFor{}) && !gradus::fault_of<double>(CheckedFor{}));
static_assert(!gradus::fault_of<double>(plain));

// ---- Stages
// ---------------------------------------------------------------------------------------

static_assert(gradus::GradientStage<gradus::ClipValue> && gradus::GradientStage<gradus::L2>);
static_assert(gradus::GradientStage<gradus::ClipNorm, double>);
static_assert(gradus::StepStage<gradus::WeightDecay> && gradus::StepStage<gradus::Ema, double>);
static_assert(!gradus::StepStage<gradus::ClipValue> && !gradus::GradientStage<gradus::WeightDecay>);
static_assert(!gradus::GradientStage<gradus::SGD> && !gradus::StepStage<gradus::SGD>);
static_assert(!gradus::GradientStage<int> && !gradus::StepStage<std::vector<double>>);
static_assert(!gradus::GradientStage<NoPrepare> && !gradus::StepStage<NoPrepare>);

// ---- Execution
// ------------------------------------------------------------------------------------

struct RunsOne {
  void operator()(void (*f)(std::size_t)) const { f(0); }
};
struct RunsNotConst {
  template <class F>
  void operator()(std::size_t n, const F& f) {
    for (std::size_t i = 0; i < n; ++i) f(i);
  }
};
constexpr auto backwards = [](std::size_t n, const auto& f) {
  while (n-- > 0) f(n);
};

static_assert(gradus::Executor<gradus::Seq> && gradus::Executor<decltype(backwards)>);
// A sweep's task has something in it: a function that takes a function pointer will not do.
static_assert(!gradus::Executor<void (*)(std::size_t, void (*)(std::size_t))>);
static_assert(!gradus::Executor<int> && !gradus::Executor<gradus::SGD> &&
              !gradus::Executor<RunsOne>);
static_assert(!gradus::Executor<RunsNotConst> && !gradus::Executor<gradus::Constant<>>);

// ---- Spans
// ----------------------------------------------------------------------------------------

template <class X>
constexpr bool floats = gradus::SpanArgument<X, float>;
static_assert(floats<std::vector<float>&> && floats<std::array<float, 3>&> && floats<float (&)[3]>);
static_assert(floats<std::span<float>> && floats<std::vector<std::span<float>>&>);
static_assert(floats<std::array<std::vector<float>, 2>&>);
static_assert(!floats<const std::vector<float>&> && !floats<std::span<const float>>);
static_assert(!floats<std::vector<double>&> && !floats<std::vector<int>&> && !floats<float&>);
static_assert(!floats<float*> && !floats<int> && !floats<std::string&>);
static_assert(gradus::SpanArgument<const std::vector<float>&, const float>);
static_assert(!gradus::SpanArgument<const std::vector<double>&, const float>);

}  // namespace

TEST_CASE("What satisfies the concepts also runs", "[concepts]") {
  std::array<float, 2> params{1, 2};
  const std::array<float, 2> grads{4, 8};
  const auto runs = [&](const auto& schedule, const auto& rule) {
    params = {1, 2};
    gradus::Optimizer opt{schedule, rule, params};
    opt.step(params, grads, {}, backwards);
    return params == std::array<float, 2>{0, 0};
  };
  const auto quarter = [](step_t) { return 0.25; };
  double (*const pointer)(step_t) = quarter;
  const std::function<double(step_t)> function = quarter;
  CHECK(runs(quarter, Plain{}));
  CHECK(runs(pointer, WithSlots{}));
  CHECK(runs(function, WithScalars{}));
  CHECK(runs(quarter, WithSpanScalars{}));
  CHECK(runs(quarter, Measuring{}));
  CHECK(runs(quarter, MeasuringWithScalars{}));
  CHECK(runs(quarter, Varying{}));
  CHECK(runs(quarter, ForSpan{}));
  CHECK_FALSE(runs(WholeRate{}, FloatOnly{}));
  CHECK(params == std::array<float, 2>{-3, -6});
}
