// Schedules are made of float or double.
// expect-gcc: satisfaction of .Real<T>. .with T = int
// expect-clang: because 'int' does not satisfy 'Real'
#include <gradus/gradus.hpp>

gradus::Cosine<int> schedule{.start = 1, .end = 0, .steps = 100};
