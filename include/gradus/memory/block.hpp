// The one allocation of an optimizer.
#pragma once

#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// Raw bytes, aligned to a page so that what is laid out inside keeps its place relative to cache
/// lines in every copy.
class Block {
 public:
  static constexpr std::size_t alignment = 4096;

  Block() = default;
  explicit Block(std::size_t size) : data_(allocate(size)), size_(size) {}
  Block(const Block& o) : Block(o.size_) {
    if (size_ != 0) std::memcpy(data_, o.data_, size_);
  }
  Block(Block&& o) noexcept
      : data_(std::exchange(o.data_, nullptr)), size_(std::exchange(o.size_, 0)) {}
  Block& operator=(Block o) noexcept {
    std::swap(data_, o.data_);
    std::swap(size_, o.size_);
    return *this;
  }
  ~Block() {
    if (data_ != nullptr) ::operator delete(data_, std::align_val_t{alignment});
  }

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }

 private:
  static std::byte* allocate(std::size_t size) {
    return size == 0 ? nullptr
                     : static_cast<std::byte*>(::operator new(size, std::align_val_t{alignment}));
  }

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}}}  // namespace gradus::GRADUS_ABI::detail
