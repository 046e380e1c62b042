// What would be gone before it is saved.
// expect: gradus::io::named refers to its argument, which must stay
#include <gradus/io/named.hpp>
#include <vector>

int main() { gradus::io::named("params", std::vector<float>(4)); }
