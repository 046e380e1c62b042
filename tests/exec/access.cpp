#include <gradus/exec/access.hpp>
#include <gradus/simd/dispatch.hpp>

#include <vector>

#include "support/catch.hpp"

namespace exec = gradus::exec;
using Pack = gradus::simd::pack<gradus::simd::scalar, float>;

TEST_CASE("A slot is read as far as it exists, a block by its codes", "[exec]") {
  const std::vector<float> plain{1, 2, 3};
  float x = 0;
  exec::get<Pack>(plain.data(), 2, 1).store(&x);
  CHECK(x == 3);
  exec::get<Pack>(plain.data(), 3, 0).store(&x);
  CHECK(x == 0);

  std::vector<gradus::Positive8> blocks(2);
  blocks[1].exponent = 127 + 1;
  blocks[1].codes[5] = 31 * 8 + 4;  // 1.5 * 2^1
  exec::get<Pack>(blocks.data(), 64 + 5, 1).store(&x);
  CHECK(x == 3);
}

TEST_CASE("A part of a pack is written, and no more", "[exec]") {
  struct Kernel {
  } kernel;
  float to[2] = {7, 7};
  exec::put_part(Pack(1.0F), to, 0, 0, kernel, 0);
  CHECK(to[0] == 7);
  exec::put(Pack(1.0F), to, 0, kernel, 0);
  CHECK((to[0] == 1 && to[1] == 7));
}
