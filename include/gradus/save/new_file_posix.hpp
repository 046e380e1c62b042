// optional header: needs <unistd.h>
// Files on POSIX systems that are replaced as a whole or not at all.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

#include <gradus/save/file_posix.hpp>
#include <gradus/save/temporary_name.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A temporary file beside the file that it will replace. It is locked while its writer runs, so
/// that others can tell which temporary files were left behind.
class NewFile {
 public:
  explicit NewFile(const std::string& path) : place_(path) {
    if (folder_.get() < 0) {
      note("open the folder of");
    } else {
      look_at_old();
      if (trouble_.error != 0 || *other_ != '\0') return;
      remove_stale();
      create();
      if (trouble_.error == 0 && replaces_) keep_permissions();
    }
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (!temporary_.empty()) ::unlinkat(folder_.get(), temporary_.c_str(), 0);
  }
  const Trouble& trouble() const noexcept { return trouble_; }
  /// What stands at the path, if it is neither a regular file nor a link to one, and so is not
  /// replaced.
  const char* other() const noexcept { return other_; }

  /// The file, to write to.
  int get() const noexcept { return file_.get(); }
  /// Makes first the data durable, then renames the file, then makes its folder durable.
  void commit() {
    if (!synchronize(file_.get())) return note("write");
    if (::renameat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) != 0)
      return note("replace");
    temporary_.clear();
    if (!place_.synchronize()) return note("write the folder of");
    if (!file_.close() || !folder_.close()) return note("close");
  }

 private:
  void note(const char* what) noexcept { trouble_ = {what, errno}; }

  static std::uint64_t random_number() {
    static std::atomic<std::uint64_t> calls{0};
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    std::uint64_t x = static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
                      static_cast<std::uint64_t>(now.tv_nsec);
    x = (x ^ static_cast<std::uint64_t>(::getpid()) << 32) + ++calls * 0x9e3779b97f4a7c15U;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
    x = (x ^ x >> 27) * 0x94d049bb133111ebU;
    return x ^ x >> 31;
  }
  /// Creates a file with a new name, and locks it. If another program removed it as stale in
  /// between, tries again.
  void create() {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    for (int attempt = 0; attempt < 100; ++attempt) {
      temporary_ = temporary_name(name_, random_number());
      file_.reset(uninterrupted(
          [&] { return ::openat(folder_.get(), temporary_.c_str(), flags, permissions_); }));
      if (file_.get() < 0) {
        note("create a file beside");
        temporary_.clear();
        if (trouble_.error == EEXIST) continue;
        return;
      }
      trouble_ = {};
      struct stat s{};
      const bool taken = !lock(file_.get()) && errno == EWOULDBLOCK;
      if (!taken && ::fstat(file_.get(), &s) == 0 && s.st_nlink > 0) return;
      ::unlinkat(folder_.get(), temporary_.c_str(), 0);
    }
    temporary_.clear();
    trouble_ = {"create a file beside", EEXIST};
  }
  /// Looks at the file that is replaced. The new file has its permissions from the beginning, so
  /// that nobody can read it who could not read the old one.
  void look_at_old() {
    struct stat old{};
    const auto look = [&](int flags) {
      return uninterrupted([&] { return ::fstatat(folder_.get(), name_.c_str(), &old, flags); }) ==
             0;
    };
    if (!look(AT_SYMLINK_NOFOLLOW)) {
      if (errno != ENOENT || name_.empty()) note("look at");
      return;
    }
    replaces_ = S_ISREG(old.st_mode);
    permissions_ = replaces_ ? old.st_mode & mode_t{0777} : permissions_;
    other_ = other_than_regular(old.st_mode);
    if (!S_ISLNK(old.st_mode)) return;
    if (look(0))
      other_ = other_than_regular(old.st_mode);
    else if (errno == ENOENT)
      other_ = "a link to nothing";
    else
      note("look at");
  }
  void keep_permissions() {
    struct stat s{};
    if (::fstat(file_.get(), &s) != 0) return note("look at a file beside");
    if ((s.st_mode & mode_t{0777}) == permissions_) return;
    if (uninterrupted([&] { return ::fchmod(file_.get(), permissions_); }) != 0)
      note("give its permissions to a file beside");
  }
  /// Removes temporary files of this file that are not locked. Errors here do no harm.
  void remove_stale() const {
    const int copy = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* const list = copy < 0 ? nullptr : ::fdopendir(copy);
    if (list == nullptr) return static_cast<void>(Handle(copy).close());
    while (const dirent* entry = ::readdir(list)) {
      std::uint64_t number = 0;
      if (!is_temporary(entry->d_name, name_, number)) continue;
      const Handle found(
          ::openat(folder_.get(), entry->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
      if (found.get() >= 0 && lock(found.get())) ::unlinkat(folder_.get(), entry->d_name, 0);
    }
    ::closedir(list);
  }

  FolderEntry place_;
  Handle& folder_ = place_.folder;
  const std::string& name_ = place_.name;
  std::string temporary_{};
  Handle file_{};
  Trouble trouble_{};
  const char* other_ = "";
  bool replaces_ = false;
  mode_t permissions_ = 0666;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
