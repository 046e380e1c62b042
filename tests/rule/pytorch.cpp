// The rules that PyTorch has, beside recorded runs of it.

#include <set>
#include <string>

#include "support/reference_data.hpp"

namespace {

std::set<std::string> configs(const support::Draws& draws) {
  std::set<std::string> r;
  for (const support::Line& line : support::read_lines(draws)) r.insert(line.config);
  return r;
}
std::set<std::string> both(std::set<std::string> a, const std::set<std::string>& b) {
  a.insert(b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("Every configuration of the reference files is compared", "[rule][reference]") {
  std::set<std::string> known;
  for (const std::string_view name : support::compared) known.emplace(name);
  CHECK(known.size() == std::size(support::compared));
  CHECK(configs(support::coarse) == configs(support::fine));
  CHECK(both(configs(support::coarse), configs(support::formulas)) == known);
}

TEST_CASE("The generator makes the numbers of the reference files", "[rule][reference]") {
  for (const support::Draws& draws : {support::coarse, support::fine}) {
    // The first step of plain SGD tells parameters and gradients apart to the last bit.
    const support::Problem<double> problem(draws);
    for (const support::Line& line : support::read_lines(draws))
      if (line.config == "sgd" && line.type == "double" && line.step == 1)
        for (std::size_t i = 0; i < support::reference_count; ++i) {
          const gradus::math::ieee step = 0.01 * gradus::math::ieee(problem.grads[0][i]);
          CHECK(static_cast<double>(problem.params[i] - step) == line.p[i]);
        }
  }
}
