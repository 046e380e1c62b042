#include <gradus/tune/progress_bar.hpp>

#include "support/catch.hpp"

using gradus::tune::Outcome;
using gradus::tune::detail::ProgressBar;

TEST_CASE("The progress bar's line", "[tune][search]") {
  ProgressBar p("digits", 200, false);
  CHECK(p.line(0) == "digits [..............................] 0 %");
  p.advance(50, true, {0.123456789, ""});  // known: takes no time
  CHECK(p.line(1) == "digits [#######.......................] 25 %  best 0.12346");
  p.advance(50, false, {0, "failed"});
  CHECK(p.line(10) == "digits [###############...............] 50 %  best 0.12346  20 s left");
  p.advance(100, false, {-2, ""});
  CHECK(p.line(20) == "digits [##############################] 100 %  best -2");
  CHECK(ProgressBar("x", 0, false).line(0) == "x [##############################] 100 %");
}
