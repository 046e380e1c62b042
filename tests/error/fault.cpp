#include <gradus/error/fault.hpp>

#include <string>

#include "support/catch.hpp"

using gradus::Fault;

namespace {

static_assert(!Fault{});
static_assert(Fault{"Cosine", "steps", "must be > 0", 0});
static_assert(!std::is_convertible_v<Fault, bool>);  // explicit: it converts in conditions only
static_assert(Fault{} == Fault{});

// Equal characters at other addresses.
constexpr char cosine[] = "Cosine", steps[] = "steps", rule[] = "must be > 0";
static_assert(Fault{cosine, steps, rule, 0} == Fault{"Cosine", "steps", "must be > 0", 0});
static_assert(Fault{cosine, steps, rule, 0} != Fault{cosine, steps, rule, 1});
static_assert(Fault{cosine, steps, rule, 0} != Fault{cosine, rule, rule, 0});
static_assert(Fault{cosine, steps, rule, 0} != Fault{steps, steps, rule, 0});
static_assert(Fault{cosine, steps, rule, 0} != Fault{cosine, steps, steps, 0});
static_assert(Fault{cosine, steps, rule, 0} != Fault{});

std::string sentence(const Fault& fault) {
  try {
    gradus::refuse_if(fault);
  } catch (const gradus::Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("refuse_if throws one sentence, of type, field, rule and value", "[fault]") {
  CHECK(sentence({}) == "accepted");
  CHECK(sentence({"Cosine", "steps", "must be > 0", 0}) ==
        "gradus::Cosine.steps must be > 0 (got 0)");
  CHECK(sentence({"Adam", "beta1", "must be in [0, 1)", 0.1}) ==
        "gradus::Adam.beta1 must be in [0, 1) (got 0.1)");
  CHECK(sentence({"A", "b", "c", -1.5e-300}) == "gradus::A.b c (got -1.5e-300)");
  CHECK(sentence({"A", "b", "c", 123'456'789}) == "gradus::A.b c (got 123456789)");
}

TEST_CASE("refuse_if cuts a sentence that is too long, and writes no further", "[fault]") {
  const std::string name(1'000, 'x');
  const std::string cut = sentence({name.c_str(), "steps", "must be > 0", 0});
  CHECK(cut == "gradus::" + std::string(247, 'x'));
}

TEST_CASE("refuse throws the sentence that it is given", "[fault]") {
  CHECK_THROWS_AS(gradus::refuse("a sentence"), gradus::Error);
  CHECK_THROWS_WITH(gradus::refuse("a sentence"), "a sentence");
}
