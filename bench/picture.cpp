// Draws the pictures of tools/bench.
//   gradus_bench_picture lines TITLE X Y < rows > picture.svg   lines on logarithmic axes
//   gradus_bench_picture dots  TITLE X   < rows > picture.svg   a panel for each group, in it a dot
//                                                               for each label
// Rows are separated by tabs: the name of the line, x, y and the error of y; or, after a row with
// all labels, the group, the label, the colour's name, x and the error of x. Names that begin with
// gradus are emphasised.
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <gradus/plot/svg.hpp>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace io = gradus::io;

// The element that has this name; it is added if there is none.
template <class T>
T& named(std::vector<T>& list, const std::string& wanted, std::string T::* name) {
  for (T& one : list)
    if (one.*name == wanted) return one;
  list.emplace_back().*name = wanted;
  return list.back();
}

io::Series& series(io::Panel& panel, const std::string& name) {
  io::Series& r = named(panel.series, name, &io::Series::name);
  r.strong = name.starts_with("gradus");
  return r;
}

std::vector<std::vector<std::string>> rows(std::istream& in) {
  std::vector<std::vector<std::string>> r;
  for (std::string line, cell; std::getline(in, line);) {
    std::istringstream cells(line);
    r.emplace_back();
    while (std::getline(cells, cell, '\t')) r.back().push_back(cell);
  }
  return r;
}

io::Chart lines(char** argv) {
  io::Chart chart{argv[2], {argv[3], true}, {argv[4], true}, {{}}, 1, 560, 400};
  for (const auto& row : rows(std::cin))
    series(chart.panels[0], row.at(0))
        .points.push_back({std::stod(row.at(1)), std::stod(row.at(2)), std::stod(row.at(3))});
  return chart;
}

io::Chart dots(char** argv) {
  io::Chart chart{argv[2], {argv[3], true}, {}, {}, 4, 150, 242};
  double most = 1;
  const auto all = rows(std::cin);
  const std::vector<std::string>& labels = chart.y.labels = all.at(0);
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto& row = all[i];
    io::Series& s = series(named(chart.panels, row.at(0), &io::Panel::title), row.at(2));
    s.dots = true;
    const auto label = std::find(labels.begin(), labels.end(), row.at(1));
    const double x = std::stod(row.at(3));
    s.points.push_back({x, static_cast<double>(label - labels.begin()), std::stod(row.at(4))});
    most = std::max(most, x);
  }
  chart.x.low = 0.8;  // the limit is at 1
  chart.x.high = 1.2 * most;
  return chart;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string kind = argc > 1 ? argv[1] : "";
  const bool known = (kind == "lines" && argc == 5) || (kind == "dots" && argc == 4);
  if (known) {
    const io::Chart chart = kind == "lines" ? lines(argv) : dots(argv);
    return std::cout << io::svg(chart) << std::flush ? 0 : 1;
  }
  std::fprintf(stderr, "usage: %s lines TITLE X Y | dots TITLE X  < rows > picture.svg\n", argv[0]);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
  return 1;
}
