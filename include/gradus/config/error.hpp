// The exception of a call with invalid input.
#pragma once

#include <exception>

#include <gradus/config/compiler.hpp>

namespace gradus {

/// What gradus throws when it refuses a call: one sentence that says what is wrong. A sentence of
/// more than 1,000 characters is cut and ends in "...".
///
/// All translation units of a program share this type, unlike the types in the inline namespace
/// GRADUS_ABI, so that each unit catches what any other throws, also if they are compiled for
/// different processors. So whatever may be compiled to instructions of one processor is always
/// inlined: the linker keeps one copy of every other function.
class GRADUS_SHARED Error : public std::exception {
 public:
  static constexpr int max_size = 1000;

  GRADUS_KERNEL explicit Error(const char* sentence) noexcept { write(sentence); }
  GRADUS_KERNEL Error(const Error& other) noexcept : std::exception(other) { write(other.text_); }
  GRADUS_KERNEL Error& operator=(const Error& other) noexcept {
    write(other.text_);
    return *this;
  }

  const char* what() const noexcept override { return text_; }

 private:
  GRADUS_KERNEL void write(const char* sentence) noexcept {
    int size = 0;
    while (size < max_size && sentence[size] != '\0') ++size;
    const bool cut = sentence[size] != '\0';
    if (cut) size -= 3;
    while (cut && size > 0 && (sentence[size] & 0xC0) == 0x80)
      --size;  // not inside a character of UTF-8
    for (int i = 0; i < size; ++i) text_[i] = sentence[i];
    for (int i = 0; cut && i < 3; ++i) text_[size++] = '.';
    text_[size] = '\0';
  }

  char text_[max_size + 1];
};

}  // namespace gradus
