// One instruction set's lanes; included once for each, with these defined: GRADUS_LANES (its name),
// GRADUS_BYTES (a lane's width), GRADUS_TARGET (the function attribute), GRADUS_REG (the register
// constraint) and division, square root and selection for float and double. Plain GNU vectors: the
// intrinsics' headers would cost every user half a second a file.
//
// Every function takes its operands by reference and is not always_inline, so that kernels, which
// know no target, may name them. The empty asm after each operation keeps it one operation: no
// contraction into a multiply-add (g++ does that by default, even across vector operations), no
// reassociation under -Ofast. After a load it keeps g++ from reading the same memory again for
// every use. Square root, division and comparison are written as instructions, out of the reach of
// fast-math.
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

  // A lane's worth of elements as they lie in memory: of type S, of any alignment; halves are words
  // of 16 bits there, and of 32 where they are taken apart.
  template <class T, class S>
  struct memory {
    typedef std::conditional_t<Half<S>, std::uint16_t, S> element;
    typedef element stored
        __attribute__((vector_size(lanes<T> * sizeof(S)), aligned(alignof(S)), may_alias));
  };
  typedef std::uint32_t words __attribute__((vector_size(GRADUS_BYTES), may_alias));
  typedef std::uint8_t bytes __attribute__((vector_size(GRADUS_BYTES / 4), aligned(1), may_alias));

  // Halves as they lie in memory, to words of 32 bits and back. By pointers to elements: a template
  // would take the alignment of a vector for its type's.
  template <class S>
  GRADUS_TARGET static inline void take_halves(words& r, const S* from) {
    typedef typename memory<float, S>::stored stored;
#if defined(GRADUS_TAKE_HALVES)
    GRADUS_TAKE_HALVES(r, reinterpret_cast<const stored*>(from));
#else
    r = __builtin_convertvector(*reinterpret_cast<const stored*>(from), words);
#endif
  }
  template <class S>
  GRADUS_TARGET static inline void put_halves(S* to, const words& r) {
    typedef typename memory<float, S>::stored stored;
#if defined(GRADUS_PUT_HALVES)
    GRADUS_PUT_HALVES(reinterpret_cast<stored*>(to), r);
#else
    typedef std::uint16_t halves __attribute__((vector_size(GRADUS_BYTES / 2)));
    *reinterpret_cast<stored*>(to) = __builtin_convertvector(r, halves);
#endif
  }
  // Between halves and floats; float16 by the processor's own instructions, where it has them.
  template <class S>
  GRADUS_TARGET static inline void take(lane<float>& r, const S* from) {
#if defined(GRADUS_TAKE_FLOAT16)
    if constexpr (std::same_as<S, float16>) {
      typedef typename memory<float, S>::stored stored;
      GRADUS_TAKE_FLOAT16(r, reinterpret_cast<const stored*>(from));
      return;
    }
#endif
    words word;
    take_halves(word, from);
    S::template widen<lane<float>>(word);
    r = reinterpret_cast<lane<float>>(word);
  }
  template <class S>
  GRADUS_TARGET static inline void put(S* to, const lane<float>& r) {
#if defined(GRADUS_PUT_FLOAT16)
    if constexpr (std::same_as<S, float16>) {
      typedef typename memory<float, S>::stored stored;
      GRADUS_PUT_FLOAT16(reinterpret_cast<stored*>(to), r);
      return;
    }
#endif
    words word = reinterpret_cast<words>(r);
#if defined(GRADUS_ONE_NAN)
    if constexpr (std::same_as<S, bfloat16>) {
      GRADUS_ONE_NAN(word);
      S::narrow_number(word);
    } else
#endif
      S::template narrow<lane<float>>(word);
    put_halves(to, word);
  }

  template <class T>
  GRADUS_TARGET static inline void broadcast(lane<T>& r, T x) {
    r = x - lane<T>{};
  }
  template <class T, class S>
  GRADUS_TARGET static inline void load(lane<T>& r, const S* from) {
    typedef typename memory<T, S>::stored stored;
    lane<T> t;
    if constexpr (std::same_as<T, S>) {
      t = *reinterpret_cast<const stored*>(from);
    } else if constexpr (Half<S>) {
      take(t, from);
    } else {
      t = __builtin_convertvector(*reinterpret_cast<const stored*>(from), lane<T>);
    }
    asm("" : "+" GRADUS_REG(t));
    r = t;
  }
  template <class T, class S>
  GRADUS_TARGET static inline void store(S* to, const lane<T>& r) {
    typedef typename memory<T, S>::stored stored;
    if constexpr (std::same_as<T, S>) {
      *reinterpret_cast<stored*>(to) = r;
    } else if constexpr (Half<S>) {
      put(to, r);
    } else {
      typedef S narrow __attribute__((vector_size(lanes<T> * sizeof(S))));
      *reinterpret_cast<stored*>(to) = __builtin_convertvector(r, narrow);
    }
  }
  template <class S>
  GRADUS_TARGET static inline void rounded(lane<float>& r, const lane<float>& a) {
    words word = reinterpret_cast<words>(a);
    S::template narrow<lane<float>>(word);
    S::template widen<lane<float>>(word);
    asm("" : "+" GRADUS_REG(word));
    r = reinterpret_cast<lane<float>>(word);
  }
  // The halves of `counter` + k for element k of U, a lane of words.
  template <class U>
  GRADUS_TARGET static inline void count(U& low, U& high, std::uint64_t counter) {
    for (std::size_t k = 0; k < sizeof(U) / 4; ++k) low[k] = static_cast<std::uint32_t>(k);
    const auto first = static_cast<std::uint32_t>(counter);
    low += first;
    const U carry = reinterpret_cast<U>(low < first);  // all ones where it wrapped round
    high = static_cast<std::uint32_t>(counter >> 32) - carry;
  }
  // Sums of two random numbers of 16 bits for each key: element k by draw `counter` + k. In words,
  // by a function of its own (g++ does not deduce a vector type that depends on a parameter).
  template <class U, class Keys>
  GRADUS_TARGET static inline void sum_draws(U& sum, const Keys& keys, std::uint64_t counter) {
    U low, high;
    count(low, high, counter);
    for (const RandomKey& key : keys) {
      U random = high;
      gradus::detail::random_bits(random, low, key);
      sum += (random & 0xffffU) + (random >> 16);
    }
  }
  template <class T, class Keys>
  GRADUS_TARGET static inline void random_sum(lane<T>& r, const Keys& keys, std::uint64_t counter) {
    typedef std::uint32_t drawn __attribute__((vector_size(lanes<T> * 4)));
    typedef std::int32_t whole __attribute__((vector_size(lanes<T> * 4)));
    drawn sum{};
    sum_draws(sum, keys, counter);
    r = __builtin_convertvector(reinterpret_cast<whole>(sum), lane<T>);
  }
  // Rounded at random: element k of the lane by draw `counter` + k.
  template <class S>
  GRADUS_TARGET static inline void store_randomly(S* to, const lane<float>& r, const RandomKey& key,
                                                  std::uint64_t counter) {
    words low, random;
    count(low, random, counter);
    gradus::detail::random_bits(random, low, key);
    words word = reinterpret_cast<words>(r);
    S::narrow_randomly(word, random);
    put_halves(to, word);
  }
  // Between codes of 8 bits and floats; `origin` is a float's bits in every lane.
  template <class S>
  GRADUS_TARGET static inline void load_codes(lane<float>& r, const std::uint8_t* from,
                                              const lane<float>& origin) {
    words word;
#if defined(GRADUS_TAKE_BYTES)
    GRADUS_TAKE_BYTES(word, reinterpret_cast<const bytes*>(from));
#else
    word = __builtin_convertvector(*reinterpret_cast<const bytes*>(from), words);
#endif
    S::template decode<lane<float>>(word, reinterpret_cast<const words&>(origin));
    asm("" : "+" GRADUS_REG(word));
    r = reinterpret_cast<lane<float>>(word);
  }
  template <class S>
  GRADUS_TARGET static inline void store_codes(std::uint8_t* to, const lane<float>& r,
                                               const lane<float>& origin, const words& dither) {
    words word = reinterpret_cast<words>(r);
    S::template encode<lane<float>>(word, reinterpret_cast<const words&>(origin), dither);
#if defined(GRADUS_PUT_BYTES)
    GRADUS_PUT_BYTES(reinterpret_cast<bytes*>(to), word);
#else
    *reinterpret_cast<bytes*>(to) = __builtin_convertvector(word, bytes);
#endif
  }
  // The dithers of an element and those behind it; those of the next lane.
  GRADUS_TARGET static inline void begin_dither(words& r, std::uint32_t first) {
    words t;
    for (std::size_t k = 0; k < lanes<float>; ++k)
      t[k] = static_cast<std::uint32_t>(k) * gradus::detail::dither_by_element;
    r = t + first;
  }
  GRADUS_TARGET static inline void next_dither(words& r) {
    r += static_cast<std::uint32_t>(lanes<float>) * gradus::detail::dither_by_element;
  }
  // r = the larger of r and |x| as bits, in every lane; and the largest of all lanes.
  GRADUS_TARGET static inline void grow(lane<float>& r, const lane<float>& x) {
    const words most = reinterpret_cast<words>(r), size = reinterpret_cast<words>(x) & 0x7fffffffU;
    r = reinterpret_cast<lane<float>>(size > most ? size : most);
  }
  GRADUS_TARGET static inline std::uint32_t largest(const lane<float>& x) {
    typedef std::uint32_t part __attribute__((vector_size(16)));
    part parts[GRADUS_BYTES / 16];
    std::memcpy(parts, &x, sizeof parts);
    part most = parts[0];
    for (std::size_t k = 1; k < GRADUS_BYTES / 16; ++k) most = parts[k] > most ? parts[k] : most;
    const std::uint32_t a = most[0] > most[1] ? most[0] : most[1];
    const std::uint32_t b = most[2] > most[3] ? most[2] : most[3];
    return a > b ? a : b;
  }
#if defined(GRADUS_PART)
  template <class T>
  GRADUS_TARGET static inline void load_part(lane<T>& r, const T* from, std::size_t count) {
    const auto* const at = reinterpret_cast<const char(*)[GRADUS_BYTES]>(from);
    lane<T> t;
    GRADUS_PART(MASK, mask, count);
    if constexpr (sizeof(T) == 4) {
      GRADUS_PART(LOAD, "ps", t, mask, at);
    } else {
      GRADUS_PART(LOAD, "pd", t, mask, at);
    }
    r = t;
  }
  template <class T>
  GRADUS_TARGET static inline void store_part(T* to, const lane<T>& r, std::size_t count) {
    auto* const at = reinterpret_cast<char(*)[GRADUS_BYTES]>(to);
    GRADUS_PART(MASK, mask, count);
    if constexpr (sizeof(T) == 4) {
      GRADUS_PART(STORE, "ps", r, mask, at);
    } else {
      GRADUS_PART(STORE, "pd", r, mask, at);
    }
  }
#endif
  template <class T>
  GRADUS_TARGET static inline void add(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a + b;
    asm("" : "+" GRADUS_REG(t));
    r = t;
  }
  template <class T>
  GRADUS_TARGET static inline void sub(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a - b;
    asm("" : "+" GRADUS_REG(t));
    r = t;
  }
  template <class T>
  GRADUS_TARGET static inline void mul(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a * b;
    asm("" : "+" GRADUS_REG(t));
    r = t;
  }
  template <class T>
  GRADUS_TARGET static inline void div(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_DIV_FLOAT : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_DIV_DOUBLE : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
  }
  // r = a / b for a the square root of a number and b in [2^-27, 1], given 1 / b rounded once and
  // in two pieces, below + rest: the same bits as a division. The pieces make q = a * rest + a *
  // below faithful (within one unit in the last place); then a - q * b is exact, and q + (a - q *
  // b) * inverse is rounded correctly (P. Markstein, Computation of elementary functions on the IBM
  // RISC System/6000 processor, 1990, theorem 8.2). Nothing underflows: a is 0 or at least 2^-75
  // (2^-537). An infinite a makes the residual NaN; the maximum with a finite number, which comes
  // second, then yields that number, and q stays infinite. Of a = -0 the sign is lost.
  template <class T, class D>
  GRADUS_TARGET static inline void div_root(lane<T>& r, const lane<T>& a, const D& b) {
    lane<T> value;
    broadcast<T>(value, b.value);
#if defined(GRADUS_FMA_FLOAT)
    lane<T> inverse, below, rest;
    broadcast<T>(inverse, b.inverse);
    broadcast<T>(below, b.below);
    broadcast<T>(rest, b.rest);
    const lane<T> floor = -std::numeric_limits<T>::max() - lane<T>{};
    lane<T> q = a * rest, left = a;
    asm("" : "+" GRADUS_REG(q));
    if constexpr (sizeof(T) == 4) {
      GRADUS_FMA_FLOAT(q, left, a, value, inverse, below, floor);
    } else {
      GRADUS_FMA_DOUBLE(q, left, a, value, inverse, below, floor);
    }
    r = q;
#else
    div<T>(r, a, value);
#endif
  }
  template <class T>
  GRADUS_TARGET static inline void sqrt(lane<T>& r, const lane<T>& a) {
    lane<T> t;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_SQRT_FLOAT : "=" GRADUS_REG(t) : GRADUS_REG(a));
    } else {
      asm(GRADUS_SQRT_DOUBLE : "=" GRADUS_REG(t) : GRADUS_REG(a));
    }
    r = t;
  }
  // By the sign's bit: also of zeros and of what is not a number.
  template <class T>
  GRADUS_TARGET static inline void abs(lane<T>& r, const lane<T>& a) {
    typedef std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> word;
    typedef word bits __attribute__((vector_size(GRADUS_BYTES)));
    r = reinterpret_cast<lane<T>>(reinterpret_cast<bits>(a) & (~word{0} >> 1));
  }
  template <class T>
  GRADUS_TARGET static inline void negate(lane<T>& r, const lane<T>& a) {
    typedef std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> word;
    typedef word bits __attribute__((vector_size(GRADUS_BYTES)));
    r = reinterpret_cast<lane<T>>(reinterpret_cast<bits>(a) ^ (~(~word{0} >> 1)));
  }
  // r = x < y ? a : b, in every lane; b where x or y is NaN.
  template <class T>
  GRADUS_TARGET static inline void select_less(lane<T>& r, const lane<T>& x, const lane<T>& y,
                                               const lane<T>& a, const lane<T>& b) {
    lane<T> t;
    if constexpr (sizeof(T) == 4) {
      GRADUS_SELECT_FLOAT(t, x, y, a, b);
    } else {
      GRADUS_SELECT_DOUBLE(t, x, y, a, b);
    }
    r = t;
  }
  // r = a < b ? a : b, in every lane; b where a or b is NaN.
  template <class T>
  GRADUS_TARGET static inline void min(lane<T>& r, const lane<T>& a, const lane<T>& b) {
#if defined(GRADUS_MIN_FLOAT)
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_MIN_FLOAT : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_MIN_DOUBLE : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
#else
    select_less<T>(r, a, b, a, b);
#endif
  }
  // r = a > b ? a : b, in every lane; b where a or b is NaN.
  template <class T>
  GRADUS_TARGET static inline void max(lane<T>& r, const lane<T>& a, const lane<T>& b) {
#if defined(GRADUS_MAX_FLOAT)
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_MAX_FLOAT : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_MAX_DOUBLE : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
#else
    select_less<T>(r, b, a, a, b);
#endif
  }
};
#undef GRADUS_LANES
#undef GRADUS_BYTES
#undef GRADUS_TARGET
#undef GRADUS_REG
#undef GRADUS_DIV_FLOAT
#undef GRADUS_DIV_DOUBLE
#undef GRADUS_SQRT_FLOAT
#undef GRADUS_SQRT_DOUBLE
#undef GRADUS_MIN_FLOAT
#undef GRADUS_MIN_DOUBLE
#undef GRADUS_MAX_FLOAT
#undef GRADUS_MAX_DOUBLE
#undef GRADUS_SELECT_FLOAT
#undef GRADUS_SELECT_DOUBLE
#undef GRADUS_PART
#undef GRADUS_TAKE_HALVES
#undef GRADUS_PUT_HALVES
#undef GRADUS_TAKE_BYTES
#undef GRADUS_PUT_BYTES
#undef GRADUS_TAKE_FLOAT16
#undef GRADUS_PUT_FLOAT16
#undef GRADUS_ONE_NAN
#undef GRADUS_FMA_FLOAT
#undef GRADUS_FMA_DOUBLE
