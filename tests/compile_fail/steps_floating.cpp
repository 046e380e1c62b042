// A length is an integer: 1e4 is none.
// expect-gcc: could not convert .1.0e.4. from .double. to .gradus::v[0-9]+::Length
// expect-clang: no viable conversion from 'double' to '(gradus::)?Length'
#include <gradus/gradus.hpp>

gradus::Cosine<> schedule{.start = 0.1, .end = 0, .steps = 1e4};
