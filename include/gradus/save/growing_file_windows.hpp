// optional header: needs <io.h>
// Files on Windows that are read and appended to. Written after its documentation, never run so
// far.
#pragma once

#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include <gradus/save/file_windows.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A file that no other program may write to while it is open. If there is none, it is created.
/// After the first error nothing is written any more, because it would follow an incomplete piece.
class GrowingFile {
 public:
  explicit GrowingFile(const std::string& path) {
    constexpr int flags = _O_RDWR | _O_CREAT | _O_APPEND | _O_BINARY | _O_NOINHERIT;
    const errno_t problem =
        ::_sopen_s(&file_, path.c_str(), flags, _SH_DENYWR, _S_IREAD | _S_IWRITE);
    struct _stat64 s{};
    if (problem == EACCES && ::_access(path.c_str(), 6) == 0 && ::_stat64(path.c_str(), &s) == 0 &&
        *other_than_regular(s.st_mode) == '\0') {
      taken_ = true;
    } else if (problem != 0) {
      trouble_ = {"open", problem};
    } else if (::_fstat64(file_, &s) != 0) {
      note("look at");
    } else {
      other_ = other_than_regular(s.st_mode);
    }
  }
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;
  ~GrowingFile() {
    if (file_ >= 0) ::_close(file_);
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  const char* other() const noexcept { return other_; }
  bool taken() const noexcept { return taken_; }

  /// The whole file.
  std::string read() {
    ::_lseeki64(file_, 0, SEEK_SET);
    std::string text;
    for (std::array<char, 4096> block{};;) {
      const int n = ::_read(file_, block.data(), static_cast<unsigned>(block.size()));
      if (n < 0) note("read");
      if (n <= 0) return text;
      text.append(block.data(), static_cast<std::size_t>(n));
    }
  }
  void cut(std::size_t size) {
    const errno_t problem = ::_chsize_s(file_, static_cast<std::int64_t>(size));
    if (problem != 0) trouble_ = {"cut", problem};
  }
  void append(const char* data, std::size_t size) {
    while (size > 0 && trouble_.error == 0) {
      const auto part = static_cast<unsigned>(std::min(size, std::size_t{1} << 30));
      const int n = ::_write(file_, data, part);
      if (n == 0) errno = ENOSPC;
      if (n <= 0) return note("write");
      data += n, size -= static_cast<std::size_t>(n);
    }
    if (trouble_.error == 0 && ::_commit(file_) != 0) note("write");
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }

  int file_ = -1;
  Trouble trouble_{};
  const char* other_ = "";
  bool taken_ = false;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
