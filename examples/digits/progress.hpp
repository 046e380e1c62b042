// A progress bar on a terminal; nothing elsewhere.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <utility>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace digits {

inline bool is_terminal(std::FILE* stream) {
#if __has_include(<unistd.h>)
  return isatty(fileno(stream)) != 0;
#else
  static_cast<void>(stream);
  return false;
#endif
}

class Progress {
 public:
  Progress(std::string what, std::size_t total)
      : what_(std::move(what)), total_(total), shown_(is_terminal(stderr)) {
    show();
  }
  ~Progress() {
    if (shown_) put(fmt::format("\r{:70}\r", ""));
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance() {
    ++done_;
    if (done_ * 100 / total_ != (done_ - 1) * 100 / total_) show();
  }

 private:
  void show() const {
    if (!shown_) return;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    const double left = spent.count() / static_cast<double>(done_ == 0 ? 1 : done_) *
                        static_cast<double>(total_ - done_);
    std::string bar = fmt::format("\r{} [{:.<30}] {:3} %", what_,
                                  std::string(done_ * 30 / total_, '#'), done_ * 100 / total_);
    if (done_ != 0) bar += fmt::format("  {:.0f} s left  ", left);
    put(bar);
  }
  static void put(const std::string& text) {  // a terminal that is gone is no reason to stop
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

  std::string what_;
  std::size_t total_, done_ = 0;
  bool shown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace digits
