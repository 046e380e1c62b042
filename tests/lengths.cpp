// Every length of every schedule, when it is not given, wrapped round, 0 or endless.
#include <gradus/gradus.hpp>
#include <gradus/text/text.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/every_schedule.hpp"
#include "support/schedule_conformance.hpp"

using namespace gradus;  // NOLINT: all schedules
using conformance::refusal;
using io::AnySchedule;
using io::Field;
using support::eight;

namespace {

/// One length of a schedule: a field, a boundary or the position of a point.
struct Case {
  std::string name;
  Length& length;
  std::map<std::string_view, Length*> all;         ///< its other lengths, too
  std::function<AnySchedule()> now;                ///< the schedule as it is
  std::function<void(const AnySchedule&)> around;  ///< another schedule inside, if there is one
  std::string said() const { return refusal(now()); }
};

/// All lengths of all schedules, with valid values.
void each_length(const std::function<void(Case)>& f) {
  const auto one = [&f]<class S>(S s) {
    if constexpr (io::detail::form_of<S> <= io::detail::Form::prefix ||
                  std::same_as<S, For<AnySchedule>>) {
      const auto now = [&s] { return AnySchedule(s); };
      const auto around = [&s](const AnySchedule& inner) {
        static_cast<void>(s), static_cast<void>(inner);
        if constexpr (requires { s.schedule = inner; }) s.schedule = inner;
      };
      std::map<std::string_view, Length*> all;
      io::each_field(s, [&](const Field& field, auto& value) {
        if constexpr (std::same_as<decltype(value), Length&>) all[field.name] = &value;
      });
      REQUIRE(refusal(now()) == "");
      io::each_field(s, [&](const Field& field, auto& value) {
        using V = std::remove_cvref_t<decltype(value)>;
        const S before = s;
        const std::string name = std::string(S::name) + "." + std::string(field.name);
        if constexpr (std::same_as<V, Length>) f({name, value, all, now, around});
        if constexpr (std::same_as<V, std::vector<Length>>) f({name, value[0], all, now, around});
        if constexpr (std::same_as<V, std::vector<Point<>>>)
          f({name + ".at", value[0].at, all, now, around});
        s = before;
      });
    }
  };
  support::for_every_schedule(one);
}

// The lengths that have a default.
const std::map<std::string, Length> defaults = {
    {"InverseTime.every", 1},    {"ExponentialDecay.every", 1},
    {"Noise.every", 1},          {"Repeat.times", 0},
    {"CosineRestarts.limit", 0}, {"Cyclical.up", 2000},
    {"Cyclical.down", 0},        {"Noam.size", 512},
    {"Noam.warmup", 4000},
};

struct Known {  // a schedule that knows its length
  Length own;
  double operator()(step_t t) const { return static_cast<double>(t); }
  Length length() const { return own; }
};

// Schedules without a length compile without a warning, in constant expressions as well, and are
// refused.
constexpr Constant<> one{1};
static_assert(Cosine<>{.start = 1e-3}.check() && Cosine<>{1e-3, 1'000}.check());
static_assert(Cosine<float>{.start = 1e-3F, .end = 0}.check());
static_assert(CosineRestarts<>{.start = 1}.check() && Geometric<>{.start = 1, .end = 0.5}.check());
static_assert(InverseSqrt<>{.start = 1}.check() && Linear<>{.start = 1}.check());
static_assert(OneCycle<>{.peak = 1}.check() && Polynomial<>{.start = 1}.check());
static_assert(Ramp<>{.start = 1}.check() && Rex<>{.start = 1}.check());
static_assert(Sigmoid<>{.start = 1, .slope = 1}.check() && StepDecay<>{.start = 1}.check());
static_assert(Tanh<>{.start = 1}.check() && MultiStep<2>{.start = 1}.check());
static_assert(PiecewiseConstant<2>{.start = 1}.check() && Points<2>{.power = 2}.check());
static_assert(For<Constant<>>{.schedule = one}.check());
static_assert(PerEpoch<Constant<>>{.schedule = one}.check());
static_assert(Warmup<Constant<>>{.schedule = one}.check());
static_assert(Repeat<Constant<>>{.schedule = one}.check());
static_assert(Reverse<Constant<>>{.schedule = one}.check());
static_assert(Shift<Constant<>>{.schedule = one}.check());
static_assert(Stretch<Constant<>>{.schedule = one}.check());
static_assert(!InverseTime<>{.start = 1, .decay = 1}.check() && !Noam<>{}.check());
static_assert(!ExponentialDecay<>{.start = 1, .factor = 0.5}.check());
static_assert(!Cyclical<>{.low = 0, .high = 1}.check());
static_assert(!Noise<Constant<>>{.schedule = one}.check());

}  // namespace

TEST_CASE("A length that a schedule needs and was not given is refused by its name", "[length]") {
  int cases = 0, of_others = 0;
  std::set<std::string> seen;
  each_length([&](const Case& c) {
    const auto& [name, length, all, now, around] = c;
    CAPTURE(name);
    seen.insert(name);
    if (const auto usual = defaults.find(name); usual != defaults.end())
      CHECK(length == usual->second);
    length = {};
    if (name == "Repeat.steps" || name == "Reverse.steps") {  // the schedule's own
      CHECK(c.said() == "");
      around(Constant<>{1});
      ++of_others;
    }
    const std::string sentence = "gradus::" + name + " must be given";
    CHECK(c.said() == sentence);
    ++cases;
  });
  for (const auto& [name, length] : defaults) CHECK(seen.count(name) == 1);
  CHECK(cases >= 33);
  CHECK(of_others == 2);
}

TEST_CASE("A length is not given by default, but for those that are listed", "[length]") {
  int needed = 0;
  const auto look = [&]<class S>(const S&) {
    if constexpr (io::detail::form_of<S> <= io::detail::Form::prefix ||
                  std::same_as<S, For<AnySchedule>>) {
      const S s{};
      io::each_field(s, [&](const Field& field, const auto& value) {
        if constexpr (std::same_as<decltype(value), const Length&>) {
          const std::string name = std::string(S::name) + "." + std::string(field.name);
          CAPTURE(name);
          const auto usual = defaults.find(name);
          CHECK(value == (usual != defaults.end() ? usual->second : Length{}));
          needed += usual == defaults.end() ? 1 : 0;
        }
      });
    }
  };
  support::for_every_schedule(look);
  CHECK(needed >= 21);
  CHECK_FALSE(Point<>{}.at.is_given());
  CHECK(refusal(MultiStep<2>{.start = 1, .boundaries = {5}}) ==
        "gradus::MultiStep.boundaries must be given");
}

TEST_CASE("A length that has wrapped round is refused as the negative one that was meant",
          "[length]") {
  int cases = 0;
  each_length([&](const Case& c) {
    const auto& [name, length, all, now, around] = c;
    CAPTURE(name);
    if (name == "Shift.by") return;  // below
    const unsigned total = 100, warm = 101;
    const std::size_t sizes = total;
    for (const Length wrapped : {Length(total - warm), Length(sizes - warm), Length(-1)}) {
      length = wrapped;
      const std::string sentence = c.said();
      CAPTURE(sentence);
      CHECK(sentence.starts_with("gradus::" + name + " must be >"));
      CHECK(sentence.ends_with(" (got -1)"));
      ++cases;
    }
  });
  CHECK(cases >= 3 * 32);
}

TEST_CASE("Shift by the negative of an unsigned number is right", "[length]") {
  const unsigned burn = 101;
  const std::size_t size = burn;
  const Known own{1'000};
  for (const Shift<Known>& s : {Shift{own, -burn}, Shift{own, -size}, Shift{own, -101}}) {
    CHECK(s(5) == 106);
    CHECK(s.length() == Length(899));
  }
  CHECK(Shift{own, 0U - (1U << 20)}(5) == 5 + (1U << 20));
  CHECK(Shift{own, std::uint64_t{4'294'967'295}}(step_t{1} << 32) == 1);  // 64 bits: as given
  CHECK(refusal(Shift{own, std::numeric_limits<std::int64_t>::min()}) ==
        "gradus::Shift.by must be above -2^63 + 2 (got -9.22337204e+18)");
}

TEST_CASE("A length of 0 is refused where it has no meaning, and nowhere else", "[length]") {
  const std::set<std::string> meant = {
      "CosineRestarts.limit", "Cyclical.down",  "Noam.warmup",
      "Points.points.at",     "Sigmoid.middle", "For.steps",
      "Repeat.times",         "Reverse.steps",  "Shift.by",
      "Warmup.steps",
  };
  int cases = 0, taken = 0;
  each_length([&](const Case& c) {
    const auto& [name, length, all, now, around] = c;
    CAPTURE(name);
    length = 0;
    ++cases;
    if (meant.count(name) != 0) {
      CHECK(c.said() == "");
      ++taken;
    } else {
      const std::string sentence = c.said();
      CAPTURE(sentence);
      CHECK(sentence.starts_with("gradus::" + name + " must be > 0"));
      CHECK(sentence.ends_with(" (got 0)"));
    }
  });
  CHECK(cases >= 33);
  CHECK(taken == 10);
}

TEST_CASE("A schedule of 0 steps is skipped by its sequence, and refused alone", "[length]") {
  int cases = 0;
  each_length([&](const Case& c) {
    const auto& [name, length, all, now, around] = c;
    if (!name.ends_with(".steps") || name == "PerEpoch.steps") return;
    CAPTURE(name);
    length = 0;
    if (name == "CosineRestarts.steps") *all.at("limit") = 2;
    if (name == "Warmup.steps") around(For{0, eight});
    if (name == "Repeat.steps") *all.at("times") = 2;
    const AnySchedule none = now(), two = For<Constant<>>{3, {2}};
    CHECK(none.length() == Length(0));
    CHECK(none.takes_no_steps());
    for (const AnySchedule& with :
         {AnySchedule(Sequence{none, two}), AnySchedule(Sequence{two, none}),
          AnySchedule(Sequence{none, none, two}), AnySchedule(Sequence{two, none, none}),
          AnySchedule(Sequence{none, two, none})}) {
      CHECK(refusal(with) == "");
      CHECK(with.length() == Length(3));
      for (const step_t t : {step_t{0}, step_t{2}, step_t{3}, ~step_t{0}}) CHECK(with(t) == 2);
      ++cases;
    }
    const bool is_leaf = none.size() == 1;
    CHECK((refusal(none) == "") == !is_leaf);
    CHECK(refusal(Sequence{none}) == refusal(none));
    CHECK(refusal(Sequence{none, none}) == refusal(none));
    CHECK(refusal(Sequence{two, Warmup<AnySchedule>{4, none}}) == refusal(none));
  });
  CHECK(cases >= 5 * 14);
}

TEST_CASE("A sequence is the one of its pieces that have steps", "[length]") {
  int cases = 0;
  for (int count = 1; count <= 5; ++count)
    for (int mask = 0; mask < (1 << count); ++mask) {
      CAPTURE(count, mask);
      std::vector<double> rates;  // the expected rate of each step
      AnySchedule all, kept;
      for (int i = count; i-- > 0;) {
        const bool has_steps = (mask >> i & 1) != 0;
        const AnySchedule piece = For<Linear<>>{has_steps ? i + 1 : 0, {1.0 + i, 0, 100}};
        all = i == count - 1 ? piece : AnySchedule(Sequence{piece, all});
        if (has_steps) kept = kept.size() == 0 ? piece : AnySchedule(Sequence{piece, kept});
      }
      CHECK(refusal(all) == "");
      CHECK(all.length() == (mask == 0 ? Length(0) : kept.length()));
      for (step_t t = 0; t < 40; ++t) CHECK(all(t) == (mask == 0 ? count : kept(t)));
      ++cases;
    }
  CHECK(cases == 62);
  const Cosine<> none{1, 0, 0}, ten{1, 0, 10};
  CHECK(Sequence{none, ten, none}(5) == 0.5);
  CHECK(Sequence{ten, none, Constant<>{7}}(10) == 7);
  // A piece that is skipped may be invalid. A piece whose length was not given is never skipped.
  CHECK(refusal(Sequence{Cosine<>{-1, 0, 0}, ten}) == "");
  CHECK(refusal(Sequence{ten, For{0, Cosine<>{-1}}, ten}) == "");
  CHECK(refusal(Sequence{PerEpoch{0, ten}, ten}) == "gradus::PerEpoch.steps must be > 0 (got 0)");
  CHECK(refusal(Sequence{Shift<Cosine<>>{ten}, ten}) == "gradus::Shift.by must be given");
  CHECK(refusal(Sequence{CosineRestarts<>{.start = 1, .limit = 3}, ten}) ==
        "gradus::CosineRestarts.steps must be given");
  CHECK(refusal(Sequence{product(none, Cosine<>{1}), ten}) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
}

TEST_CASE("A warmup of no steps is its schedule", "[length]") {
  const Cosine<> cosine{1, 0.1, 97};
  for (const std::optional<double> from :
       {std::optional<double>(), std::optional(0.0), std::optional(0.5)})
    for (const Curve curve : {Curve::linear, Curve::cosine, Curve::root, Curve::power}) {
      const Warmup s{0, cosine, from, curve};
      CHECK(refusal(s) == "");
      CHECK(s.length() == Length(97));
      for (const step_t t : conformance::many_points(97)) CHECK(s(t) == cosine(t));
    }
  const Noam<> none{512, 0};
  for (const step_t t : {0U, 1U, 4'000U, 1'000'000U})
    CHECK(none(t) == Approx(1 / std::sqrt(512 * (static_cast<double>(t) + 1))).epsilon(1e-15));
}

TEST_CASE("flat_then_cosine and warmup_stable_decay without one of their phases", "[length]") {
  const Cosine<> cosine{0.1, 1e-3, 50};
  for (step_t t = 0; t < 200; ++t) {
    CHECK(flat_then_cosine(0.1, 0, 50, 1e-3)(t) == cosine(t));
    CHECK(flat_then_cosine(0.1, 50, 0, 1e-3)(t) == 0.1);
  }
  CHECK(refusal(flat_then_cosine(0.1, 0, 0)) == "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(refusal(warmup_stable_decay(1, 5, 0, 0)) == "gradus::Ramp.steps must be > 0 (got 0)");
  CHECK(refusal(flat_then_cosine(0.1, 5, {})) == "gradus::Cosine.steps must be given");
  CHECK(refusal(flat_then_cosine(0.1, {}, 5)) == "gradus::For.steps must be given");
  for (const step_t warmup : {0U, 4U})
    for (const step_t stable : {0U, 6U})
      for (const step_t decay : {0U, 10U}) {
        if (stable + decay == 0) continue;
        CAPTURE(warmup, stable, decay);
        const auto s = warmup_stable_decay(1, warmup, stable, decay);
        CHECK(refusal(s) == "");
        CHECK(s.length() == Length(warmup + stable + decay));
        const Linear<> down{1, 0, decay};
        for (step_t t = 0; t < 40; ++t) {
          const step_t falls = warmup + stable;
          CHECK(s(t) == (t < warmup                ? static_cast<double>(t + 1) / 4
                         : t < falls || decay == 0 ? 1
                                                   : down(t - falls)));
        }
      }
}

TEST_CASE("The length of a combinator, whatever that of its schedule is", "[length]") {
  const Length none, endless = Length::endless();
  int cases = 0;
  const auto says = [&](const char* what, const auto& make, std::vector<Length> expected) {
    CAPTURE(what);
    const Length own[] = {none, endless, -7, 0, 5};
    REQUIRE(expected.size() == std::size(own));
    for (std::size_t i = 0; i < expected.size(); ++i, ++cases) {
      CAPTURE(i);
      CHECK(length_of(make(Known{own[i]})).value == expected[i].value);
    }
  };
  says("Clamp", [](Known s) { return Clamp{s, 0, 1}; }, {none, endless, -7, 0, 5});
  says("For", [](Known s) { return For{4, s}; }, {4, 4, 4, 4, 4});
  says("Noise", [](Known s) { return Noise{s, 0.1}; }, {none, endless, -7, 0, 5});
  says("PerEpoch", [](Known s) { return PerEpoch{3, s}; }, {none, endless, -7, 0, 15});
  says("PerEpoch of 0", [](Known s) { return PerEpoch{0, s}; }, {none, none, none, none, none});
  says("product", [&](Known s) { return product(one, s); }, {none, endless, -7, 0, 5});
  says("product", [&](Known s) { return product(s, Known{3}); }, {none, 3, -7, 3, 5});
  says("Repeat", [](Known s) { return Repeat<Known>{s, {}, 2}; }, {none, endless, -7, 0, 10});
  says("Repeat", [](Known s) { return Repeat{s}; }, {none, endless, -7, endless, endless});
  says("Reverse", [](Known s) { return Reverse{s}; }, {none, endless, -7, 0, 5});
  says("Reverse", [](Known s) { return Reverse{s, 0}; }, {0, 0, 0, 0, 0});
  says("rounded", [](Known s) { return rounded(s); }, {none, endless, -7, 0, 5});
  says("Sequence", [](Known s) { return Sequence{Known{2}, s}; }, {none, endless, -7, 2, 7});
  says("Shift", [](Known s) { return Shift{s, 2}; }, {none, endless, -7, 2, 7});
  says("Shift", [](Known s) { return Shift{s, -2}; }, {none, endless, -7, 0, 3});
  says("Shift", [](Known s) { return Shift{s, -9}; }, {none, endless, -7, 0, 0});
  says("Shift", [](Known s) { return Shift<Known>{s}; }, {none, none, none, none, none});
  says("Stretch", [](Known s) { return Stretch{s, 1, 3}; }, {none, endless, -7, 0, 15});
  says("Stretch", [](Known s) { return Stretch{s, 0, 3}; }, {none, none, none, none, none});
  says("Warmup", [](Known s) { return Warmup{2, s}; }, {none, endless, -7, 2, 7});
  says("Warmup", [](Known s) { return Warmup<Known>{{}, s}; }, {none, none, none, none, none});
  CHECK(cases == 21 * 5);
  CHECK(length_of(CosineRestarts<>{.start = 1, .steps = 10}) == endless);
  CHECK(length_of(CosineRestarts<>{.start = 1, .limit = 3}) == none);
  CHECK(length_of(Polynomial<>{.start = 1, .steps = 10, .cycle = true}) == endless);
  CHECK(length_of(Polynomial<>{.start = 1, .cycle = true}) == none);
}
