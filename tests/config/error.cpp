#include <gradus/config/refuse.hpp>

#include <exception>
#include <string>
#include <type_traits>

#include "support/catch.hpp"

using gradus::Error;

static_assert(std::is_base_of_v<std::exception, Error>);
static_assert(std::is_nothrow_copy_constructible_v<Error>);
static_assert(std::is_nothrow_copy_assignable_v<Error>);

TEST_CASE("An Error is caught as a std::exception, and may be empty", "[error]") {
  CHECK_THROWS_AS(gradus::refuse("a sentence"), std::exception);
  CHECK_THROWS_WITH(gradus::refuse(""), "");
}

TEST_CASE("An Error cuts a sentence of more than 1,000 characters", "[error]") {
  const std::string longest(1000, 'x');
  CHECK(Error(longest.c_str()).what() == longest);
  const std::string cut = Error((longest + "y").c_str()).what();
  CHECK(cut == std::string(997, 'x').append("..."));
}

TEST_CASE("An Error is not cut inside a character of UTF-8", "[error]") {
  for (const std::string character : {"\u00e9", "\u20ac", "\U0001f600"})
    for (std::size_t before = 990; before <= 1000; ++before) {
      const std::string start(before, 'x');
      const std::string cut = Error((start + character + std::string(20, 'y')).c_str()).what();
      const bool whole = before + character.size() <= 997;
      CAPTURE(character, before);
      CHECK(cut.size() <= 1000);
      CHECK(cut == (whole ? start + character + std::string(997 - before - character.size(), 'y')
                          : start.substr(0, 997)) +
                       "...");
    }
}

TEST_CASE("An Error takes bytes that are no UTF-8", "[error]") {
  CHECK(Error(std::string(2000, '\x80').c_str()).what() == std::string("..."));
}

TEST_CASE("A copy of an Error has its sentence, and changes with it no more", "[error]") {
  Error first("first");
  const Error copy = first;
  first = Error("another");
  CHECK(copy.what() == std::string("first"));
  CHECK(first.what() == std::string("another"));
  const Error& itself = first;
  first = itself;
  CHECK(first.what() == std::string("another"));
}
