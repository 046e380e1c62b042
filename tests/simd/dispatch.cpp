#include <gradus/simd/dispatch.hpp>

#include "support/catch.hpp"
#include "support/digest.hpp"

namespace simd = gradus::simd;

namespace {

struct Which {
  simd::Isa& isa;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    isa = I::isa;
  }
};

}  // namespace

TEST_CASE("dispatch runs the path that it is told", "[simd]") {
  for (const simd::Isa isa : support::paths()) {
    simd::Isa ran = simd::Isa::neon;
    if (isa == ran) ran = simd::Isa::scalar;
    simd::dispatch(isa, Which{ran});
    CHECK(ran == isa);
  }
}

#if defined(GRADUS_X86_64)
TEST_CASE("dispatch falls back on the scalar path", "[simd]") {
  simd::Isa ran = simd::Isa::sse2;
  simd::dispatch(simd::Isa::neon, Which{ran});
  CHECK(ran == simd::Isa::scalar);
}
#endif
