// optional header
// Files that are read, replaced atomically, or appended to. The only header that depends on the
// system.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <gradus/config/refuse.hpp>

#if defined(_WIN32)
#include <gradus/save/file_windows.hpp>
#include <gradus/save/growing_file_windows.hpp>
#else
#include <gradus/save/file_posix.hpp>
#include <gradus/save/growing_file_posix.hpp>
#include <gradus/save/new_file_posix.hpp>
#endif

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Reports an error of the system: throws `std::system_error` with its code, or calls `on_error` if
/// exceptions are disabled.
[[noreturn]] inline void fail(const detail::Trouble& trouble, const std::string& path) {
  const std::string sentence =
      std::string("gradus::io cannot ") + trouble.what + " \"" + path + "\"";
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw std::system_error(trouble.error, std::generic_category(), sentence);
#else
  refuse((sentence + ": " + std::generic_category().message(trouble.error)).c_str());
#endif
}

/// Refuses a file that is not what it must be, with a sentence that names it.
[[noreturn]] inline void refuse_file(const std::string& path, const std::string& rest) {
  refuse(("gradus::io: \"" + path + "\" " + rest).c_str());
}

namespace detail {

/// A path without null characters, at which the system would cut it.
inline const std::string& whole(const std::string& path) {
  if (path.find('\0') != std::string::npos)
    refuse_file(path.c_str(), "must be a path without null characters");
  return path;
}

/// A file of the system, opened. Ends a call where the system reports an error, and refuses what is
/// not a regular file: a FIFO, a device, a folder ...
template <class File>
class CheckedFile {
 public:
  const std::string& path() const noexcept { return path_; }

 protected:
  explicit CheckedFile(std::string path, const char* or_else = "")
      : path_(std::move(path)), file_(whole(path_)) {
    look();
    if (*file_.other() != '\0')
      refuse_file(path_,
                  std::string("must be a regular file") + or_else + " (got " + file_.other() + ")");
  }
  ~CheckedFile() = default;
  void look() const {
    if (file_.trouble().error != 0) fail(file_.trouble(), path_);
  }

  std::string path_;
  File file_;
};

}  // namespace detail

/// A file that will replace the one at `path`, or be created: `commit` does so atomically. Without
/// it nothing remains. Symbolic links are followed in the folder only: a link at `path` to a
/// regular file is itself replaced by the file.
///
/// It has the permissions of the file that it replaces, and never wider ones. After a kill or a
/// loss of power at any point, there is the old file or the new one. A temporary file that was left
/// behind is removed by the next Replacement of the same file when its writer no longer runs. (On
/// Windows it stays, and the permissions are those of the folder.)
/// Errors: what is neither a regular file nor a link to one, such as a FIFO or a device
///   (`gradus::Error`); nothing is then written. An error of the system
///   (`std::system_error`); the old file is then still there, unless the very last call failed,
///   which makes the new name durable.
class Replacement : public detail::CheckedFile<detail::NewFile> {
 public:
  explicit Replacement(std::string path) : CheckedFile(std::move(path), ", or a link to one") {}
  void write(const void* data, std::size_t size) {
    file_.write(data, size);
    look();
  }
  void commit() {
    file_.commit();
    look();
  }
};

/// A file to read, whose size is known from the start.
/// Errors: an error of the system; what is not a regular file; a file that ends before its size.
class Source : public detail::CheckedFile<detail::OldFile> {
 public:
  explicit Source(std::string path) : CheckedFile(std::move(path)) {}
  std::uint64_t size() const noexcept { return file_.size(); }
  void read(void* to, std::size_t size) {
    const std::size_t got = file_.read(to, size);
    look();
    if (got != size) refuse_file(path_, "changed while it was read");
  }
};

/// A file that grows piece by piece. It is created if it is not there. When `append` has returned,
/// the piece is durable; a crash inside it may leave an incomplete last piece.
///
/// Errors: an error of the system, and from then on the same for every `append`; what is not a
///   regular file; a file that another Journal has open.
class Journal : public detail::CheckedFile<detail::GrowingFile> {
 public:
  explicit Journal(std::string path) : CheckedFile(std::move(path)) {
    if (file_.taken()) refuse_file(path_, "is in use by another program");
  }
  /// The whole file.
  std::string text() {
    std::string r = file_.read();
    look();
    return r;
  }
  /// Removes everything after the first `size` bytes.
  void cut(std::size_t size) {
    file_.cut(size);
    look();
  }
  void append(std::string_view piece) {
    file_.append(piece.data(), piece.size());
    look();
  }
};

}}}  // namespace gradus::GRADUS_ABI::io
