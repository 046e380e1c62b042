// How far something is: a bar on a terminal, a line a minute elsewhere, as into a pipe.
#pragma once

#include <fmt/core.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <mutex>
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

// `advance` may be called from several threads.
class Progress {
 public:
  Progress(std::string what, std::size_t total)
      : what_(std::move(what)), total_(total), terminal_(is_terminal(stderr)) {
    if (const char* seconds = std::getenv("GRADUS_PROGRESS_SECONDS"))  // as the tools have it
      every_ = Seconds(std::strtod(seconds, nullptr));
    if (terminal_) show(Seconds(0));
  }
  ~Progress() {
    if (terminal_) put(fmt::format("\r{:78}\r", ""));
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance() {
    const std::lock_guard lock(mutex_);
    ++done_;
    const Seconds spent = Clock::now() - start_;
    const bool percent = done_ * 100 / total_ != (done_ - 1) * 100 / total_;
    if (terminal_ ? percent : spent - shown_ >= every_) show(spent);
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Seconds = std::chrono::duration<double>;

  void show(Seconds spent) {
    shown_ = spent;
    const double left = spent.count() / static_cast<double>(done_ == 0 ? 1 : done_) *
                        static_cast<double>(total_ - done_);
    const std::string rest = done_ == 0 ? "" : fmt::format("{:.0f} s left", left);
    if (terminal_)
      put(fmt::format("\r{} [{:.<30}] {:3} %  {:14}", what_, std::string(done_ * 30 / total_, '#'),
                      done_ * 100 / total_, rest));
    else
      put(fmt::format("{}: {} of {}, {}\n", what_, done_, total_, rest));
  }
  static void put(const std::string& text) {  // a terminal that is gone is no reason to stop
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

  std::string what_;
  std::size_t total_, done_ = 0;
  bool terminal_;
  Seconds every_{60}, shown_{0};
  Clock::time_point start_ = Clock::now();
  std::mutex mutex_;
};

}  // namespace digits
