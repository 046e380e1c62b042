// A rule without prepare, which is what a rule has to have.
// expect: HasPrepare
#include <gradus/gradus.hpp>

struct Forgetful {
  double momentum = 0.9;
};

int main() { gradus::Optimizer opt{gradus::Constant<>{0.1}, Forgetful{}, 4}; }
