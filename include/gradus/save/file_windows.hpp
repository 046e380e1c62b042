// optional header: needs <io.h>
// The calls of Windows that files need.
#pragma once

#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include <gradus/save/handle.hpp>

extern "C" {
__declspec(dllimport) unsigned long __stdcall GetFileAttributesA(const char*);
__declspec(dllimport) unsigned long long __stdcall GetTickCount64(void);
__declspec(dllimport) void __stdcall Sleep(unsigned long);
}

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What a file is, if it is not a regular file; else empty.
inline const char* other_than_regular(unsigned mode) noexcept {
  return (mode & _S_IFREG) != 0 ? "" : (mode & _S_IFDIR) != 0 ? "a folder" : "a device";
}
/// What stands at a path, if it is not a regular file; empty also if there is nothing. `_stat64`
/// finds no folder whose path ends in a slash.
inline const char* other_than_regular(const std::string& path) {
  constexpr unsigned long nothing = 0xffffffff, folder = 0x10;
  const unsigned long attributes = ::GetFileAttributesA(path.c_str());
  if (attributes != nothing && (attributes & folder) != 0) return "a folder";
  struct _stat64 s{};
  return ::_stat64(path.c_str(), &s) == 0 ? other_than_regular(s.st_mode) : "";
}

/// Repeats a call for up to a second, until it returns true. Windows refuses to open a file while
/// another program replaces it, and to replace a file while another program has it open.
template <class F>
void until_true(const F& call) {
  for (int attempt = 0; attempt < 200 && !call(); ++attempt) ::Sleep(5);
}

inline bool Handle::close_file(int file) noexcept { return ::_close(file) == 0; }
/// Opens a file to read; below 0 on an error.
inline int open_to_read(const std::string& path) {
  int file = -1;
  until_true([&] {
    file = ::_open(path.c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT);
    return file >= 0 || errno != EACCES || *other_than_regular(path) != '\0';
  });
  return file;
}
/// Opens a file to read it and to append to it, and keeps other programs from writing to it; below
/// 0 on an error. A file that is not there is created. `taken` tells whether another program writes
/// to it.
inline int open_to_append(const std::string& path, bool& taken) {
  constexpr int flags = _O_RDWR | _O_CREAT | _O_APPEND | _O_BINARY | _O_NOINHERIT;
  int file = -1;
  const errno_t problem = ::_sopen_s(&file, path.c_str(), flags, _SH_DENYWR, _S_IREAD | _S_IWRITE);
  constexpr int may_read_and_write = 6;
  taken = problem == EACCES && ::_access(path.c_str(), may_read_and_write) == 0 &&
          *other_than_regular(path) == '\0';
  errno = problem;
  return file;
}
/// What stands at a path that could not be opened, if it is not a regular file.
inline const char* other_unopened(const std::string& path) { return other_than_regular(path); }
/// Tells what a file is, if it is not a regular file, and its size; false on an error.
inline bool look_at(int file, const char*& other, std::uint64_t& size) {
  struct _stat64 s{};
  if (::_fstat64(file, &s) != 0) return false;
  other = other_than_regular(s.st_mode);
  size = static_cast<std::uint64_t>(s.st_size);
  return true;
}
/// Reads from the beginning next; false on an error.
inline bool rewind(int file) { return ::_lseeki64(file, 0, SEEK_SET) == 0; }
/// Reads or writes up to a gigabyte. Returns the number of bytes; below 0 on an error.
inline std::ptrdiff_t read_some(int file, void* to, std::size_t size) {
  return ::_read(file, to, static_cast<unsigned>(size));
}
inline std::ptrdiff_t write_some(int file, const void* from, std::size_t size) {
  return ::_write(file, from, static_cast<unsigned>(size));
}
/// Removes everything after the first `size` bytes; false on an error.
inline bool truncate(int file, std::size_t size) {
  errno = ::_chsize_s(file, static_cast<std::int64_t>(size));
  return errno == 0;
}
/// Makes what was written durable; false on an error.
inline bool synchronize(int file) { return ::_commit(file) == 0; }
/// The name of a file is durable when the file is.
inline bool synchronize_name(const std::string&) { return true; }

/// Whether a stream is a terminal.
inline bool is_terminal(std::FILE* stream) { return ::_isatty(::_fileno(stream)) != 0; }
/// The seconds since some moment, by a clock that is never set.
inline double seconds() noexcept { return static_cast<double>(::GetTickCount64()) * 1e-3; }

}}}}  // namespace gradus::GRADUS_ABI::io::detail
