// optional header: needs <io.h>
// Files on Windows that are replaced as a whole or not at all.
#pragma once

#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <string>

#include <gradus/save/file_windows.hpp>
#include <gradus/save/temporary_name.hpp>

extern "C" {
__declspec(dllimport) int __stdcall CloseHandle(void*);
__declspec(dllimport) unsigned long __stdcall GetLastError(void);
__declspec(dllimport) int __stdcall MoveFileExA(const char*, const char*, unsigned long);
__declspec(dllimport) void* __stdcall OpenProcess(unsigned long, int, unsigned long);
}

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A temporary file beside the file that it will replace. Its name holds the number of its process,
/// so that others can tell which temporary files were left behind.
class NewFile {
 public:
  explicit NewFile(const std::string& path) {
    make_absolute(path);
    if (trouble_.error != 0) return;
    other_ = other_than_regular(path_);
    if (*other_ != '\0') return;
    remove_stale();
    create();
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    file_.close();  // Windows does not remove an open file
    if (!temporary_.empty()) ::_unlink(temporary_.c_str());
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  /// What stands at the path, if it is not a regular file, and so is not replaced.
  const char* other() const noexcept { return other_; }
  /// The file, to write to.
  int get() const noexcept { return file_.get(); }

  /// Makes the data durable, then renames the file.
  void commit() {
    if (!synchronize(file_.get()) || !file_.close()) return note("write");
    constexpr unsigned long replace_existing = 1, write_through = 8;
    constexpr unsigned long no_file = 2, no_folder = 3, access_denied = 5, in_use = 32;
    unsigned long error = 0;
    until_true([&] {
      const int done =
          ::MoveFileExA(temporary_.c_str(), path_.c_str(), replace_existing | write_through);
      error = done != 0 ? 0 : ::GetLastError();
      return error != access_denied && error != in_use;
    });
    if (error == 0) return temporary_.clear();
    errno = error == no_file || error == no_folder ? ENOENT : EACCES;
    note("replace");
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }

  /// The folder is the one from the beginning, also if the program goes to another one.
  void make_absolute(const std::string& path) {
    folder_size_ = path.find_last_of("/\\") + 1;  // 0 if there is none
    if (folder_size_ == path.size()) {
      errno = ENOENT;  // no name
      return note("look at");
    }
    char* const whole = ::_fullpath(nullptr, path.c_str(), 0);
    if (whole == nullptr) {
      errno = ENAMETOOLONG;
      return note("look at");
    }
    path_ = whole;
    ::free(whole);
    folder_size_ = path_.find_last_of("/\\") + 1;
  }
  void create() {
    static std::atomic<std::uint32_t> calls{0};
    const std::uint32_t in_process =
        static_cast<std::uint32_t>(::time(nullptr)) * 0x10000U + ++calls;
    temporary_ = temporary_name(
        path_, std::uint64_t{static_cast<std::uint32_t>(::_getpid())} << 32 | in_process);
    constexpr int flags = _O_WRONLY | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT;
    file_.reset(::_open(temporary_.c_str(), flags, _S_IREAD | _S_IWRITE));
    if (file_.get() >= 0) return;
    if (errno == ENOENT && temporary_.size() >= _MAX_PATH) errno = ENAMETOOLONG;
    note("create a file beside");
    temporary_.clear();
  }
  static bool runs(std::uint32_t process) {
    constexpr unsigned long limited_information = 0x1000, no_such_process = 87;
    void* const handle = ::OpenProcess(limited_information, 0, process);
    if (handle == nullptr) return ::GetLastError() != no_such_process;
    ::CloseHandle(handle);
    return true;
  }
  /// Removes temporary files of this file whose processes no longer run. Windows does not remove a
  /// file that a program on another machine has open. Errors here do no harm.
  void remove_stale() const {
    __finddata64_t found{};
    const std::intptr_t list = ::_findfirst64((path_ + ".*.part").c_str(), &found);
    if (list == -1) return;
    const std::string folder(path_, 0, folder_size_), name(path_, folder_size_);
    do {
      std::uint64_t number = 0;
      if (is_temporary(found.name, name, number) && !runs(static_cast<std::uint32_t>(number >> 32)))
        ::_unlink((folder + found.name).c_str());
    } while (::_findnext64(list, &found) == 0);
    ::_findclose(list);
  }

  std::string path_{}, temporary_{};
  std::size_t folder_size_ = 0;
  Handle file_{};
  Trouble trouble_{};
  const char* other_ = "";
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
