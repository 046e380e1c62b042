  // The arithmetic of lanes: every operation rounds once in every element, in the order written.
  //
  // Compilers would change that. g++ fuses a product and a sum into one operation wherever the
  // target can, and -Ofast lets it regroup sums. GRADUS_PIN stops both: an empty asm statement that
  // may have changed the lane, which no optimisation looks through and which costs no instruction.
  // Division, square root and comparison are instructions in asm statements, because -Ofast
  // replaces those by others.
#define GRADUS_PIN(t) asm("" : "+" GRADUS_REG(t))

  // x in every element. A difference, because -0 + 0 would be +0.
  template <class T>
  GRADUS_TARGET static void broadcast(lane<T>& r, T x) {
    r = x - lane<T>{};
  }
  template <class T>
  GRADUS_TARGET static void add(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a + b;
    GRADUS_PIN(t);
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void sub(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a - b;
    GRADUS_PIN(t);
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void mul(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a * b;
    GRADUS_PIN(t);
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void div(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_BINARY("div", GRADUS_FLOAT) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_BINARY("div", GRADUS_DOUBLE) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
  }
  // r = a * b + r, rounded once. A path without such an instruction asks the C library.
  template <class T>
  GRADUS_TARGET static void fused(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = r;
#if GRADUS_AVX
#define GRADUS_FUSED(type) "vfmadd231" type " %2, %1, %0"
#elif defined(GRADUS_AARCH64)
#define GRADUS_FUSED(type) "fmla %0." type ", %1." type ", %2." type
#endif
#if defined(GRADUS_FUSED)
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_FUSED(GRADUS_FLOAT) : "+" GRADUS_REG(t) : GRADUS_REG(a), GRADUS_REG(b));
    } else {
      asm(GRADUS_FUSED(GRADUS_DOUBLE) : "+" GRADUS_REG(t) : GRADUS_REG(a), GRADUS_REG(b));
    }
#undef GRADUS_FUSED
#else
    T sums[lanes<T>];  // g++ 11 warns of elements that are set one by one in a lane
    std::memcpy(sums, &r, sizeof sums);
    for (std::size_t i = 0; i < lanes<T>; ++i)
      sums[i] = gradus::detail::fused(a[i], b[i], sums[i]);
    std::memcpy(&t, sums, sizeof sums);
#endif
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void sqrt(lane<T>& r, const lane<T>& a) {
    lane<T> t;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_UNARY("sqrt", GRADUS_FLOAT) : "=" GRADUS_REG(t) : GRADUS_REG(a));
    } else {
      asm(GRADUS_UNARY("sqrt", GRADUS_DOUBLE) : "=" GRADUS_REG(t) : GRADUS_REG(a));
    }
    r = t;
  }

  // The sign is a bit, which zeros and NaN have as well.
  template <class T>
  struct sign {
    typedef std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t> word;
    typedef word lane_of_words __attribute__((vector_size(GRADUS_BYTES)));
    static constexpr word bit = word{1} << (sizeof(T) * 8 - 1);
  };
  template <class T>
  GRADUS_TARGET static void abs(lane<T>& r, const lane<T>& a) {
    typedef typename sign<T>::lane_of_words bits;
    r = reinterpret_cast<lane<T>>(reinterpret_cast<bits>(a) & ~sign<T>::bit);
  }
  template <class T>
  GRADUS_TARGET static void negate(lane<T>& r, const lane<T>& a) {
    typedef typename sign<T>::lane_of_words bits;
    r = reinterpret_cast<lane<T>>(reinterpret_cast<bits>(a) ^ sign<T>::bit);
  }

  // r = x < y ? a : b; b where x or y is NaN.
  template <class T>
  GRADUS_TARGET static void select_less(lane<T>& r, const lane<T>& x, const lane<T>& y,
                                               const lane<T>& a, const lane<T>& b) {
    lane<T> t;
    if constexpr (sizeof(T) == 4) {
      GRADUS_SELECT(GRADUS_FLOAT);
    } else {
      GRADUS_SELECT(GRADUS_DOUBLE);
    }
    r = t;
  }
  // r = a < b ? a : b, and r = a > b ? a : b; both b where a or b is NaN. That is how one
  // instruction of x86 defines them; NEON's instructions treat NaN in another way.
#if defined(GRADUS_X86_64)
  template <class T>
  GRADUS_TARGET static void min(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_BINARY("min", GRADUS_FLOAT) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_BINARY("min", GRADUS_DOUBLE) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
  }
  template <class T>
  GRADUS_TARGET static void max(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm(GRADUS_BINARY("max", GRADUS_FLOAT) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    } else {
      asm(GRADUS_BINARY("max", GRADUS_DOUBLE) : "+" GRADUS_REG(t) : GRADUS_REG(b));
    }
    r = t;
  }
#else
  template <class T>
  GRADUS_TARGET static void min(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    select_less<T>(r, a, b, a, b);
  }
  template <class T>
  GRADUS_TARGET static void max(lane<T>& r, const lane<T>& a, const lane<T>& b) {
    select_less<T>(r, b, a, a, b);
  }
#endif

  // a, where infinity becomes the largest finite number, and -infinity its negative. AVX-512 has an
  // instruction that replaces numbers by their class: the digits of `by_class` from the right are
  // for quiet and signalling NaN, 0, 1, -infinity, infinity, other negative and positive numbers. 0
  // keeps a number, e makes it the largest finite number, f the negative of that.
  template <class T>
  GRADUS_TARGET static void limited(lane<T>& r, const lane<T>& a) {
#if GRADUS_AVX == 512
    const words by_class = 0x00ef0000U + words{};
    lane<T> t = a;
    if constexpr (sizeof(T) == 4) {
      asm("vfixupimmps $0, %1, %0, %0" : "+v"(t) : "v"(by_class));
    } else {
      asm("vfixupimmpd $0, %1, %0, %0" : "+v"(t) : "v"(by_class));
    }
    r = t;
#else
    lane<T> most, t;
    broadcast<T>(most, std::numeric_limits<T>::max());
    min<T>(t, most, a);
    max<T>(r, -most, t);
#endif
  }

  // r = a / b, where a is the square root of a number and b, a `Divisor`, is in [2^-27, 1]. The
  // divider is slow; fused multiply-adds give the same bits without it, because b comes with 1 / b,
  // rounded (`inverse`) and as the sum of two numbers (`below` + `rest`):
  //
  //   q    = a * rest + a * below    the quotient, to one unit in the last place
  //   left = a - q * b               exact
  //   r    = q + left * inverse      the quotient, correctly rounded
  //
  // Source: P. Markstein, Computation of elementary functions on the IBM RISC System/6000
  // processor, 1990, theorem 8.2. Nothing underflows, because a is 0 or at least 2^-75 (double:
  // 2^-537). Where a is infinite, `left` is NaN; max(left, floor) turns that into a finite number,
  // so that q stays infinite. For a = -0 the result is +0.
  template <class T, class D>
  GRADUS_TARGET static void div_root(lane<T>& r, const lane<T>& a, const D& b) {
    lane<T> value;
    broadcast<T>(value, b.value);
#if GRADUS_AVX
    lane<T> inverse, below, rest;
    broadcast<T>(inverse, b.inverse);
    broadcast<T>(below, b.below);
    broadcast<T>(rest, b.rest);
    const lane<T> floor = -std::numeric_limits<T>::max() - lane<T>{};
    lane<T> q = a * rest, left = a;
    GRADUS_PIN(q);
#define GRADUS_DIVIDE(type)                                                              \
  asm("vfmadd231" type " %3, %2, %0\n\tvfnmadd231" type " %4, %0, %1\n\tvmax" type \
      " %6, %1, %1\n\tvfmadd231" type " %5, %1, %0"                                    \
      : "+&" GRADUS_REG(q), "+&" GRADUS_REG(left)                                      \
      : GRADUS_REG(a), GRADUS_REG(below), GRADUS_REG(value), GRADUS_REG(inverse), GRADUS_REG(floor))
    if constexpr (sizeof(T) == 4) {
      GRADUS_DIVIDE(GRADUS_FLOAT);
    } else {
      GRADUS_DIVIDE(GRADUS_DOUBLE);
    }
#undef GRADUS_DIVIDE
    r = q;
#else
    div<T>(r, a, value);
#endif
  }
