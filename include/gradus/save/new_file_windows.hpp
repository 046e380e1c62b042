// optional header: needs <io.h>
// Files on Windows that are replaced as a whole or not at all.
#pragma once

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <sys/stat.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <string>

#include <gradus/save/file_windows.hpp>
#include <gradus/text/concat.hpp>

extern "C" __declspec(dllimport) int __stdcall MoveFileExA(const char*, const char*, unsigned long);
extern "C" __declspec(dllimport) void __stdcall Sleep(unsigned long);

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A temporary file beside the file that it will replace. After a crash it stays.
class NewFile {
 public:
  explicit NewFile(const std::string& path) : path_(path), other_(other_than_regular(path)) {
    if (*other_ != '\0') return;
    static std::atomic<unsigned> calls{0};
    temporary_ = concat({path, ".", std::to_string(::_getpid()), "-",
                         std::to_string(::time(nullptr)), "-", std::to_string(++calls), ".part"});
    constexpr int flags = _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT;
    file_.reset(::_open(temporary_.c_str(), flags, _S_IREAD | _S_IWRITE));
    if (file_.get() < 0) {
      note("create a file beside");
      temporary_.clear();
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() { remove(); }
  const Trouble& trouble() const noexcept { return trouble_; }
  /// What stands at the path, if it is not a regular file, and so is not replaced.
  const char* other() const noexcept { return other_; }
  /// The file, to write to.
  int get() const noexcept { return file_.get(); }

  /// Makes the data durable, then renames the file.
  void commit() {
    if (!synchronize(file_.get()) || !file_.close()) return note("write");
    constexpr unsigned long replace_existing = 1, write_through = 8;
    for (int attempt = 0; attempt < 200; ++attempt) {  // others may have it open for a moment
      if (::MoveFileExA(temporary_.c_str(), path_.c_str(), replace_existing | write_through) != 0)
        return temporary_.clear();
      ::Sleep(5);
    }
    errno = EACCES;
    note("replace");
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }
  void remove() noexcept {
    file_.close();  // Windows does not remove an open file
    if (!temporary_.empty()) ::_unlink(temporary_.c_str());
  }

  std::string path_, temporary_{};
  Handle file_{};
  Trouble trouble_{};
  const char* other_ = "";
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
