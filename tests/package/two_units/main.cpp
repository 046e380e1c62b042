#include <cstdint>
#include <cstdio>

std::uint64_t baseline();
std::uint64_t wide();
void refuse_in_baseline();
void refuse_in_wide();
bool baseline_catches(void (*call)());
bool wide_catches(void (*call)());

int main() {
  const auto a = static_cast<unsigned long long>(baseline());
  std::printf("baseline %016llx\n", a);
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2")) return 0;
#endif
  const auto b = static_cast<unsigned long long>(wide());
  std::printf("wide     %016llx\n", b);
  if (!baseline_catches(refuse_in_wide) || !wide_catches(refuse_in_baseline) ||
      !baseline_catches(refuse_in_baseline) || !wide_catches(refuse_in_wide)) {
    std::printf("a unit does not catch the gradus::Error of a unit for another processor\n");
    return 1;
  }
  return a == b ? 0 : 1;
}
