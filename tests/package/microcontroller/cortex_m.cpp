// All that stands between reset and main on a Cortex-M, and semihosting: what a program asks of
// its debugger, or of qemu (Arm, Semihosting for AArch32 and AArch64, 2.0).
#include "board.hpp"

int main();

extern "C" std::uint32_t memory_end[], stack_top[];  // of the linker script

namespace {

void semihost(std::uint32_t operation, const void* argument) {
  register std::uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
void write(const char* text) { semihost(0x04, text); }

[[noreturn]] void leave(std::uint32_t status) {
  const std::uint32_t reason[] = {0x20026, status};  // of its own will
  for (;;) semihost(0x20, reason);
}

// The memory starts as zero: what is not zero any more was stack.
void print_stack() {
  const std::uint32_t* used = memory_end;
  while (*used == 0) ++used;
  print("stack", static_cast<std::uint32_t>(stack_top - used) * sizeof *used);
}

// The loader has put every section in its place, and nothing needs a constructor.
[[noreturn]] void reset() {
  *reinterpret_cast<volatile std::uint32_t*>(0xe000ed88) = 0xf << 20;  // CPACR: turn on the FPU
  asm volatile("dsb\n\tisb");
  const int status = main();
  print_stack();
  leave(static_cast<std::uint32_t>(status));
}
void fault() { leave(70); }

}  // namespace

// The C library's would drag in signals.
extern "C" [[noreturn]] void abort() { leave(134); }

using Handler = void (*)();
struct Vectors {
  const void* stack;
  Handler reset, nmi, hard_fault;
};
extern const Vectors vectors;
[[gnu::section(".vectors"), gnu::used]] const Vectors vectors{stack_top, reset, fault, fault};

void print(const char* name, std::uint64_t value) {
  char text[] = " 0123456789abcdef\n";
  for (int i = 16; i > 0; --i, value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  write(name);
  write(text);
}
