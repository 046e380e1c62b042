#include <gradus/text/text.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/schedule_conformance.hpp"

using conformance::Random;
using gradus::Length;
using gradus::Point;
using gradus::step_t;
using gradus::io::AnySchedule;
using gradus::io::parse;
using gradus::io::to_string;
using gradus::io::try_parse;

namespace {

using Types = gradus::io::Schedules<AnySchedule>;
constexpr std::size_t type_count = std::tuple_size_v<Types>;

AnySchedule draw(Random& random, std::size_t type, int depth);

// A random value for any field, mostly a valid one.
void draw_value(Random& random, double& x, int) {
  const std::uint64_t kind = random.below(8);
  x = kind == 0 ? 0 : kind == 1 ? 1 : kind == 2 ? random.rate() : random.fraction();
}
void draw_value(Random& random, Length& x, int) {
  x = random.below(8) == 0 ? random.length() : random.below(1'000);
}
void draw_value(Random& random, std::uint64_t& x, int) { x = random.step(); }
void draw_value(Random& random, int& x, int) { x = static_cast<int>(random.below(5)); }
void draw_value(Random& random, bool& x, int) { x = random.below(2) == 0; }
void draw_value(Random& random, AnySchedule& x, int depth) {
  x = draw(random, random.below(depth > 0 ? type_count : 4), depth - 1);
}
void draw_value(Random& random, Point<>& x, int depth) {
  draw_value(random, x.at, depth);
  draw_value(random, x.value, depth);
}
template <class E>
  requires std::is_enum_v<E>
void draw_value(Random& random, E& x, int) {
  x = static_cast<E>(random.below(gradus::io::choices<E>.size()));
}
template <class V>
void draw_value(Random& random, std::optional<V>& x, int depth) {
  if (random.below(2) == 0) draw_value(random, x.emplace(), depth);
}
template <class V>
void draw_value(Random& random, std::vector<V>& x, int depth) {
  std::int64_t least = 0;
  for (std::uint64_t i = random.below(5); i > 0; --i) {
    V& v = x.emplace_back();
    draw_value(random, v, depth);
    if constexpr (std::is_same_v<V, Length>) v = least += 1 + v.value % 100;
    if constexpr (std::is_same_v<V, Point<>>) v.at = least += 1 + v.at.value % 100;
  }
}
template <class A, class B>
void draw_value(Random& random, std::tuple<A, B>& x, int depth) {
  draw_value(random, std::get<0>(x), depth);
  draw_value(random, std::get<1>(x), depth);
}

template <class S>
S blank() {
  if constexpr (std::is_default_constructible_v<S>) {
    return {};
  } else {
    return S(AnySchedule(), AnySchedule());
  }
}

AnySchedule draw(Random& random, std::size_t type, int depth) {
  std::optional<AnySchedule> r;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&]<class S>(std::type_identity<S>) {
      for (S s = blank<S>(); !r; s = blank<S>()) {
        gradus::io::each_field(s, [&](const auto& field, auto& value) {
          using Kind = gradus::io::Field::Kind;
          if (field.kind != Kind::has_default || random.below(2) == 0)
            draw_value(random, value, depth);
        });
        r = s;
        if (r->check()) r.reset();
      }
    };
    ((I == type ? one(std::type_identity<std::tuple_element_t<I, Types>>()) : void()), ...);
  }(std::make_index_sequence<type_count>());
  return *r;
}

void round_trips(const AnySchedule& s) {
  const std::string text = to_string(s);
  CAPTURE(text);
  const auto [again, error] = try_parse(text);
  REQUIRE(error.sentence.empty());
  CHECK(again == s);
  CHECK(to_string(again) == text);
  for (const step_t t : {step_t{0}, step_t{1}, step_t{57}, step_t{1'000'000}, ~step_t{0}})
    CHECK(conformance::bits(again(t)) == conformance::bits(s(t)));
}

}  // namespace

TEST_CASE("Every schedule is written so that it is read back", "[io]") {
  Random random;
  for (std::size_t type = 0; type < type_count; ++type)
    for (int i = 0; i < 100; ++i) round_trips(draw(random, type, i % 4));
}

TEST_CASE("A text that is garbled is refused, or a schedule", "[io]") {
  Random random;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 200; ++i)
    texts.push_back(to_string(draw(random, i % type_count, static_cast<int>(i) % 4)));
  constexpr std::string_view bytes =
      "()[],=:+*-#._ \n\t0123456789eEthenforwarmupcosine\xc3\xa9\x00\xff<;'\"";
  std::size_t taken = 0, refused = 0;
  for (int i = 0; i < GRADUS_TEST_DRAWS; ++i) {
    std::string text = texts[random.below(texts.size())];
    for (std::uint64_t edits = 1 + random.below(3); edits > 0; --edits) {
      const std::size_t at = random.below(text.size() + 1), length = random.below(8);
      const std::string& other = texts[random.below(texts.size())];
      switch (random.below(5)) {
        case 0: text.erase(at, length); break;
        case 1: text.insert(at, 1, bytes[random.below(bytes.size())]); break;
        case 2: text.insert(at, other, random.below(other.size()), length); break;
        case 3: text.insert(at, text.substr(random.below(text.size() + 1), length)); break;
        default: text.resize(at); break;
      }
      if (text.empty()) text = "1";
    }
    const auto [schedule, error] = try_parse(text);
    if (!error) {
      ++taken;
      CAPTURE(text);
      CHECK_FALSE(schedule.check());
      round_trips(schedule);
      continue;
    }
    ++refused;
    if (error.column == 0 || error.line == 0 || error.sentence.empty() || schedule.size() != 0)
      FAIL(text);
  }
  CHECK(taken > GRADUS_TEST_DRAWS / 100);
  CHECK(refused > GRADUS_TEST_DRAWS / 2);
}
