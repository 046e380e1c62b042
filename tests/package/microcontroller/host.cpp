#include <cinttypes>
#include <cstdio>

#include "board.hpp"

void print(const char* name, std::uint64_t value) {
  std::printf("%s %016" PRIx64 "\n", name, value);
}
