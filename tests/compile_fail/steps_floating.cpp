// A length is an integer: 1e4 is none.
// expect: Length
#include <gradus/gradus.hpp>

gradus::Cosine<> schedule{.start = 0.1, .end = 0, .steps = 1e4};
