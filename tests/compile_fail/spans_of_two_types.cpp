// A list of spans has one type.
// expect: gradus::spans makes a list of spans of one type: parameters of several types take an
#include <gradus/gradus.hpp>

#include <vector>

int main() {
  std::vector<float> p(4);
  std::vector<double> q(4);
  gradus::spans(p, q);
}
