// Compiled for processors with AVX2, where there are such.
#include "use.hpp"

EXPORTED std::uint64_t wide() { return digest(); }
EXPORTED void refuse_in_wide() { refused_call(); }
EXPORTED bool wide_catches(void (*call)()) { return catches(call); }
