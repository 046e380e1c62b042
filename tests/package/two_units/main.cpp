#include <cstdint>
#include <cstdio>

std::uint64_t baseline();
std::uint64_t wide();

int main() {
  const auto a = static_cast<unsigned long long>(baseline());
  std::printf("baseline %016llx\n", a);
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) return 0;
#endif
  const auto b = static_cast<unsigned long long>(wide());
  std::printf("wide     %016llx\n", b);
  return a == b ? 0 : 1;
}
