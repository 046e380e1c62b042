// Saves that are killed, or whose system calls fail, and what is there afterwards. Linux on x86-64.
// usage: stop_anywhere kill N | kill_at_calls | fail_calls | order    (see main)
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/schedule/cosine.hpp>

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <chrono>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "support/digest.hpp"
#include "support/folder.hpp"
#include "support/how_far.hpp"

namespace {

namespace io = gradus::io;

[[noreturn]] void end(const std::string& why) {
  std::fprintf(stderr, "stop_anywhere: %s\n", why.c_str());
  std::exit(1);
}

/// A training run of `last` steps, whose state is all in the file.
class Training {
 public:
  static constexpr std::uint64_t last = 300;
  explicit Training(std::string path) : path_(std::move(path)) {}

  void load() { io::load(path_, opt_, io::named("p", p_)); }
  void save() const { io::save(path_, opt_, io::named("p", p_)); }
  void step() {
    for (std::size_t i = 0; i < g_.size(); ++i)
      g_[i] = p_[i] + static_cast<float>((opt_.steps() * 7 + i) % 11);
    opt_.step(p_, g_);
  }
  std::uint64_t steps() const { return opt_.steps(); }

 private:
  std::string path_;
  std::vector<float> p_ = support::numbers<float>(5'000, 1), g_ = p_;
  gradus::Optimizer<gradus::Cosine<>, gradus::Adam> opt_{gradus::Cosine{.start = 0.1, .steps = 300},
                                                         gradus::Adam{}, p_};
};

/// Goes on from the file, if there is one, to the end. Never returns.
[[noreturn]] void train(const std::string& path, bool starts) {
  try {
    Training run(path);
    if (!starts) run.load();
    while (run.steps() < Training::last) run.step(), run.save();
    std::_Exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "stop_anywhere: %s\n", error.what());
    std::_Exit(3);
  }
}

/// Kills N trainings at random moments; each goes on where the one before it was.
void kill(int wanted) {
  const support::Folder folder;
  const std::string path = folder / "x";
  if (const pid_t child = ::fork(); child == 0)
    train(path, true);
  else
    ::waitpid(child, nullptr, 0);
  const std::string expected = support::bytes_of(path);
  std::filesystem::remove(path);

  support::Random random;
  int kills = 0, runs = 0, stale = 0;
  while (kills < wanted) {
    const bool starts = !std::filesystem::exists(path);
    const pid_t child = ::fork();
    if (child == 0) train(path, starts);
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(12'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) end("a file did not load");
    if (WIFSIGNALED(status))
      support::say_how_far(static_cast<std::size_t>(++kills), static_cast<std::size_t>(wanted));
    if (folder.count() > (std::filesystem::exists(path) ? 1U : 0U)) ++stale;
    if (folder.count() > 2) end("a temporary was not removed");
    if (WIFEXITED(status)) {
      if (support::bytes_of(path) != expected) end("other bits at the end than without kills");
      ++runs;
      std::filesystem::remove(path);
    }
  }
  std::printf(
      "kills survived: %d (%d left a temporary behind); runs that ended all the same, with "
      "the bits of one without kills: %d\n",
      kills, stale, runs);
}

/// A step from the state in the file, and its save.
auto next_save(const std::string& path) {
  return [run = [&] {
    Training r(path);
    r.load();
    r.step();
    return r;
  }()] { run.save(); };
}

/// A child that does something, stopped at each of its system calls.
class Traced {
 public:
  explicit Traced(const std::string& path) : Traced(next_save(path)) {}
  template <class F>
    requires std::invocable<const F&>
  explicit Traced(const F& f) {
    child_ = ::fork();
    if (child_ == 0) {
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) std::_Exit(1);
      ::raise(SIGSTOP);
      int result = 0;
      try {
        f();
      } catch (const std::system_error&) {
        result = 1;
      } catch (const std::bad_alloc&) {
        result = 1;
      }
      ::syscall(SYS_exit_group, result);
    }
    wait();
    if (done_) {
      std::puts("skipped: nothing can be traced here");
      std::exit(77);
    }
    ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
  }
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;
  ~Traced() {
    if (!done_) kill();
  }
  /// On to where the next system call begins or ends; false if there is none.
  bool next() {
    ::ptrace(PTRACE_SYSCALL, child_, nullptr, nullptr);
    wait();
    return !done_;
  }
  user_regs_struct registers() const {
    user_regs_struct r{};
    ::ptrace(PTRACE_GETREGS, child_, nullptr, &r);
    return r;
  }
  /// A path to what the child has open under this number.
  std::string opened(unsigned long long number) const {
    return "/proc/" + std::to_string(child_) + "/fd/" + std::to_string(number);
  }
  void set(const user_regs_struct& r) { ::ptrace(PTRACE_SETREGS, child_, nullptr, &r); }
  void kill() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    done_ = true;
  }
  int result() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  void wait() {
    ::waitpid(child_, &status_, 0);
    done_ = WIFEXITED(status_) || WIFSIGNALED(status_);
  }
  pid_t child_ = -1;
  int status_ = 0;
  bool done_ = false;
};

/// A file at step 1, and what it would be at step 2.
struct OldAndNew {
  static constexpr std::filesystem::perms own{0662};  // to be kept, also what a umask takes
  support::Folder folder{};
  std::string path = folder / "x", before{}, after{};

  OldAndNew() {
    Training run(path);
    run.step();
    run.save();
    before = support::bytes_of(path);
    run.step();
    run.save();
    after = support::bytes_of(path);
  }
  void restart() {
    std::filesystem::remove(path);
    support::put_bytes(path, before);
    std::filesystem::permissions(path, own);
  }
  bool is_old() const { return is(before); }
  bool is_new() const { return is(after); }
  /// The next save works, and leaves that file alone.
  void save_again() {
    Training run(path);
    run.load();
    run.save();
    if (folder.count() != 1) end("a temporary was not removed");
  }

 private:
  bool is(const std::string& bytes) const {
    return support::bytes_of(path) == bytes && std::filesystem::status(path).permissions() == own;
  }
};

void kill_at_calls() {
  OldAndNew files;
  int kills = 0, old = 0;
  for (int at = 1;; ++at) {
    files.restart();
    Traced child(files.path);
    bool more = true;
    for (int i = 0; i < at && more; ++i) more = child.next();
    if (!more) break;
    child.kill();
    ++kills;
    if (files.is_old())
      ++old;
    else if (!files.is_new())
      end("neither the old nor the new file after a kill");
    files.save_again();
  }
  if (old == 0 || old == kills) end("kills did not meet both files");
  std::printf(
      "kills at the beginning and end of every system call of a save: %d (old file %d, new "
      "file %d)\n",
      kills, old, kills - old);
}

/// The calls of a child that write, make permanent or rename, in order, and what they do it to.
std::string calls_of(Traced& child, const support::Folder& folder) {
  std::string calls;
  unsigned long long file = 0;
  for (bool enters = true; child.next(); enters = !enters) {
    if (!enters) continue;
    const user_regs_struct r = child.registers();
    const std::string opened = child.opened(r.rdi);
    switch (static_cast<long>(r.orig_rax)) {
      case SYS_write:
      case SYS_ftruncate:
        calls += calls.ends_with("write ") ? "" : "write ";
        file = r.rdi;
        break;
      case SYS_fsync:
      case SYS_fdatasync:
        calls += r.rdi == file                                      ? "fsync(file) "
                 : std::filesystem::equivalent(opened, folder / "") ? "fsync(folder) "
                                                                    : "fsync(another) ";
        break;
      case SYS_rename:
      case SYS_renameat:
      case SYS_renameat2: calls += "rename "; break;
      default: break;
    }
  }
  if (child.result() != 0) end("a traced program failed");
  return calls;
}

/// What makes a file permanent: its data before its name, and then the folder that holds the name.
void order() {
  const auto expect = [](const std::string& what, const std::string& calls,
                         const std::string& wanted) {
    if (calls != wanted)
      end(what + " must make the calls \"" + wanted + "\" (got \"" + calls + "\")");
    std::printf("%s: %s\n", what.c_str(), calls.c_str());
  };
  OldAndNew files;
  files.restart();
  Traced save(files.path);
  expect("a save", calls_of(save, files.folder), "write fsync(file) rename fsync(folder) ");
  if (!files.is_new()) end("a traced save failed");
  const std::string path = files.folder / "journal";
  Traced journal([&] {
    io::Journal file(path);
    file.append("a line\n");
    file.cut(1);
  });
  expect("a journal", calls_of(journal, files.folder),
         "fsync(folder) write fsync(file) write fsync(file) ");
}

struct Injection {
  const char* name;
  int error;  // 0: half of a write, or nothing of it
};

void fail_calls() {
  OldAndNew files;
  int count = 0, refused = 0, went_on = 0;
  constexpr Injection injections[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EINTR", EINTR},
                                      {"EDQUOT", EDQUOT}, {"EACCES", EACCES}, {"EROFS", EROFS},
                                      {"ENOMEM", ENOMEM}, {"short write", 0}};
  for (const Injection& injection : injections)
    for (int at = 1;; ++at) {
      files.restart();
      Traced child(files.path);
      bool more = true;
      for (int i = 0; i < 2 * at - 1 && more; ++i) more = child.next();
      if (!more) break;
      user_regs_struct r = child.registers();
      const auto call = static_cast<long>(r.orig_rax);
      if (call == SYS_exit_group) continue;
      if (injection.error == 0) {
        if (call != SYS_write) continue;
        r.rdx = r.rdx / 2 + (r.rdx == 1 ? 1 : 0);
        child.set(r);
      } else {
        r.orig_rax = ~0ULL;  // no call is made
        child.set(r);
        child.next();
        r = child.registers();
        r.rax = static_cast<unsigned long long>(-injection.error);
        child.set(r);
      }
      while (child.next()) {
      }
      ++count;
      const std::string what =
          std::string(injection.name) + " of system call " + std::to_string(call);
      if (child.result() == 0) {
        ++went_on;
        if (!files.is_new()) end(what + " went unnoticed");
      } else if (child.result() == 1) {
        ++refused;
        if (injection.error == 0) end("a short write was an error");
        if (!files.is_old() && !files.is_new()) end(what + " left neither file");
        const bool left = files.folder.count() > 1;
        if (left && call != SYS_unlinkat && call != SYS_unlink) end(what + " left a temporary");
      } else {
        end(what + " ended the program with " + std::to_string(child.result()));
      }
      files.save_again();
    }
  std::printf(
      "failures of system calls of a save: %d (refused with the old or new file in place "
      "%d, gone round %d)\n",
      count, refused, went_on);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  try {
    if (what == "kill")
      kill(argc > 2 ? std::atoi(argv[2]) : 100);
    else if (what == "kill_at_calls")
      kill_at_calls();
    else if (what == "fail_calls")
      fail_calls();
    else if (what == "order")
      order();
    else
      end("usage: stop_anywhere kill N | kill_at_calls | fail_calls | order");
  } catch (const std::exception& error) {
    end(error.what());
  }
  return 0;
}
