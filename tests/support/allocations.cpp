// Counts the allocations of the program.
#include "support/allocations.hpp"

#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GRADUS_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define GRADUS_TEST_SANITIZED 1
#endif
#endif

std::atomic<long> support::allocation_count{0};

// Replaces malloc itself with glibc and without a sanitizer; otherwise operator new.
#if defined(__GLIBC__) && !defined(GRADUS_TEST_SANITIZED)

extern "C" {
void* __libc_malloc(std::size_t);                 // NOLINT
void* __libc_calloc(std::size_t, std::size_t);    // NOLINT
void* __libc_realloc(void*, std::size_t);         // NOLINT
void* __libc_memalign(std::size_t, std::size_t);  // NOLINT

void* malloc(std::size_t n) noexcept {
  ++support::allocation_count;
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  ++support::allocation_count;
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t n) noexcept {
  ++support::allocation_count;
  return __libc_realloc(p, n);
}
void* aligned_alloc(std::size_t alignment, std::size_t n) noexcept {
  ++support::allocation_count;
  return __libc_memalign(alignment, n);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t n) noexcept {
  ++support::allocation_count;
  *p = __libc_memalign(alignment, n);
  return *p == nullptr ? 12 : 0;  // ENOMEM
}
}

#elif defined(__unix__) || defined(__APPLE__)

void* operator new(std::size_t n) {
  ++support::allocation_count;
  if (void* const p = std::malloc(n == 0 ? 1 : n)) return p;
  throw std::bad_alloc();
}
void* operator new(std::size_t n, std::align_val_t alignment) {
  ++support::allocation_count;
  void* p = nullptr;
  if (posix_memalign(&p, static_cast<std::size_t>(alignment), n) == 0) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

#endif
