// optional header
// Files: read as a whole, replaced as a whole, or growing line by line. The only header that asks
// which system this is.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <gradus/error/refuse.hpp>

#if defined(_WIN32)
#include <gradus/save/file_windows.hpp>
#include <gradus/save/growing_file_windows.hpp>
#else
#include <gradus/save/file_posix.hpp>
#include <gradus/save/growing_file_posix.hpp>
#include <gradus/save/new_file_posix.hpp>
#endif

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Ends a call that the system did not carry out: throws `std::system_error` with the system's
/// code, or calls `on_error` where exceptions are disabled.
[[noreturn]] inline void fail(const detail::Trouble& trouble, const std::string& path) {
  const std::string sentence =
      std::string("gradus::io cannot ") + trouble.what + " \"" + path + "\"";
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw std::system_error(trouble.error, std::generic_category(), sentence);
#else
  refuse((sentence + ": " + std::generic_category().message(trouble.error)).c_str());
#endif
}

/// Ends a call on a file that is not what it must be: a sentence that names it.
[[noreturn]] inline void refuse_file(const std::string& path, const std::string& rest) {
  refuse(("gradus::io: \"" + path + "\" " + rest).c_str());
}

namespace detail {
/// A path that the system would not cut.
inline const std::string& whole(const std::string& path) {
  if (path.find('\0') != std::string::npos)
    refuse_file(path.c_str(), "must be a path without null characters");
  return path;
}
/// Refuses what is not a regular file: a FIFO, a device, a folder ...
inline void check_regular(const std::string& path, const char* other, const char* or_else = "") {
  if (*other != '\0')
    refuse_file(path, std::string("must be a regular file") + or_else + " (got " + other + ")");
}
}  // namespace detail

/// A file that is to take the place of the one at `path`, or of none: with `commit`, in one piece;
/// without it, it leaves no trace. Links are followed no further than the folder: a symbolic link
/// at `path` to a regular file is replaced by the file.
///
/// It has the permissions of the file that it replaces, at no time wider ones. Whoever stops at any
/// point, or loses power, leaves the old file or the new one. A temporary that was left behind is
/// removed by the next Replacement of the same file, as soon as its writer is no more. (On Windows
/// it stays, and permissions are the folder's.)
/// Errors: what is neither a regular file nor a link to one, as a FIFO or a device: nothing is then
///   written (`std::invalid_argument`); whatever the system reports (`std::system_error`): the old
///   file is then still there, but for an error of the very last call, which makes the new name
///   permanent.
class Replacement {
 public:
  explicit Replacement(std::string path) : path_(std::move(path)), file_(detail::whole(path_)) {
    look();
    detail::check_regular(path_, file_.other(), ", or a link to one");
  }
  void write(const void* data, std::size_t size) {
    file_.write(data, size);
    look();
  }
  void commit() {
    file_.commit();
    look();
  }

 private:
  void look() const {
    if (file_.trouble().error != 0) fail(file_.trouble(), path_);
  }
  std::string path_;
  detail::NewFile file_;
};

/// A file to be read, whose size is known before anything of it is.
/// Errors: whatever the system reports; what is not a regular file; one that ends before its size.
class Source {
 public:
  explicit Source(std::string path) : path_(std::move(path)), file_(detail::whole(path_)) {
    look();
    detail::check_regular(path_, file_.other());
  }
  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return file_.size(); }
  void read(void* to, std::size_t size) {
    const std::size_t got = file_.read(to, size);
    look();
    if (got != size) refuse_file(path_, "changed while it was read");
  }

 private:
  void look() const {
    if (file_.trouble().error != 0) fail(file_.trouble(), path_);
  }
  std::string path_;
  detail::OldFile file_;
};

/// A file that grows piece by piece, made if it is not there. What `append` has returned from is
/// permanent; who is stopped within it leaves a part of the last piece.
///
/// Errors: whatever the system reports, and from then on the same for every `append`; what is not a
///   regular file; one that another Journal has open.
class Journal {
 public:
  explicit Journal(std::string path) : path_(std::move(path)), file_(detail::whole(path_)) {
    look();
    detail::check_regular(path_, file_.other());
    if (file_.taken()) refuse_file(path_, "is in use by another program");
  }
  const std::string& path() const noexcept { return path_; }
  /// All that is in it.
  std::string text() {
    std::string r = file_.read();
    look();
    return r;
  }
  /// Forgets what is behind the first `size` bytes.
  void cut(std::size_t size) {
    file_.cut(size);
    look();
  }
  void append(std::string_view piece) {
    file_.append(piece.data(), piece.size());
    look();
  }

 private:
  void look() const {
    if (file_.trouble().error != 0) fail(file_.trouble(), path_);
  }
  std::string path_;
  detail::GrowingFile file_;
};

}}}  // namespace gradus::GRADUS_ABI::io
