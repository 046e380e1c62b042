// The digests of schedules and walks, natively, which tools/playground compares with those of the
// page. Reads a text per line: "schedule TEXT" prints the digest of its first 20,000 rates, and
// "rule TEXT" those of 500 steps with the last schedule in each landscape.
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

#include "playground.cpp"

namespace {

void read_input(const std::string& s) {
  std::memcpy(input(static_cast<std::uint32_t>(s.size())), s.data(), s.size());
}
void print_digest() { std::printf("%" PRIx64 "\n", digest()); }

}  // namespace

int main() {
  for (std::string kind, rest; std::cin >> kind && std::getline(std::cin >> std::ws, rest);) {
    read_input(rest);
    const bool is_schedule = kind == "schedule";
    if (!(is_schedule ? read_schedule(0) : read_rule(0))) {
      std::fprintf(stderr, "%s\n", answer());
      return 1;
    }
    if (is_schedule) {
      rates(0, 20'000);
      print_digest();
      continue;
    }
    for (std::uint32_t landscape = 0; landscape < landscapes.size(); ++landscape) {
      walk(0, 0, landscape, 500, -1.5, 0.3);
      print_digest();
    }
  }
}
