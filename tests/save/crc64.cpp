#include <gradus/save/crc64.hpp>

#include <string>
#include <string_view>

#include "support/catch.hpp"

using gradus::io::Crc64;

TEST_CASE("Crc64 is CRC-64/XZ", "[io]") {
  CHECK(Crc64().value() == 0);
  CHECK(Crc64().add("123456789").value() == 0x995dc9bbdf1939faU);  // the catalogued check value
  const auto digits = Crc64().add("123456789").digits();
  CHECK(std::string_view(digits.data(), digits.size()) == "995dc9bbdf1939fa");
}

TEST_CASE("Crc64 does not depend on how the bytes are cut", "[io]") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += static_cast<char>(i * 37);
  const std::uint64_t whole = Crc64().add(text).value();
  for (std::size_t i = 0; i <= text.size(); ++i)
    for (std::size_t j = i; j <= text.size(); j += 7)
      CHECK(Crc64().add(text.substr(0, i)).add(text.substr(i, j - i)).add(text.substr(j)).value() ==
            whole);
}

TEST_CASE("Crc64 sees every bit", "[io]") {
  std::string text(64, 'x');
  const std::uint64_t whole = Crc64().add(text).value();
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    CHECK(Crc64().add(other).value() != whole);
  }
}
