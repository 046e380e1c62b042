// A kernel that returns a number where it was given packs.
// expect: Kernel
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

int main() { gradus::Optimizer opt{gradus::Constant<>{0.1}, Scalarly{}, 4}; }
