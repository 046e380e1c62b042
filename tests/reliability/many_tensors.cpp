// Saves and loads of many tensors, and the processor's time that they take.
// usage: many_tensors N
#include <gradus/group_list.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/schedule/constant.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "support/folder.hpp"

namespace {

namespace io = gradus::io;

template <class F>
double seconds(const F& f) {
  const std::clock_t begin = std::clock();
  f();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

/// What it takes to save and load `x`, of which there are n.
template <class... X>
void measure(const char* what, std::size_t n, X&&... x) {
  const support::Folder folder;
  const std::string path = folder / "x";
  const double save = seconds([&] { io::save(path, x...); });
  const double load = seconds([&] { io::load(path, x...); });
  std::size_t tensors = 0;
  const double inspect = seconds([&] { tensors = io::inspect(path).tensors.size(); });
  std::printf(
      "%zu %s, %zu tensors, %zu bytes: saved in %.2f s, loaded in %.2f s, inspected in %.2f s of "
      "processor time",
      n, what, tensors, static_cast<std::size_t>(std::filesystem::file_size(path)), save, load,
      inspect);
}

}  // namespace

int main(int argc, char** argv) {
  const auto n = static_cast<std::size_t>(argc > 1 ? std::atol(argv[1]) : 1000);
  try {
    std::vector<float> p(4 * n, 1);
    std::vector<std::span<float>> spans;
    for (std::size_t i = 0; i < n; ++i) spans.push_back(std::span(p).subspan(4 * i, 4));
    gradus::GroupList<gradus::Optimizer<gradus::Constant<>, gradus::Adam>> list;
    for (std::size_t i = 0; i < n; ++i)
      list.add(gradus::Optimizer{gradus::Constant{0.1}, gradus::Adam{}, spans[i]});
    measure("optimizers", n, list);
    std::printf("; ");
    gradus::Optimizer one{gradus::Constant{0.1}, gradus::Adam{}, spans};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < n; ++i) names.push_back("layer " + std::to_string(i));
    measure("spans with names", n, io::named(names, one), io::named(names, spans));
    std::printf("\n");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "many_tensors: %s\n", error.what());
    return 1;
  }
  return 0;
}
