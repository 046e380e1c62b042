// Memory that tells when somebody writes beside it, and memory where looking beside it ends the
// program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#define GRADUS_TEST_PAGES 1
#endif

namespace support {

/// `n` elements, `offset` elements past a 64-byte boundary, between 64 elements that must not
/// change.
template <class T>
class Fenced {
 public:
  Fenced(std::size_t n, std::size_t offset) : n_(n), memory_((n + 3 * fence) * sizeof(T), mark) {
    const std::size_t past = reinterpret_cast<std::uintptr_t>(memory_.data()) % 64;
    begin_ = (64 - past) % 64 + (fence + offset) * sizeof(T);
  }
  std::span<T> span() { return {reinterpret_cast<T*>(memory_.data() + begin_), n_}; }
  std::span<T> fill(std::span<const T> from) {
    if (!from.empty()) std::memcpy(memory_.data() + begin_, from.data(), from.size_bytes());
    return span();
  }
  /// Whether nothing beside the elements has been written to.
  bool intact() const {
    bool good = true;
    for (std::size_t i = 0; i < memory_.size(); ++i)
      good = good && (memory_[i] == mark || (i >= begin_ && i < begin_ + n_ * sizeof(T)));
    return good;
  }

 private:
  static constexpr std::size_t fence = 64;
  static constexpr unsigned char mark = 0xa5;
  std::size_t n_, begin_ = 0;
  std::vector<unsigned char> memory_;
};

enum class Side { begins_after, ends_before };

/// `n` elements that begin right after, or end right before, a page that nobody may touch.
template <class T>
class Guarded {
 public:
  Guarded(std::size_t n, Side side) : n_(n) {
#if defined(GRADUS_TEST_PAGES)
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t inside = (n * sizeof(T) + page - 1) / page * page;
    size_ = inside + 2 * page;
    void* const at = mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) return;
    base_ = static_cast<std::byte*>(at);
    if (inside != 0 && mprotect(base_ + page, inside, PROT_READ | PROT_WRITE) != 0) return;
    const std::size_t begin = side == Side::begins_after ? page : page + inside - n * sizeof(T);
    data_ = reinterpret_cast<T*>(base_ + begin);
#else
    heap_.resize(n + 1);
    data_ = heap_.data();
    static_cast<void>(side);
#endif
  }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  ~Guarded() {
#if defined(GRADUS_TEST_PAGES)
    if (base_ != nullptr) munmap(base_, size_);
#endif
  }

  /// Null if the system has no such memory for us.
  T* data() { return data_; }
  std::span<T> span() { return {data_, n_}; }
  std::span<T> fill(std::span<const T> from) {
    if (!from.empty()) std::memcpy(data_, from.data(), from.size_bytes());
    return span();
  }

 private:
  std::size_t n_;
  T* data_ = nullptr;
#if defined(GRADUS_TEST_PAGES)
  std::byte* base_ = nullptr;
  std::size_t size_ = 0;
#else
  std::vector<T> heap_;
#endif
};

}  // namespace support
