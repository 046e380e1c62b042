// Draws the pictures of tools/bench: curves on logarithmic axes or, without a title for y, a line
// of dots for each name that the rows have in place of y.
//   gradus_bench_picture TITLE X [Y] < rows > picture.svg   rows: x, y and the name of a curve,
// separated by tabs
#include <cstddef>
#include <cstdio>
#include <exception>
#include <gradus/plot/svg.hpp>
#include <iostream>
#include <string>
#include <vector>

namespace {

namespace io = gradus::io;

// The index of the element with this name, which is added if there is none.
template <class T, class Name>
std::size_t find(std::vector<T>& list, const std::string& wanted, Name name) {
  std::size_t at = 0;
  while (at < list.size() && name(list[at]) != wanted) ++at;
  if (at == list.size()) list.push_back(T{wanted});
  return at;
}

int draw(int argc, char** argv) {
  const bool dots = argc == 3;
  io::Chart chart{argv[1], {argv[2], true}, {}, {{}}, 1, 640, 400};
  if (!dots) chart.y = {argv[3], true};
  auto& curves = chart.panels[0].series;
  auto& labels = chart.y.labels;
  for (std::string x, y, name; std::getline(std::cin, x, '\t') && std::getline(std::cin, y, '\t') &&
                               std::getline(std::cin, name);) {
    io::Series& curve = curves[find(curves, name, [](const io::Series& s) { return s.name; })];
    curve.dots = dots;
    double place = 0;
    if (dots) {
      place = static_cast<double>(find(labels, y, [](const std::string& s) { return s; }));
    } else {
      place = std::stod(y);
    }
    curve.points.push_back({std::stod(x), place});
  }
  return std::cout << io::svg(chart) << std::flush ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 3 || argc == 4) return draw(argc, argv);
  std::fprintf(stderr, "usage: %s TITLE X [Y] < rows > picture.svg\n", argv[0]);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
