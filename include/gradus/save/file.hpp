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

#include <gradus/config/compiler.hpp>
#include <gradus/config/refuse.hpp>
#include <gradus/save/handle.hpp>
#include <gradus/text/concat.hpp>

#if defined(_WIN32)
#include <gradus/save/file_windows.hpp>
#include <gradus/save/new_file_windows.hpp>
#else
#include <gradus/save/file_posix.hpp>
#include <gradus/save/new_file_posix.hpp>
#endif

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Reports an error of the system: throws `std::system_error` with its code, or calls `on_error` if
/// exceptions are disabled.
[[noreturn]] GRADUS_COLD inline void fail(const detail::Trouble& trouble, const std::string& path) {
  const std::string sentence =
      detail::concat({"gradus::io cannot ", trouble.what, " \"", path, "\""});
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
  throw std::system_error(trouble.error, std::generic_category(), sentence);
#else
  refuse(detail::concat({sentence, ": ", std::generic_category().message(trouble.error)}).c_str());
#endif
}

/// Refuses a file that is not what it must be, with a sentence that names it.
[[noreturn]] GRADUS_COLD inline void refuse_file(const std::string& path, std::string_view rest) {
  refuse(detail::concat({"gradus::io: \"", path, "\" ", rest}).c_str());
}

namespace detail {

/// A path without null characters, at which the system would cut it.
inline const std::string& whole(const std::string& path) {
  if (path.find('\0') != std::string::npos)
    refuse_file(path.c_str(), "must be a path without null characters");
  return path;
}
/// Refuses what is not a regular file: a FIFO, a device, a folder ...
inline void check_regular(const std::string& path, std::string_view or_else, const char* other) {
  if (*other != '\0')
    refuse_file(path, concat({"must be a regular file", or_else, " (got ", other, ")"}));
}
/// The size of a file that must be open, and a regular file.
inline std::uint64_t checked_size(int file, const std::string& path) {
  const char* other = "";
  std::uint64_t size = 0;
  if (file < 0) {
    const int error = errno;
    check_regular(path, "", other_unopened(path));
    fail({"open", error}, path);
  }
  if (!look_at(file, other, size)) fail({"look at", errno}, path);
  check_regular(path, "", other);
  return size;
}

/// What one call reads or writes at most.
inline std::size_t at_once(std::size_t size) noexcept {
  constexpr std::size_t most = std::size_t{1} << 30;
  return size < most ? size : most;
}
/// Reads `size` bytes, or fewer if the file ends before.
inline std::size_t read_all(int file, void* to, std::size_t size, const std::string& path) {
  std::size_t done = 0;
  while (done < size) {
    const std::ptrdiff_t n = read_some(file, static_cast<char*>(to) + done, at_once(size - done));
    if (n < 0) fail({"read", errno}, path);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}
/// Writes everything; false on an error.
inline bool write_all(int file, const void* data, std::size_t size) {
  const auto* from = static_cast<const char*>(data);
  while (size > 0) {
    const std::ptrdiff_t n = write_some(file, from, at_once(size));
    if (n == 0) errno = ENOSPC;  // nothing was written
    if (n <= 0) return false;
    from += n, size -= static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace detail

/// A file that will replace the one at `path`, or be created: `commit` does so atomically. Without
/// it nothing remains. Symbolic links are followed in the folder only: a link at `path` to a
/// regular file is itself replaced by the file.
///
/// It has the permissions of the file that it replaces, and never wider ones. After a kill or a
/// loss of power at any point, there is the old file or the new one. A temporary file that was left
/// behind is removed by the next Replacement of the same file when its writer no longer runs. (On
/// Windows the permissions are those of the folder.)
/// Errors: what is neither a regular file nor a link to one, such as a FIFO or a device
///   (`Error`); nothing is then written. An error of the system (`std::system_error`); the old file
///   is then still there, unless the very last call failed, which makes the new name durable.
class Replacement {
 public:
  explicit Replacement(std::string path) : path_(std::move(path)), file_(detail::whole(path_)) {
    look();
    detail::check_regular(path_, ", or a link to one", file_.other());
  }
  const std::string& path() const noexcept { return path_; }
  void write(const void* data, std::size_t size) {
    if (!detail::write_all(file_.get(), data, size)) fail({"write", errno}, path_);
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

/// A file to read, whose size is known from the start.
/// Errors: an error of the system; what is not a regular file; a file that ends before its size.
class Source {
 public:
  explicit Source(std::string path)
      : path_(std::move(path)),
        file_(detail::open_to_read(detail::whole(path_))),
        size_(detail::checked_size(file_.get(), path_)) {}
  const std::string& path() const noexcept { return path_; }
  std::uint64_t size() const noexcept { return size_; }
  void read(void* to, std::size_t size) {
    if (detail::read_all(file_.get(), to, size, path_) != size)
      refuse_file(path_, "changed while it was read");
  }

 private:
  std::string path_;
  detail::Handle file_;
  std::uint64_t size_;
};

/// A file that grows piece by piece. It is created if it is not there. When `append` has returned,
/// the piece is durable; a crash inside it may leave an incomplete last piece.
///
/// Errors: an error of the system, and from then on the same for every `append`, because a piece
///   would follow an incomplete one; what is not a regular file; a file that another Journal has
///   open.
class Journal {
 public:
  explicit Journal(std::string path)
      : path_(std::move(path)), file_(detail::open_to_append(detail::whole(path_), taken_)) {
    if (taken_) refuse_file(path_, "is in use by another program");
    detail::checked_size(file_.get(), path_);
    if (!detail::synchronize_name(path_)) fail({"write the folder of", errno}, path_);
  }
  const std::string& path() const noexcept { return path_; }
  /// The whole file.
  std::string text() {
    if (!detail::rewind(file_.get())) fail({"read", errno}, path_);
    std::string r;
    char block[4096];
    while (const std::size_t n = detail::read_all(file_.get(), block, sizeof block, path_))
      r.append(block, n);
    return r;
  }
  /// Removes everything after the first `size` bytes.
  void cut(std::size_t size) {
    if (!detail::truncate(file_.get(), size) || !detail::synchronize(file_.get())) stop("cut");
  }
  void append(std::string_view piece) {
    if (trouble_.error != 0) fail(trouble_, path_);
    if (!detail::write_all(file_.get(), piece.data(), piece.size()) ||
        !detail::synchronize(file_.get()))
      stop("write");
  }

 private:
  [[noreturn]] GRADUS_COLD void stop(const char* what) {
    trouble_ = {what, errno};
    fail(trouble_, path_);
  }
  std::string path_;
  bool taken_ = false;
  detail::Handle file_;
  detail::Trouble trouble_{};
};

}}}  // namespace gradus::GRADUS_ABI::io
