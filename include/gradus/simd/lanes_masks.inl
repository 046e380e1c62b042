  // Loads and stores of `count` elements, fewer than a lane has. What lies beyond them in memory is
  // neither read nor written, and is 0 in the lane that was read.
#if GRADUS_AVX == 2
  // A mask is a lane here, of which the first `count` elements are all ones.
  static constexpr std::int32_t ones_then_zeros[16] = {-1, -1, -1, -1, -1, -1, -1, -1};
  template <class T>
  GRADUS_TARGET static void set_first(lane<T>& mask, std::size_t count) {
    const auto* const zeros = reinterpret_cast<const char*>(ones_then_zeros + 8);
    std::memcpy(&mask, zeros - count * sizeof(T), sizeof mask);
  }
  template <class T>
  GRADUS_TARGET static void load_part(lane<T>& r, const T* from, std::size_t count) {
    const auto* const at = reinterpret_cast<const char(*)[GRADUS_BYTES]>(from);
    lane<T> t, mask;
    set_first<T>(mask, count);
    if constexpr (sizeof(T) == 4) {
      asm("vmaskmovps %1, %2, %0" : "=x"(t) : "m"(*at), "x"(mask));
    } else {
      asm("vmaskmovpd %1, %2, %0" : "=x"(t) : "m"(*at), "x"(mask));
    }
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void store_part(T* to, const lane<T>& r, std::size_t count) {
    auto* const at = reinterpret_cast<char(*)[GRADUS_BYTES]>(to);
    lane<T> mask;
    set_first<T>(mask, count);
    if constexpr (sizeof(T) == 4) {
      asm("vmaskmovps %1, %2, %0" : "+m"(*at) : "x"(r), "x"(mask));
    } else {
      asm("vmaskmovpd %1, %2, %0" : "+m"(*at) : "x"(r), "x"(mask));
    }
  }
#else
  // A mask is an integer here, of which the first `count` bits are ones, in a mask register.
  template <class T>
  GRADUS_TARGET static void load_part(lane<T>& r, const T* from, std::size_t count) {
    const auto* const at = reinterpret_cast<const char(*)[GRADUS_BYTES]>(from);
    const unsigned mask = (1U << count) - 1U;
    lane<T> t;
    if constexpr (sizeof(T) == 4) {
      asm("kmovw %2, %%k1\n\tvmovups %1, %0%{%%k1%}%{z%}" : "=v"(t) : "m"(*at), "r"(mask) : "k1");
    } else {
      asm("kmovw %2, %%k1\n\tvmovupd %1, %0%{%%k1%}%{z%}" : "=v"(t) : "m"(*at), "r"(mask) : "k1");
    }
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void store_part(T* to, const lane<T>& r, std::size_t count) {
    auto* const at = reinterpret_cast<char(*)[GRADUS_BYTES]>(to);
    const unsigned mask = (1U << count) - 1U;
    if constexpr (sizeof(T) == 4) {
      asm("kmovw %2, %%k1\n\tvmovups %1, %0%{%%k1%}" : "+m"(*at) : "v"(r), "r"(mask) : "k1");
    } else {
      asm("kmovw %2, %%k1\n\tvmovupd %1, %0%{%%k1%}" : "+m"(*at) : "v"(r), "r"(mask) : "k1");
    }
  }
#endif
