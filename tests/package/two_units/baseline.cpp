// Compiled for any processor of its kind.
#include "use.hpp"

std::uint64_t baseline() { return digest(); }
void refuse_in_baseline() { refused_call(); }
bool baseline_catches(void (*call)()) { return catches(call); }
