// optional header
// A line of text as a value.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <gradus/config/compiler.hpp>
#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// A line of up to 511 characters as a value. A longer line ends in "...".
class Description {
 public:
  constexpr std::string_view text() const noexcept { return {text_.data(), size_}; }
  constexpr const char* c_str() const noexcept { return text_.data(); }
  constexpr operator std::string_view() const noexcept { return text(); }  // NOLINT: implicit

  GRADUS_NOINLINE constexpr Description& operator<<(std::string_view s) noexcept {
    constexpr std::string_view more = "...";
    const std::size_t room = text_.size() - 1 - size_;
    const std::size_t taken = s.size() < room ? s.size() : room;
    for (std::size_t i = 0; i < taken; ++i) text_[size_++] = s[i];
    if (taken < s.size())
      for (std::size_t i = 0; i < more.size(); ++i) text_[size_ - more.size() + i] = more[i];
    return *this;
  }

 private:
  std::array<char, 512> text_{};
  std::size_t size_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::io
