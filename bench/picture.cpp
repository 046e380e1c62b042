// Draws curves on logarithmic axes: tools/bench's picture.
//   gradus_bench_picture TITLE X Y < rows > picture.svg      rows: x, y and a curve's name, by tabs
#include <cstdio>
#include <gradus/io/svg.hpp>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s TITLE X Y < rows > picture.svg\n", argv[0]);
    return 2;
  }
  namespace io = gradus::io;
  io::Chart chart{argv[1], {argv[2], true}, {argv[3], true}, {{}}, 1, 640, 400};
  auto& curves = chart.panels[0].series;
  io::Point point;
  for (std::string name;
       std::cin >> point.x >> point.y && std::getline(std::cin >> std::ws, name);) {
    if (curves.empty() || curves.back().name != name) curves.push_back({name});
    curves.back().points.push_back(point);
  }
  if (!std::cin.eof() || !(std::cout << io::svg(chart) << std::flush)) {
    std::fprintf(stderr, "%s: a row is bad, or the picture cannot be written\n", argv[0]);
    return 1;
  }
}
