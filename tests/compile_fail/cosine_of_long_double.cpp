// Schedules are made of float or double.
// expect: Real
#include <gradus/gradus.hpp>

gradus::Cosine<long double> schedule{.start = 1, .end = 0, .steps = 100};
