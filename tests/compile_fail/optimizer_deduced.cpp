// The usual spelling, of which clang tells the rule at fault, but not what it lacks:
// rule_without_prepare.cpp has the spelling of which it does.
// expect-gcc: satisfaction of .HasPrepare<R, T>. .with R = Forgetful
// expect-clang: R = Forgetful[^:]*: constraints not satisfied for class template 'Optimizer'
#include <gradus/gradus.hpp>

struct Forgetful {
  double momentum = 0.9;
};

int main() { gradus::Optimizer opt{gradus::Constant<>{0.1}, Forgetful{}, 4}; }
