// The x87 unit does not round to double: the schedules would have other bits.
// flags: -mfpmath=387
// expect-gcc: gradus needs double arithmetic that rounds to double: compile with -msse2
// expect-clang: the '387' unit is not supported
#include <gradus/schedule/cosine.hpp>

constexpr gradus::Cosine<> schedule{.start = 1, .end = 0, .steps = 100};
