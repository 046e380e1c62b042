// What a program that runs for long says of itself to tools/lib/progress.py.
#pragma once

#include <cstddef>
#include <cstdio>

namespace support {

/// Writes `[3/10]` to stderr whenever another percent is done.
inline void say_how_far(std::size_t done, std::size_t total) {
  if (done == 0 || done * 100 / total != (done - 1) * 100 / total)
    std::fprintf(stderr, "[%zu/%zu]\n", done, total);
}

}  // namespace support
