// optional header
// A progress bar on a terminal, and lines in its place elsewhere.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include <gradus/config/compiler.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/save/file.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/tune/outcome.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune { namespace detail {

/// Shows on the standard error how much is done, how long the rest may take, and the best loss so
/// far: a bar if it is a terminal, else a line from time to time. Several threads may advance it.
class ProgressBar {
 public:
  /// `total` is in any unit of work. `every` is the number of seconds between two lines, infinite
  /// for no lines.
  ProgressBar(std::string what, double total, bool shown,
              double every = math::positive_infinity<double>())
      : what_(std::move(what)),
        total_(total),
        every_(every),
        terminal_(shown && io::detail::is_terminal(stderr)),
        lines_(shown && !terminal_ && math::is_finite(every)) {
    if (terminal_) put(io::detail::concat({clear, line(0)}));
  }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (terminal_) put(clear);
  }

  void advance(double work = 1) { advance(work, false, {0, "no loss"}); }
  /// The same with the outcome of a training. If it was `known` before, it took no time.
  void advance(double work, bool known, const Outcome& outcome) {
    const std::lock_guard lock(mutex_);
    done_ += work;
    if (known) known_ += work;
    if (outcome && (!best_ || outcome.loss < *best_)) best_ = outcome.loss;
    const double spent = io::detail::seconds() - start_;
    const bool due = spent - last_ >= (terminal_ ? 0.1 : every_);
    if (!(terminal_ && (due || done_ >= total_)) && !(lines_ && due)) return;
    last_ = spent;
    put(terminal_ ? io::detail::concat({clear, line(spent)})
                  : io::detail::concat({what_, ": ", number(done_), " of ", number(total_),
                                        left(spent, ", "), "\n"}));
  }
  /// The bar after so many seconds.
  GRADUS_NOINLINE std::string line(double spent) const {
    const double share = done_ < total_ ? done_ / total_ : 1.0;
    std::string marks(static_cast<std::size_t>(share * 30), '#');
    marks.resize(30, '.');
    std::string best;
    if (best_)
      best = io::detail::concat(
          {"  best ", io::detail::written(*best_, std::chars_format::general, 5)});
    return io::detail::concat({what_, " [", marks, "] ",
                               io::detail::Digits(static_cast<int>(share * 100)), " %", best,
                               left(spent, "  ")});
  }

 private:
  static constexpr const char* clear = "\r\x1b[K";

  /// The time that the rest takes, if that can be told.
  GRADUS_NOINLINE std::string left(double spent, const char* before) const {
    if (done_ <= known_ || done_ >= total_) return {};
    const double rest = spent / (done_ - known_) * (total_ - done_);
    return io::detail::concat(
        {before, io::detail::written(rest, std::chars_format::fixed, 0), " s left"});
  }
  GRADUS_NOINLINE static std::string number(double x) {
    return io::detail::written(x, std::chars_format::general, 15);
  }
  static void put(const std::string& text) {  // errors are ignored: a closed terminal stops no work
    std::fputs(text.c_str(), stderr);
    std::fflush(stderr);
  }

  std::string what_;
  double total_, done_ = 0, known_ = 0, every_, last_ = 0;
  std::optional<double> best_{};
  bool terminal_, lines_;
  double start_ = io::detail::seconds();
  std::mutex mutex_{};
};

}}}}  // namespace gradus::GRADUS_ABI::tune::detail
