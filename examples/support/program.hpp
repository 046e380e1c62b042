// What the programs behind tools/ share: how they end, and where their output goes.
#pragma once

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "files.hpp"

namespace support {

// Reads the options, and returns the result of f(). An error becomes one sentence on the standard
// error, and the result 1.
template <class F>
int run(CLI::App& app, int argc, char** argv, const F& f) {
  try {
    app.parse(argc, argv);
    return f();
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", app.get_name(), error.what());
    return 1;
  }
}

// Refuses an output that has been lost, as on a full disk.
inline void flush_output() {
  if (std::fflush(stdout) != 0) throw std::runtime_error("standard output: cannot be written");
}

// Prints a page, or writes it to a file.
inline void show_page(const std::string& page, const std::string& file) {
  if (file.empty()) {
    fmt::print("{}", page);
    flush_output();
  } else {
    Files files;
    files.add(file, page);
    files.commit();
  }
}

}  // namespace support
