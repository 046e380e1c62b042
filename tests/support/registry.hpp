// The rules that their own tests compile, for the tests over all rules. Those would otherwise
// compile each rule again, which took minutes.
//
// With GRADUS_TEST_ALONE a test compiles what it needs by itself: so tools/same-bits builds the
// digests without the tests of the rules.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <typeindex>
#include <typeinfo>
#include <vector>

#include "support/any_optimizer.hpp"
#include "support/saved_optimizer.hpp"

namespace support {

/// One rule: `make_...` of a pointer to a rule of this type makes optimizers.
struct Entry {
  std::string name;
  std::type_index type;
  std::function<MakeSaved<float>(const void*)> floats;
  std::function<MakeOptimizer<double>(const void*)> doubles;
};
inline std::vector<Entry>& registry() {
  static std::vector<Entry> all;
  return all;
}
inline const Entry& entry_of(std::type_index type) {
  for (const Entry& entry : registry())
    if (entry.type == type) return entry;
  throw std::runtime_error(std::string("no test has a support::Registered of ") + type.name());
}

/// A rule's test has one of these: `const support::Registered registered_adam{Adam{}};`.
struct Registered {
  template <class R>
  explicit Registered(const R&) {
    registry().push_back(
        {std::string(gradus::name_of<R>().view()), typeid(R),
         [](const void* rule) { return saved_optimizers_of<float>(*static_cast<const R*>(rule)); },
         [](const void* rule) { return optimizers_of<double>(*static_cast<const R*>(rule)); }});
  }
};

/// Makes optimizers of a rule that is registered.
template <class P, class R>
MakeOptimizer<P> registered(const R& rule) {
#if defined(GRADUS_TEST_ALONE)
  return optimizers_of<P>(rule);
#else
  if constexpr (std::is_same_v<P, float>) {
    return entry_of(typeid(R)).floats(&rule);
  } else {
    return entry_of(typeid(R)).doubles(&rule);
  }
#endif
}
template <class R>
MakeSaved<float> registered_to_save(const R& rule) {
#if defined(GRADUS_TEST_ALONE)
  return saved_optimizers_of<float>(rule);
#else
  return entry_of(typeid(R)).floats(&rule);
#endif
}

}  // namespace support
