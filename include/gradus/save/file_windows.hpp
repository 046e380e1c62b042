// optional header: needs <io.h>
// Files on Windows. Written after its documentation, never run so far.
#pragma once

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <gradus/config/version.hpp>
#include <gradus/save/trouble.hpp>

extern "C" __declspec(dllimport) int __stdcall MoveFileExA(const char*, const char*, unsigned long);

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What a file is, if it is not a regular file; else empty.
inline const char* other_than_regular(unsigned mode) noexcept {
  return (mode & _S_IFREG) != 0 ? "" : (mode & _S_IFDIR) != 0 ? "a folder" : "a device";
}

/// Whether a stream is a terminal.
inline bool is_terminal(std::FILE* stream) { return ::_isatty(::_fileno(stream)) != 0; }

class OldFile {
 public:
  explicit OldFile(const std::string& path)
      : file_(::_open(path.c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT)) {
    struct _stat64 s{};
    if (file_ < 0) {
      trouble_ = {"open", errno};
    } else if (::_fstat64(file_, &s) != 0) {
      trouble_ = {"look at", errno};
    } else {
      other_ = other_than_regular(s.st_mode);
      size_ = static_cast<std::uint64_t>(s.st_size);
    }
  }
  OldFile(const OldFile&) = delete;
  OldFile& operator=(const OldFile&) = delete;
  ~OldFile() {
    if (file_ >= 0) ::_close(file_);
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  const char* other() const noexcept { return other_; }
  std::uint64_t size() const noexcept { return size_; }

  std::size_t read(void* to, std::size_t size) {
    std::size_t done = 0;
    while (done < size) {
      const auto part = static_cast<unsigned>(std::min(size - done, std::size_t{1} << 30));
      const int n = ::_read(file_, static_cast<char*>(to) + done, part);
      if (n < 0) trouble_ = {"read", errno};
      if (n <= 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

 private:
  int file_;
  Trouble trouble_{};
  const char* other_ = "";
  std::uint64_t size_ = 0;
};

/// A temporary file beside the file that it will replace. After a crash it stays.
class NewFile {
 public:
  explicit NewFile(const std::string& path) : path_(path) {
    struct _stat64 old{};
    if (::_stat64(path.c_str(), &old) == 0) other_ = other_than_regular(old.st_mode);
    if (*other_ != '\0') return;
    static std::atomic<unsigned> calls{0};
    temporary_ = path + "." + std::to_string(::_getpid()) + "-" + std::to_string(::time(nullptr)) +
                 "-" + std::to_string(++calls) + ".part";
    constexpr int flags = _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT;
    file_ = ::_open(temporary_.c_str(), flags, _S_IREAD | _S_IWRITE);
    if (file_ < 0) note("create a file beside");
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (file_ < 0) return;
    ::_close(file_);
    ::_unlink(temporary_.c_str());
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  /// What stands at the path, if it is not a regular file, and so is not replaced.
  const char* other() const noexcept { return other_; }

  void write(const void* data, std::size_t size) {
    const auto* from = static_cast<const char*>(data);
    while (size > 0) {
      const auto part = static_cast<unsigned>(std::min(size, std::size_t{1} << 30));
      const int n = ::_write(file_, from, part);
      if (n == 0) errno = ENOSPC;
      if (n <= 0) return note("write");
      from += n, size -= static_cast<std::size_t>(n);
    }
  }
  void commit() {
    if (::_commit(file_) != 0) return note("write");
    const int file = file_;
    file_ = -1;
    constexpr unsigned long replace_existing = 1, write_through = 8;
    if (::_close(file) == 0 &&
        ::MoveFileExA(temporary_.c_str(), path_.c_str(), replace_existing | write_through) != 0)
      return;
    errno = EACCES;
    note("replace");
    ::_unlink(temporary_.c_str());
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }
  std::string path_, temporary_;
  int file_ = -1;
  Trouble trouble_{};
  const char* other_ = "";
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
