// optional header
// An open file, and an error of the system.
#pragma once

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What the system could not do, and its error code, which is 0 if there was no error.
struct Trouble {
  const char* what = "";
  int error = 0;
};

/// An open file or folder, which the destructor closes. Below 0: none.
class Handle {
 public:
  explicit Handle(int number = -1) noexcept : number_(number) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { close(); }
  int get() const noexcept { return number_; }
  void reset(int number) noexcept {
    close();
    number_ = number;
  }
  /// Whether closing succeeded.
  bool close() noexcept {
    const int number = number_;
    number_ = -1;
    return number < 0 || close_file(number);
  }

 private:
  static bool close_file(int number) noexcept;  // defined for each system

  int number_;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
