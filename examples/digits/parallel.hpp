// Independent work on several threads, with a progress bar.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <gradus/tune/in_parallel.hpp>
#include <gradus/tune/progress_bar.hpp>
#include <string>
#include <utility>

namespace digits {

// A bar on a terminal, and a line a minute elsewhere, for example in a pipe.
struct Progress : gradus::tune::detail::ProgressBar {
  Progress(std::string what, std::size_t total)
      : ProgressBar(std::move(what), static_cast<double>(total), true, seconds()) {}

 private:
  static double seconds() {
    const char* const set = std::getenv("GRADUS_PROGRESS_SECONDS");  // as for the tools
    return set == nullptr ? 60 : std::strtod(set, nullptr);
  }
};

// Calls work(i) for all i below count. The results must not depend on the order.
template <class F>
void in_parallel(const std::string& what, std::size_t count, std::size_t threads, const F& work) {
  Progress progress(what, count);
  gradus::tune::detail::in_parallel(count, threads, [&](std::size_t i) {
    work(i);
    progress.advance();
  });
}

}  // namespace digits
