// optional header: needs <unistd.h>
// The calls of a POSIX system that files need. The result of every call is checked; calls that were
// interrupted or did only a part are continued.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <gradus/save/handle.hpp>

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

/// An interrupted call has closed the file, too.
inline bool Handle::close_file(int file) noexcept { return ::close(file) == 0 || errno == EINTR; }
/// Opens a file to read; below 0 on an error.
inline int open_to_read(const std::string& path) {
  constexpr int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  return uninterrupted([&] { return ::open(path.c_str(), flags); });
}
/// Locks a file; false if another program has locked it, or on an error.
inline bool lock(int file) {
  return uninterrupted([&] { return ::flock(file, LOCK_EX | LOCK_NB); }) == 0;
}
/// Opens a file to read it and to append to it, and locks it; below 0 on an error. A file that is
/// not there is created. `taken` tells whether another program has locked it.
inline int open_to_append(const std::string& path, bool& taken) {
  constexpr int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
  const int file = uninterrupted([&] { return ::open(path.c_str(), flags, 0666); });
  taken = file >= 0 && !lock(file) && errno == EWOULDBLOCK;
  return file;
}
/// What stands at a path that could not be opened, if the error of the system does not tell.
inline const char* other_unopened(const std::string&) noexcept { return ""; }
/// Tells what a file is, if it is not a regular file, and its size; false on an error.
inline bool look_at(int file, const char*& other, std::uint64_t& size) {
  struct stat s{};
  if (::fstat(file, &s) != 0) return false;
  other = other_than_regular(s.st_mode);
  size = static_cast<std::uint64_t>(s.st_size);
  return true;
}
/// Reads from the beginning next.
inline bool rewind(int file) { return ::lseek(file, 0, SEEK_SET) == 0; }
/// Reads or writes at most a gigabyte. Returns the number of bytes; below 0 on an error.
inline std::ptrdiff_t read_some(int file, void* to, std::size_t size) {
  return uninterrupted([&] { return ::read(file, to, size); });
}
inline std::ptrdiff_t write_some(int file, const void* from, std::size_t size) {
  return uninterrupted([&] { return ::write(file, from, size); });
}
/// Removes everything after the first `size` bytes; false on an error.
inline bool truncate(int file, std::size_t size) {
  return uninterrupted([&] { return ::ftruncate(file, static_cast<off_t>(size)); }) == 0;
}
/// Makes what was written durable; false on an error.
inline bool synchronize(int file) {
  return uninterrupted([&] { return ::fsync(file); }) == 0;
}

/// The open folder of a file, and the name of the file in it.
struct FolderEntry {
  explicit FolderEntry(const std::string& path) {
    const std::size_t slash = path.rfind('/'), begin = slash == path.npos ? 0 : slash + 1;
    name.assign(path, begin, path.npos);
    std::string in(path, 0, begin);
    if (in.empty()) in = ".";
    folder.reset(
        uninterrupted([&] { return ::open(in.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  }
  /// Makes names durable. Some file systems need not do so, and return EINVAL.
  bool synchronize() const { return detail::synchronize(folder.get()) || errno == EINVAL; }

  Handle folder{};
  std::string name{};
};
/// Makes the name of a file durable; false on an error.
inline bool synchronize_name(const std::string& path) { return FolderEntry(path).synchronize(); }

/// Whether a stream is a terminal.
inline bool is_terminal(std::FILE* stream) { return ::isatty(::fileno(stream)) != 0; }
/// The seconds since some moment, by a clock that is never set.
inline double seconds() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
