  // Loads and stores of whole lanes, from and to every type that `storage/` has. A number that
  // memory holds in 16 or 8 bits, a half or a code, becomes the low bits of a word of 32 bits; the
  // types themselves say how a word becomes a float (`widen`, `decode`) and back.

  // How the elements of a lane of T lie in memory when they are stored as S, at any alignment;
  // halves as integers. A vector's alignment would be lost if its type were a template's argument,
  // so functions take pointers to elements, and name this type themselves.
  template <class T, class S>
  struct memory {
    typedef std::conditional_t<Half<S>, std::uint16_t, S> element;
    typedef element stored
        __attribute__((vector_size(lanes<T> * sizeof(S)), aligned(alignof(S)), may_alias));
  };
  typedef std::uint8_t codes __attribute__((vector_size(GRADUS_BYTES / 4), aligned(1), may_alias));

  // The bits of halves, and of codes, as words. Without AVX-512 compilers store words of which the
  // upper bits are known to be 0 in the best way by themselves.
  template <class S>
  GRADUS_TARGET static void load_half_bits(words& r, const S* from) {
    typedef typename memory<float, S>::stored stored;
    const auto* const at = reinterpret_cast<const stored*>(from);
#if GRADUS_AVX
    asm("vpmovzxwd %1, %0" : "=" GRADUS_REG(r) : "m"(*at));
#else
    r = __builtin_convertvector(*at, words);
#endif
  }
  template <class S>
  GRADUS_TARGET static void store_half_bits(S* to, const words& r) {
    typedef typename memory<float, S>::stored stored;
    auto* const at = reinterpret_cast<stored*>(to);
#if GRADUS_AVX == 512
    asm("vpmovdw %1, %0" : "=m"(*at) : "v"(r));
#else
    typedef std::uint16_t halves __attribute__((vector_size(GRADUS_BYTES / 2)));
    *at = __builtin_convertvector(r, halves);
#endif
  }
  GRADUS_TARGET static void load_code_bits(words& r, const std::uint8_t* from) {
    const auto* const at = reinterpret_cast<const codes*>(from);
#if GRADUS_AVX
    asm("vpmovzxbd %1, %0" : "=" GRADUS_REG(r) : "m"(*at));
#else
    r = __builtin_convertvector(*at, words);
#endif
  }
  GRADUS_TARGET static void store_code_bits(std::uint8_t* to, const words& r) {
    auto* const at = reinterpret_cast<codes*>(to);
#if GRADUS_AVX == 512
    asm("vpmovdb %1, %0" : "=m"(*at) : "v"(r));
#else
    *at = __builtin_convertvector(r, codes);
#endif
  }

  // Halves as floats. AVX has instructions for float16, and AVX-512 one that makes every NaN
  // `bfloat16::one_nan`.
  template <class S>
  GRADUS_TARGET static void load_halves(lane<float>& r, const S* from) {
#if GRADUS_AVX
    if constexpr (std::same_as<S, float16>) {
      typedef typename memory<float, S>::stored stored;
      asm("vcvtph2ps %1, %0" : "=" GRADUS_REG(r) : "m"(*reinterpret_cast<const stored*>(from)));
      return;
    }
#endif
    words word;
    load_half_bits(word, from);
    S::template widen<lane<float>>(word);
    r = reinterpret_cast<lane<float>>(word);
  }
  template <class S>
  GRADUS_TARGET static void store_halves(S* to, const lane<float>& r) {
#if GRADUS_AVX
    if constexpr (std::same_as<S, float16>) {
      typedef typename memory<float, S>::stored stored;
      asm("vcvtps2ph $0, %1, %0" : "=m"(*reinterpret_cast<stored*>(to)) : GRADUS_REG(r));
      return;
    }
#endif
    words word = reinterpret_cast<words>(r);
#if GRADUS_AVX == 512
    if constexpr (std::same_as<S, bfloat16>) {
      asm("vfixupimmps $0, %1, %0, %0" : "+v"(word) : "v"(0x11111133U + words{}));
      S::narrow_number(word);
    } else
#endif
      S::template narrow<lane<float>>(word);
    store_half_bits(to, word);
  }

  // Without the pin g++ would read the same memory again for every use of the lane.
  template <class T, class S>
  GRADUS_TARGET static void load(lane<T>& r, const S* from) {
    typedef typename memory<T, S>::stored stored;
    lane<T> t;
    if constexpr (std::same_as<T, S>) {
      t = *reinterpret_cast<const stored*>(from);
    } else if constexpr (Half<S>) {
      load_halves(t, from);
    } else {
      t = __builtin_convertvector(*reinterpret_cast<const stored*>(from), lane<T>);
    }
    GRADUS_PIN(t);
    r = t;
  }
  template <class T, class S>
  GRADUS_TARGET static void store(S* to, const lane<T>& r) {
    typedef typename memory<T, S>::stored stored;
    if constexpr (std::same_as<T, S>) {
      *reinterpret_cast<stored*>(to) = r;
    } else if constexpr (Half<S>) {
      store_halves(to, r);
    } else {
      typedef S unaligned __attribute__((vector_size(lanes<T> * sizeof(S))));
      *reinterpret_cast<stored*>(to) = __builtin_convertvector(r, unaligned);
    }
  }
  // a as it would be after a store as S and a load.
  template <class S>
  GRADUS_TARGET static void rounded(lane<float>& r, const lane<float>& a) {
    words word = reinterpret_cast<words>(a);
    S::template narrow<lane<float>>(word);
    S::template widen<lane<float>>(word);
    GRADUS_PIN(word);
    r = reinterpret_cast<lane<float>>(word);
  }

  // Random numbers: element k of a lane is drawn with the number `counter` + k, of which these are
  // the lower and the upper 32 bits. The type of a lane of words is U, because g++ deduces no
  // vector type that depends on a template's parameter.
  template <class U>
  GRADUS_TARGET static void count(U& low, U& high, std::uint64_t counter) {
    for (std::size_t k = 0; k < sizeof(U) / 4; ++k) low[k] = static_cast<std::uint32_t>(k);
    const auto first = static_cast<std::uint32_t>(counter);
    low += first;
    const U carry = reinterpret_cast<U>(low < first);  // -1 where low overflowed
    high = static_cast<std::uint32_t>(counter >> 32) - carry;
  }
  // Adds two random numbers of 16 bits for each key.
  template <class U, class Keys>
  GRADUS_TARGET static void sum_draws(U& sum, const Keys& keys, std::uint64_t counter) {
    U low, high;
    count(low, high, counter);
    for (const RandomKey& key : keys) {
      U random = high;
      gradus::detail::random_bits(random, low, key);
      sum += (random & 0xffffU) + (random >> 16);
    }
  }
  template <class T, class Keys>
  GRADUS_TARGET static void random_sum(lane<T>& r, const Keys& keys, std::uint64_t counter) {
    typedef std::uint32_t drawn __attribute__((vector_size(lanes<T> * 4)));
    typedef std::int32_t whole __attribute__((vector_size(lanes<T> * 4)));
    drawn sum{};
    sum_draws(sum, keys, counter);
    r = __builtin_convertvector(reinterpret_cast<whole>(sum), lane<T>);
  }
  // Stores halves, each rounded up or down at random.
  template <class S>
  GRADUS_TARGET static void store_randomly(S* to, const lane<float>& r, const RandomKey& key,
                                                  std::uint64_t counter) {
    words low, random;
    count(low, random, counter);
    gradus::detail::random_bits(random, low, key);
    words word = reinterpret_cast<words>(r);
    S::narrow_randomly(word, random);
    store_half_bits(to, word);
  }

  // Codes of a block of type S; every element of `origin` is the block's origin, a float.
  template <class S>
  GRADUS_TARGET static void load_codes(lane<float>& r, const std::uint8_t* from,
                                              const lane<float>& origin) {
    words word;
    load_code_bits(word, from);
    S::template decode<lane<float>>(word, reinterpret_cast<const words&>(origin));
    GRADUS_PIN(word);
    r = reinterpret_cast<lane<float>>(word);
  }
  template <class S>
  GRADUS_TARGET static void store_codes(std::uint8_t* to, const lane<float>& r,
                                               const lane<float>& origin, const words& dither) {
    words word = reinterpret_cast<words>(r);
    S::template encode<lane<float>>(word, reinterpret_cast<const words&>(origin), dither);
    store_code_bits(to, word);
  }
  // The dithers of a lane of elements, of which `first` is the first one's; and of the next lane.
  GRADUS_TARGET static void begin_dither(words& r, std::uint32_t first) {
    words t;
    for (std::size_t k = 0; k < lanes<float>; ++k)
      t[k] = static_cast<std::uint32_t>(k) * gradus::detail::dither_by_element;
    r = t + first;
  }
  GRADUS_TARGET static void next_dither(words& r) {
    r += static_cast<std::uint32_t>(lanes<float>) * gradus::detail::dither_by_element;
  }
  // The largest number of a block, by the bits of |x|: in every element of a lane, then in all.
  GRADUS_TARGET static void grow(lane<float>& r, const lane<float>& x) {
    const words most = reinterpret_cast<words>(r), size = reinterpret_cast<words>(x) & 0x7fffffffU;
    r = reinterpret_cast<lane<float>>(size > most ? size : most);
  }
  GRADUS_TARGET static std::uint32_t largest(const lane<float>& x) {
    typedef std::uint32_t chunk __attribute__((vector_size(16)));
    chunk chunks[GRADUS_BYTES / 16];
    std::memcpy(chunks, &x, sizeof chunks);
    chunk most = chunks[0];
    for (const chunk& each : chunks) most = each > most ? each : most;
    const std::uint32_t a = most[0] > most[1] ? most[0] : most[1];
    const std::uint32_t b = most[2] > most[3] ? most[2] : most[3];
    return a > b ? a : b;
  }
