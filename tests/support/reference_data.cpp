#include "support/reference_data.hpp"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

namespace support {

const std::vector<Line>& read_lines(const Draws& draws) {
  static std::map<std::string, std::vector<Line>> read;
  std::vector<Line>& r = read[draws.file];
  if (!r.empty()) return r;
  std::ifstream file(std::string(GRADUS_TEST_DATA "/") + draws.file);
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream words(text);
    Line line;
    words >> line.config >> line.type >> line.step;
    for (double& x : line.p) {
      std::string word;  // hexadecimal, which streams cannot read
      words >> word;
      x = std::strtod(word.c_str(), nullptr);
    }
    REQUIRE(words);
    r.push_back(line);
  }
  REQUIRE_FALSE(r.empty());
  return r;
}

template <class T>
void replay(const Draws& draws, const char* config, const AnyRule<T>& rule, const RateOf& rate,
            const std::function<void(const std::vector<T>&, const Line&)>& compare) {
  default_environment();
  REQUIRE(std::count(std::begin(compared), std::end(compared), config) == 1);
  const char* const type = std::same_as<T, float> ? "float" : "double";
  const Problem<T> problem(draws);
  for (const Isa isa : paths()) {
    const OnPath on(isa);
    AnyRun<T> run(rule, problem.params);
    std::size_t reported = 0;
    for (gradus::step_t t = 0; t < reference_steps; ++t) {
      run.step(rule, {t, rate(t)}, problem.grads[t]);
      for (const Line& line : read_lines(draws))
        if (line.step == t + 1 && line.config == config && line.type == type) {
          CAPTURE(draws.file, config, type, line.step, gradus::simd::name(isa));
          compare(run.p, line);
          ++reported;
        }
    }
    CHECK(reported == reported_steps);
  }
}

template <class T>
void same_as_pytorch_in(const char* config, const AnyRule<T>& rule, const RateOf& rate) {
  for (const Draws& draws : {coarse, fine})
    replay<T>(draws, config, rule, rate, [](const std::vector<T>& p, const Line& line) {
      for (std::size_t i = 0; i < reference_count; ++i) {
        CAPTURE(i, p[i], line.p[i]);
        CHECK(to_bits(p[i]) == to_bits(static_cast<T>(line.p[i])));
      }
    });
}

template <class T>
void close_to(const Draws& draws, const char* config, const AnyRule<T>& rule, double rate,
              double tolerance) {
  replay<T>(
      draws, config, rule, [rate](gradus::step_t) { return rate; },
      [tolerance](const std::vector<T>& p, const Line& line) {
        double largest = 0, error = 0;
        for (std::size_t i = 0; i < reference_count; ++i) {
          largest = std::max(largest, std::fabs(line.p[i]));
          error = std::max(error, std::fabs(static_cast<double>(p[i]) - line.p[i]));
        }
        CHECK(error <= tolerance * largest);
      });
}

#define GRADUS_INSTANTIATE(T)                                                           \
  template void replay(const Draws&, const char*, const AnyRule<T>&, const RateOf&,     \
                       const std::function<void(const std::vector<T>&, const Line&)>&); \
  template void same_as_pytorch_in(const char*, const AnyRule<T>&, const RateOf&);      \
  template void close_to(const Draws&, const char*, const AnyRule<T>&, double, double);
GRADUS_INSTANTIATE(float)
GRADUS_INSTANTIATE(double)

}  // namespace support
