// optional header: needs <unistd.h>
// Files on POSIX systems, to be read. Every call's result is looked at; what is interrupted or done
// in part goes on.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What the system did not do, and its code; none if that is 0.
struct Trouble {
  const char* what = "";
  int error = 0;
};

/// The result of a call, made again as long as it is interrupted.
template <class F>
auto uninterrupted(const F& call) {
  auto r = call();
  while (r < 0 && errno == EINTR) r = call();
  return r;
}

/// What a file is instead of a regular file; empty if it is one.
inline const char* other_than_regular(mode_t mode) noexcept {
  return S_ISREG(mode)    ? ""
         : S_ISDIR(mode)  ? "a folder"
         : S_ISFIFO(mode) ? "a FIFO"
         : S_ISSOCK(mode) ? "a socket"
         : S_ISLNK(mode)  ? "a link"
                          : "a device";
}

/// An open file or folder.
class Handle {
 public:
  explicit Handle(int number = -1) noexcept : number_(number) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { close(); }
  int get() const noexcept { return number_; }
  void reset(int number) noexcept {
    close();
    number_ = number;
  }
  /// Whether nothing was wrong. What is interrupted is closed all the same.
  bool close() noexcept {
    if (number_ < 0) return true;
    const int r = ::close(number_);
    number_ = -1;
    return r == 0 || errno == EINTR;
  }

 private:
  int number_;
};

/// Writes everything; whether that was possible.
inline bool write_all(const Handle& file, const void* data, std::size_t size) {
  const auto* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = uninterrupted(
        [&] { return ::write(file.get(), from, std::min(size, std::size_t{1} << 30)); });
    if (n == 0) errno = ENOSPC;  // no progress
    if (n <= 0) return false;
    from += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}
/// Makes what was written permanent; whether it is.
inline bool synchronize(const Handle& file) {
  return uninterrupted([&] { return ::fsync(file.get()); }) == 0;
}
/// Takes the lock of a file that nobody else has locked.
inline bool lock(const Handle& file) {
  return uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0;
}

/// The folder that a file is in, open, and the file's name there.
struct Place {
  explicit Place(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string in = slash == std::string::npos ? "."
                           : slash == 0               ? "/"
                                                      : path.substr(0, slash);
    name = slash == std::string::npos ? path : path.substr(slash + 1);
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    folder.reset(uninterrupted([&] { return ::open(in.c_str(), flags); }));
  }
  /// Makes names permanent. Some file systems cannot and need not do it, and say so: EINVAL.
  bool synchronize() const { return detail::synchronize(folder) || errno == EINVAL; }

  Handle folder{};
  std::string name{};
};

/// Whether somebody is looking at what is written there.
inline bool is_terminal(std::FILE* stream) { return ::isatty(::fileno(stream)) != 0; }

class OldFile {
 public:
  explicit OldFile(const std::string& path)
      : file_(uninterrupted(
            [&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); })) {
    struct stat s{};
    if (file_.get() < 0) {
      trouble_ = {"open", errno};
    } else if (::fstat(file_.get(), &s) != 0) {
      trouble_ = {"look at", errno};
    } else {
      other_ = other_than_regular(s.st_mode);
      size_ = static_cast<std::uint64_t>(s.st_size);
    }
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  const char* other() const noexcept { return other_; }
  std::uint64_t size() const noexcept { return size_; }

  /// As many bytes as there are, at most `size`.
  std::size_t read(void* to, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
      const std::size_t part = std::min(size - done, std::size_t{1} << 30);
      const ssize_t n =
          uninterrupted([&] { return ::read(file_.get(), static_cast<char*>(to) + done, part); });
      if (n < 0) trouble_ = {"read", errno};
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

 private:
  Handle file_;
  Trouble trouble_{};
  const char* other_ = "";
  std::uint64_t size_ = 0;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
