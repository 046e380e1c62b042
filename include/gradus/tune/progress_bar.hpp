// optional header
// A progress bar on a terminal.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

#include <gradus/plot/scale.hpp>
#include <gradus/save/file.hpp>
#include <gradus/tune/outcome.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune { namespace detail {

/// A line on the standard error that says how much is done, how long the rest may take, and the
/// best so far; nothing where that is no terminal.
class ProgressBar {
 public:
  /// `total` in any unit of work.
  ProgressBar(std::string what, double total, bool shown)
      : what_(std::move(what)), total_(total), shown_(shown && io::detail::is_terminal(stderr)) {
    show();
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (shown_) put("\r\x1b[K");
  }

  /// So much more is done; what was `known` took no time.
  void advance(double work, bool known, const Outcome& outcome) {
    done_ += work;
    if (known) known_ += work;
    if (outcome && (!best_ || outcome.loss < *best_)) best_ = outcome.loss;
    const auto now = std::chrono::steady_clock::now();
    if (done_ < total_ && now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    show();
  }
  /// The line after so many seconds.
  std::string line(double seconds) const {
    const double share = total_ > 0 ? std::clamp(done_ / total_, 0.0, 1.0) : 1.0;
    const auto marks = static_cast<std::size_t>(share * 30);
    std::string r = what_ + " [" + std::string(marks, '#') + std::string(30 - marks, '.') + "] " +
                    std::to_string(static_cast<int>(share * 100)) + " %";
    if (best_) r += "  best " + io::detail::written(*best_, std::chars_format::general, 5);
    if (done_ > known_ && done_ < total_)
      r += "  " +
           io::detail::written(seconds / (done_ - known_) * (total_ - done_),
                               std::chars_format::fixed, 0) +
           " s left";
    return r;
  }

 private:
  void show() const {
    if (!shown_) return;
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    put("\r\x1b[K" + line(spent.count()));
  }
  static void put(const std::string& text) {  // a terminal that is gone is no reason to stop
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

  std::string what_;
  double total_, done_ = 0, known_ = 0;
  std::optional<double> best_{};
  bool shown_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_{};
};

}}}}  // namespace gradus::GRADUS_ABI::tune::detail
