// optional header: needs <unistd.h>
// Files on POSIX systems that are read, and what all files there share. The result of every call is
// checked; calls that were interrupted or did only a part are continued.
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
#include <gradus/save/trouble.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The result of a call, which is repeated while it is interrupted.
template <class F>
auto uninterrupted(const F& call) {
  auto r = call();
  while (r < 0 && errno == EINTR) r = call();
  return r;
}

/// What a file is, if it is not a regular file; else empty.
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
  /// Whether closing succeeded. An interrupted close has closed the file, too.
  bool close() noexcept {
    if (number_ < 0) return true;
    const int r = ::close(number_);
    number_ = -1;
    return r == 0 || errno == EINTR;
  }

 private:
  int number_;
};

/// Writes everything; false on an error.
inline bool write_all(const Handle& file, const void* data, std::size_t size) {
  const auto* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = uninterrupted(
        [&] { return ::write(file.get(), from, std::min(size, std::size_t{1} << 30)); });
    if (n == 0) errno = ENOSPC;  // nothing was written
    if (n <= 0) return false;
    from += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}
/// Makes what was written durable; false on an error.
inline bool synchronize(const Handle& file) {
  return uninterrupted([&] { return ::fsync(file.get()); }) == 0;
}
/// Locks a file; false if another program has locked it.
inline bool lock(const Handle& file) {
  return uninterrupted([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) == 0;
}

/// The open folder of a file, and the name of the file in it.
struct FolderEntry {
  explicit FolderEntry(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string in = slash == std::string::npos ? "."
                           : slash == 0               ? "/"
                                                      : path.substr(0, slash);
    name = slash == std::string::npos ? path : path.substr(slash + 1);
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    folder.reset(uninterrupted([&] { return ::open(in.c_str(), flags); }));
  }
  /// Makes names durable. Some file systems need not do so, and return EINVAL.
  bool synchronize() const { return detail::synchronize(folder) || errno == EINVAL; }

  Handle folder{};
  std::string name{};
};

/// Whether a stream is a terminal.
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

  /// Reads `size` bytes, or fewer if the file ends before.
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
