// Schedules are made of float or double.
// expect-gcc: satisfaction of .Real<T>. .with T = long double
// expect-clang: because 'long double' does not satisfy 'Real'
#include <gradus/gradus.hpp>

gradus::Cosine<long double> schedule{.start = 1, .end = 0, .steps = 100};
