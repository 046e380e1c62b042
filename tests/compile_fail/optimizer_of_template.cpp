// Where the type is spelled, as for a member, a schedule that is a template wants its <>. No class
// template can say so itself; both compilers name it.
// expect-gcc: expected a type, got .Cosine
// expect-clang: use of class template '(gradus::)?Cosine' requires template arguments
#include <gradus/gradus.hpp>

struct Training {
  gradus::Optimizer<gradus::Cosine, gradus::Adam> opt;
};
