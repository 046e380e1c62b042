// What would be gone before it is saved.
// expect: gradus::io::named refers to its argument, which must stay
#include <gradus/save/named.hpp>
#include <vector>

int main() { gradus::io::named("params", std::vector<float>(4)); }
