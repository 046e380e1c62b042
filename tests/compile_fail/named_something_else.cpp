// A generator that cannot be named safely.
// expect: gradus::io::named takes numbers, a span or a list of spans of them, feedback
#include <gradus/save/generator.hpp>
#include <random>

int main() {
  std::ranlux24 generator;
  gradus::io::named("generator", generator);
}
