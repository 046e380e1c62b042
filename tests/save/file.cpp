#include <gradus/save/file.hpp>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "support/folder.hpp"

#if __has_include(<sys/mman.h>)  // POSIX
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using gradus::io::Journal;
using gradus::io::Replacement;
using gradus::io::Source;
using support::bytes_of;
using support::put_bytes;

namespace {

#if __has_include(<sys/mman.h>)
constexpr bool posix = true;
#else
constexpr bool posix = false;
#endif

void replace(const std::string& path, const std::string& bytes) {
  Replacement file(path);
  file.write(bytes.data(), bytes.size());
  file.commit();
}
/// The bytes of a file that others may replace at any time.
std::string read(const std::string& path) {
  Source file(path);
  std::string bytes(file.size(), ' ');
  file.read(bytes.data(), bytes.size());
  return bytes;
}
/// The code of the error of the system in a call, which names the path; else no error.
template <class F>
std::error_code code_of(const std::string& path, const F& call) {
  try {
    call();
  } catch (const std::system_error& error) {
    CHECK(std::string(error.what()).find("\"" + path + "\"") != std::string::npos);
    return error.code();
  }
  return {};
}

}  // namespace

TEST_CASE("Replacement replaces a file, or makes one", "[io][file]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  for (const std::string& bytes :
       {std::string("first"), std::string(100'000, 'b'), std::string()}) {
    replace(path, bytes);
    CHECK(bytes_of(path) == bytes);
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("Replacement without commit leaves no trace", "[io][file]") {
  const support::Folder folder;
  put_bytes(folder / "x", "old");
  {
    Replacement file(folder / "x");
    file.write("new", 3);
    CHECK(folder.count() == 2);
  }
  CHECK(bytes_of(folder / "x") == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("Replacement removes what dead writers left, and nothing else", "[io][file]") {
  const support::Folder folder;
  const std::vector<std::string> others{"x",
                                        "y.0123456789abcdef.part",
                                        "x.0123456789abcdef",
                                        "x.0123456789abcdeg.part",
                                        "x.0123456789abcde.part",
                                        "x.part",
                                        "x.ABCDEF0123456789.part"};
  for (const std::string& name : others) put_bytes(folder / name, "old");
  put_bytes(folder / "x.0123456789abcdef.part", "left behind");
  put_bytes(folder / "x.ffffffffffffffff.part", "left behind");
  Replacement living(folder / "x");
  living.write("living", 6);
  CHECK(folder.count() == others.size() + 1);
  replace(folder / "x", "another");
  CHECK(folder.count() == others.size() + 1);
  CHECK(bytes_of(folder / "x") == "another");
  living.commit();
  CHECK(folder.count() == others.size());
  CHECK(bytes_of(folder / "x") == "living");
}

TEST_CASE("Of several savers at once, one wins, complete", "[io][file]") {
  const support::Folder folder;
  std::atomic<int> torn{0};
  replace(folder / "x", std::string(40'000, 'z'));
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, c = static_cast<char>('a' + i)] {
      for (int round = 0; round < 25; ++round) {
        replace(folder / "x", std::string(40'000, c));
        const std::string got = read(folder / "x");
        if (got.size() != 40'000 || got.find_first_not_of(got[0]) != std::string::npos) ++torn;
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(torn == 0);
  CHECK(folder.count() == 1);
}

TEST_CASE("A path may be relative, without a folder, or hold a null character", "[io][file]") {
  const support::Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::create_directory(folder / "inner");
  std::filesystem::current_path(folder / "");
  for (const std::string path : {"x", "./x", "inner/../x", "inner/x"}) replace(path, path);
  {  // the folder is the one from the constructor
    Replacement file("y");
    std::filesystem::current_path(folder / "inner");
    file.write("y", 1);
    file.commit();
  }
  std::filesystem::current_path(before);
  CHECK(bytes_of(folder / "x") == "inner/../x");
  CHECK(bytes_of(folder / "inner/x") == "inner/x");
  CHECK(bytes_of(folder / "y") == "y");
  CHECK(folder.count() == 3);
  const std::string cut = folder / std::string("x\0y", 3);
  CHECK_THROWS_WITH(replace(cut, "new"), Catch::EndsWith("without null characters"));
  CHECK_THROWS_WITH(Source(cut), Catch::EndsWith("without null characters"));
  CHECK_THROWS_WITH(Journal(cut), Catch::EndsWith("without null characters"));
  CHECK(bytes_of(folder / "x") == "inner/../x");
}

// What only POSIX has: permissions, links, FIFOs, sockets, maps that outlive a name, locks; and
// files that are replaced or removed while they are open.
#if __has_include(<sys/mman.h>)

TEST_CASE("A file keeps its permissions when it is replaced", "[io][file]") {
  using std::filesystem::perms;
  const support::Folder folder;
  const std::string path = folder / "x";
  const auto permissions = [&] { return std::filesystem::status(path).permissions(); };
  const mode_t before = ::umask(027);
  replace(path, "first");
  CHECK(permissions() == perms{0640});
  for (const perms some : {perms{0600}, perms{0444}, perms{0666}, perms{0751}}) {
    std::filesystem::permissions(path, some);
    replace(path, "next");
    CHECK(permissions() == some);
  }
  ::umask(before);
}

TEST_CASE("Who may not read a file may at no time read what will replace it", "[io][file]") {
  namespace fs = std::filesystem;
  const support::Folder folder;
  put_bytes(folder / "x", "old");
  fs::permissions(folder / "x", fs::perms{0600});
  const mode_t before = ::umask(0);
  std::atomic<bool> done{false};
  int wider = 0;
  std::thread watcher([&] {
    while (!done)
      for (const auto& entry : fs::directory_iterator(folder / "")) {
        std::error_code gone;
        const fs::perms now = entry.status(gone).permissions();
        wider += !gone && now != fs::perms::none && now != fs::perms{0600};
      }
  });
  for (int i = 0; i < 300; ++i) replace(folder / "x", "new");
  done = true;
  watcher.join();
  ::umask(before);
  CHECK(wider == 0);
}

TEST_CASE("A link is replaced, and what it led to stays", "[io][file]") {
  const support::Folder folder;
  put_bytes(folder / "other", "other");
  std::filesystem::create_symlink("other", folder / "link");
  replace(folder / "link", "new");
  CHECK(!std::filesystem::is_symlink(folder / "link"));
  CHECK(bytes_of(folder / "link") == "new");
  CHECK(bytes_of(folder / "other") == "other");
  CHECK(folder.count() == 2);
}

TEST_CASE("What is neither a regular file nor a link to one is not replaced", "[io][file]") {
  namespace fs = std::filesystem;
  const support::Folder folder;
  std::vector<std::pair<std::string, std::string>> things{
      {"folder", "a folder"}, {"fifo", "a FIFO"}, {"socket", "a socket"}};
  fs::create_directory(folder / "folder");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  if (::mknod((folder / "device").c_str(), S_IFCHR | 0600, makedev(1, 3)) == 0)  // needs root
    things.emplace_back("device", "a device");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder / "socket").copy(address.sun_path, sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  REQUIRE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (std::size_t i = things.size(); i-- > 0;) {
    fs::create_symlink(things[i].first, folder / ("link to " + things[i].first));
    things.emplace_back("link to " + things[i].first, things[i].second);
  }
  fs::create_symlink("none", folder / "link to nothing");
  things.emplace_back("link to nothing", "a link to nothing");
  for (const auto& [name, what] : things) {
    const std::string path = folder / name, stale = path + ".0123456789abcdef.part";
    put_bytes(stale, "left behind");
    const fs::file_type before = fs::symlink_status(path).type();
    CHECK_THROWS_WITH(
        Replacement(path),
        "gradus::io: \"" + path + "\" must be a regular file, or a link to one (got " + what + ")");
    CHECK(fs::symlink_status(path).type() == before);
    CHECK(fs::exists(stale));  // nothing in the folder has changed
    fs::remove(stale);
  }
  ::close(socket);
  CHECK(folder.count() == things.size());
  fs::create_symlink("loop", folder / "loop");
  CHECK_THROWS_AS(Replacement(folder / "loop"), std::system_error);
  CHECK(fs::is_symlink(folder / "loop"));
}

TEST_CASE("A temporary or a folder that vanishes is said; the old file stays", "[io][file]") {
  const support::Folder folder;
  put_bytes(folder / "x", "old");
  {
    Replacement file(folder / "x");
    file.write("new", 3);
    for (const auto& entry : std::filesystem::directory_iterator(folder / ""))
      if (entry.path().extension() == ".part") std::filesystem::remove(entry.path());
    CHECK(code_of(file.path(), [&] { file.commit(); }) == std::errc::no_such_file_or_directory);
  }
  CHECK(bytes_of(folder / "x") == "old");
  CHECK(folder.count() == 1);
  std::filesystem::create_directory(folder / "inner");
  Replacement file(folder / "inner/x");
  file.write("new", 3);
  std::filesystem::remove_all(folder / "inner");
  CHECK(code_of(file.path(), [&] { file.commit(); }) == std::errc::no_such_file_or_directory);
}

TEST_CASE("What is no regular file is not read, and does not make wait", "[io][file]") {
  const support::Folder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const std::pair<std::string, const char*> others[] = {
      {folder / "pipe", "a FIFO"}, {folder / "", "a folder"}, {"/dev/zero", "a device"}};
  for (const auto& [path, what] : others)
    CHECK_THROWS_WITH(Source(path),
                      "gradus::io: \"" + path + "\" must be a regular file (got " + what + ")");
}

TEST_CASE("A file that was opened is read to its end, whatever takes its place", "[io][file]") {
  const support::Folder folder;
  replace(folder / "x", "old");
  Source old(folder / "x"), cut(folder / "x");
  replace(folder / "x", "newer");
  std::string bytes(3, ' ');
  old.read(bytes.data(), 3);
  CHECK(bytes == "old");
  bytes.resize(4);
  CHECK_THROWS_WITH(cut.read(bytes.data(), 4), Catch::EndsWith("changed while it was read"));
}

TEST_CASE("A file that is mapped stays what it was when it is replaced", "[io][file]") {
  const support::Folder folder;
  const std::string old(10'000, 'o');
  replace(folder / "x", old);
  const int file = ::open((folder / "x").c_str(), O_RDONLY);
  void* const map = ::mmap(nullptr, old.size(), PROT_READ, MAP_SHARED, file, 0);
  REQUIRE(map != MAP_FAILED);
  // Replaces the file that the bytes are read from.
  {
    Replacement next(folder / "x");
    next.write(map, 5'000);
    next.commit();
  }
  CHECK(std::string(static_cast<const char*>(map), old.size()) == old);
  CHECK(bytes_of(folder / "x") == old.substr(0, 5'000));
  ::munmap(map, old.size());
  ::close(file);
}

TEST_CASE("A temporary that somebody has locked is left alone", "[io][file]") {
  const support::Folder folder;
  const std::string other = folder / "x.0123456789abcdef.part";
  put_bytes(other, "being written");
  const int file = ::open(other.c_str(), O_RDONLY);
  REQUIRE(::flock(file, LOCK_EX | LOCK_NB) == 0);
  replace(folder / "x", "new");
  CHECK(folder.count() == 2);
  ::close(file);
  replace(folder / "x", "newer");
  CHECK(folder.count() == 1);
}

#endif

TEST_CASE("What the system refuses is said with its code, and the file stays", "[io][file]") {
  const support::Folder folder;
  const auto code = [](const std::string& path) {
    return code_of(path, [&] { replace(path, "x"); });
  };
  CHECK(code(folder / "none/x") == std::errc::no_such_file_or_directory);
  CHECK(code(folder / "") == std::errc::no_such_file_or_directory);
  CHECK(code("") == std::errc::no_such_file_or_directory);
  CHECK(code(folder / std::string(250, 'x')) == std::errc::filename_too_long);
  CHECK(code(folder / std::string(4096, 'x')) == std::errc::filename_too_long);
  if (posix)  // Windows takes many slashes as one
    CHECK(code((folder / "") + std::string(4096, '/') + "x") == std::errc::filename_too_long);
  std::filesystem::create_directory(folder / "folder");
  CHECK_THROWS_AS(replace(folder / "folder", "x"), gradus::Error);
  CHECK(folder.count() == 1);
  put_bytes(folder / "file", "x");
  CHECK(code(folder / "file/x") ==  // Windows has no code of its own for it
        (posix ? std::errc::not_a_directory : std::errc::no_such_file_or_directory));
}

TEST_CASE("A Journal grows, is cut, and is there for the next", "[io][file]") {
  const support::Folder folder;
  const std::string path = folder / "x", large(100'000, 'l');
  {
    Journal file(path);
    CHECK((file.path() == path && file.text().empty()));
    file.append("one\n");
    file.append(large);
    CHECK(bytes_of(path) == "one\n" + large);
    file.cut(2);
    file.append("");
    file.append("ly\n");
    CHECK(file.text() == "only\n");
  }
  Journal file(path);
  CHECK(file.text() == "only\n");
  file.append("two\n");
  CHECK(bytes_of(path) == "only\ntwo\n");
  CHECK(folder.count() == 1);
}

TEST_CASE("A Journal is of one writer, and of a regular file", "[io][file]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  {
    const Journal file(path);
    CHECK_THROWS_WITH(Journal(path), "gradus::io: \"" + path + "\" is in use by another program");
  }
  CHECK_NOTHROW(Journal(path));
  CHECK_THROWS_AS(Journal(folder / "no/x"), std::system_error);
  CHECK(folder.count() == 1);
  const std::string no_file = folder / "";
  if (posix)
    CHECK(code_of(no_file, [&] { Journal{no_file}; }) == std::errc::is_a_directory);
  else
    CHECK_THROWS_WITH(Journal(no_file),
                      "gradus::io: \"" + no_file + "\" must be a regular file (got a folder)");
#if __has_include(<sys/mman.h>)
  CHECK_THROWS_WITH(Journal("/dev/null"),
                    "gradus::io: \"/dev/null\" must be a regular file (got a device)");
#endif
}

#if __has_include(<sys/mman.h>)
TEST_CASE("A Journal that could not write a piece writes no other behind it", "[io][file]") {
  const support::Folder folder;
  const std::string path = folder / "x";
  const pid_t child = fork();  // a limit cannot be raised again
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{6, 6};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) _exit(1);
    Journal file(path);
    file.append("one\n");
    for (const char* piece : {"three\n", "t", ""}) try {
        file.append(piece);
        _exit(2);
      } catch (const std::system_error& error) {
        if (error.code().value() != EFBIG) _exit(3);
      }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK(bytes_of(path) == "one\nth");
}
#endif
