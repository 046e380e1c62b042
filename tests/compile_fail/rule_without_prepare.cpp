// A rule without prepare, which is what a rule has to have.
// expect-gcc: satisfaction of .HasPrepare<R, T>. .with R = Forgetful
// expect-clang: because 'HasPrepare<Forgetful, float>' evaluated to false
// expect-clang: no member named 'prepare' in 'Forgetful'
#include <gradus/gradus.hpp>

struct Forgetful {
  double momentum = 0.9;
};

int main() { gradus::Optimizer<gradus::Constant<>, Forgetful> opt{{0.1}, {}, 4}; }
