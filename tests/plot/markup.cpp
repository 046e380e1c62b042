#include <gradus/plot/markup.hpp>

#include <string>

#include "support/catch.hpp"

namespace detail = gradus::io::detail;
using detail::escaped;

TEST_CASE("Text is XML whatever its bytes", "[io]") {
  const std::string unknown = "\xef\xbf\xbd";  // U+FFFD
  CHECK(escaped("a <b> & \"c\"") == "a &lt;b&gt; &amp; &quot;c&quot;");
  CHECK(escaped("\xce\xb2 \xe2\x82\xac \xf0\x9f\x8e\xb2") ==
        "\xce\xb2 \xe2\x82\xac \xf0\x9f\x8e\xb2");
  CHECK(escaped(std::string("a\0b", 3)) == "a" + unknown + "b");
  CHECK(escaped("\x1b") == unknown);
  for (const char* bad : {"\x80", "\xbf", "\xff", "\xc0\x80", "\xe2\x82", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xef\xbf\xbe", "\xf8\x88\x80\x80\x80"}) {
    const std::string text = escaped(bad);
    CHECK(text.substr(0, 3) == unknown);
    CHECK(escaped(text) == text);
  }
}

TEST_CASE("Coordinates are short", "[io]") {
  CHECK(detail::number(1.005) == "1");
  CHECK(detail::number(0.126) == "0.13");
  CHECK(detail::number(-0.001) == "0");
  CHECK(detail::number(-12.5) == "-12.5");
  CHECK(detail::number(100) == "100");
  CHECK(detail::pair(1, 2.5, "M") == "M1 2.5");
}

TEST_CASE("Nothing is drawn for nothing", "[io]") {
  CHECK(detail::text(0, 0, "", "").empty());
  CHECK(detail::path("s0", "").empty());
}
