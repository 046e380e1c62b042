// The schedulers of a system that is not run here: its formulas, written down in
// tests/coming_from/NAME.cpp as it computes them, and the gradus expressions that give the same
// rates, which the page docs/coming-from/NAME.md shows. Of one that was run,
// support/coming_from.hpp has the numbers.
#pragma once

#include <gradus/error/check.hpp>
#include <gradus/step/options.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "support/catch.hpp"
#include "support/coming_from.hpp"

namespace foreign {

inline constexpr double pi = 3.14159265358979323846;

/// `ours` gives the rates of `call`, which are `theirs`, at every step of [0, last], to `tolerance`
/// of the largest; and it is a schedule that gradus accepts.
template <class Ours, class Theirs>
void same(const char* call, const Ours& ours, const Theirs& theirs, int last,
          double tolerance = 1e-14) {
  CAPTURE(call);
  CHECK(!gradus::fault_of<double>(ours));
  double largest = 0, worst = 0;
  int where = 0;
  for (int t = 0; t <= last; ++t) {
    const double rate = theirs(t);
    const double distance = std::fabs(ours(static_cast<gradus::step_t>(t)) - rate);
    largest = std::max(largest, std::fabs(rate));
    if (distance <= worst) continue;  // NaN is no distance: it is the worst
    worst = distance;
    where = t;
    if (!(worst >= 0)) break;
  }
  CAPTURE(last, largest, where, worst);
  CHECK(largest > 0);
  CHECK(worst <= tolerance * largest);
}

/// The page shows what the test compares, as `same...("call", expression, ...)`: all of that, and
/// nothing else.
inline void check_page(const std::string& page, const std::string& test) {
  std::ifstream file(GRADUS_TEST_DATA "/../coming_from/" + test + ".cpp");
  std::string source = support::bare({std::istreambuf_iterator<char>(file), {}});
  for (std::size_t at; (at = source.find("\"\"")) != source.npos;)
    source.erase(at, 2);  // the seam of a literal of several lines
  std::set<std::string> shown, tested;
  for (const auto& [call, expression] : support::shown_on_page(page)) {
    CAPTURE(call, expression);
    CHECK(source.find("(\"" + call + "\"," + expression + ",") != source.npos);
    shown.insert(call);
  }
  const std::regex compared("same\\w*\\(\"([^\"]*)\",");
  for (std::sregex_iterator at(source.begin(), source.end(), compared), none; at != none; ++at)
    tested.insert((*at)[1]);
  CHECK(shown.size() > 0);
  CHECK(shown == tested);
}

}  // namespace foreign
