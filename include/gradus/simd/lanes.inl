// The lane type of one instruction set: lanes.hpp includes this file once for each, and explains
// the macros. The functions are in three groups, each in a file of its own.
//
// A lane is a plain GNU vector: the headers of the compilers' intrinsics would cost every user half
// a second a file. Every function takes its operands by reference, and is not always_inline: a
// kernel, which has no target of its own, could not call it otherwise. Once the kernel is inlined
// into a function that has the target (dispatch.hpp), these are inlined as well.
struct GRADUS_LANES {
  static constexpr Isa isa = Isa::GRADUS_LANES;
  template <class T>
  static constexpr std::size_t lanes = GRADUS_BYTES / sizeof(T);

  template <class T>
  struct types {
    typedef T lane __attribute__((vector_size(GRADUS_BYTES)));
  };
  template <class T>
  using lane = typename types<T>::lane;
  // A 32-bit word for each float of a lane: its bits, or a half or a code that became wider.
  typedef std::uint32_t words __attribute__((vector_size(GRADUS_BYTES), may_alias));

#include <gradus/simd/lanes_arithmetic.inl>
#include <gradus/simd/lanes_storage.inl>
#if GRADUS_AVX
#include <gradus/simd/lanes_masks.inl>
#endif
};

#undef GRADUS_LANES
#undef GRADUS_BYTES
#undef GRADUS_AVX
#undef GRADUS_TARGET
#undef GRADUS_REG
#undef GRADUS_PIN
#undef GRADUS_UNARY
#undef GRADUS_BINARY
#undef GRADUS_SELECT
