// A kernel that returns a number where it was given packs.
// expect-gcc: satisfaction of .Kernel<
// expect-gcc: does not satisfy return-type-requirement
// expect-clang: because 'Kernel<.*called_kernel_t<Scalarly, float>, float, slot_count<Scalarly>
#include <gradus/gradus.hpp>

struct Scalarly {
  struct Kernel {
    template <class V, std::size_t N>
    float operator()(const V&, const V&, std::array<V, N>&) const {
      return 0.1f;
    }
  };
  template <class T>
  Kernel prepare(const gradus::Context&) const {
    return {};
  }
};

int main() { gradus::Optimizer<gradus::Constant<>, Scalarly> opt{{0.1}, {}, 4}; }
