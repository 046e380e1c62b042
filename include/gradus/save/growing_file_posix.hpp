// optional header: needs <unistd.h>
// Files on POSIX systems that are read and appended to.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include <gradus/save/file_posix.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A file that is locked while it is open. If there is none, it is created and its name made
/// durable. After the first error nothing is written any more, because it would follow an
/// incomplete piece.
class GrowingFile {
 public:
  explicit GrowingFile(const std::string& path) {
    constexpr int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK;
    file_.reset(uninterrupted([&] { return ::open(path.c_str(), flags, 0666); }));
    struct stat s{};
    if (file_.get() < 0) {
      note("open");
    } else if (::fstat(file_.get(), &s) != 0) {
      note("look at");
    } else {
      other_ = other_than_regular(s.st_mode);
      if (*other_ != '\0') return;
      taken_ = !lock(file_) && errno == EWOULDBLOCK;
      if (!taken_ && !FolderEntry(path).synchronize()) note("write the folder of");
    }
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  const char* other() const noexcept { return other_; }
  bool taken() const noexcept { return taken_; }

  /// The whole file.
  std::string read() {
    std::string text;
    for (std::array<char, 4096> block{};;) {
      const auto at = static_cast<off_t>(text.size());
      const ssize_t n =
          uninterrupted([&] { return ::pread(file_.get(), block.data(), block.size(), at); });
      if (n < 0) note("read");
      if (n <= 0) return text;
      text.append(block.data(), static_cast<std::size_t>(n));
    }
  }
  void cut(std::size_t size) {
    const auto end = static_cast<off_t>(size);
    if (uninterrupted([&] { return ::ftruncate(file_.get(), end); }) != 0 || !synchronize(file_))
      note("cut");
  }
  void append(const char* data, std::size_t size) {
    if (trouble_.error != 0) return;
    if (!write_all(file_, data, size) || !synchronize(file_)) note("write");
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }

  Handle file_{};
  Trouble trouble_{};
  const char* other_ = "";
  bool taken_ = false;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
