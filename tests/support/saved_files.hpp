// How files of an optimizer behind virtual functions are read and written: see saved_optimizer.hpp.
#pragma once

#include <gradus/save/load.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/save.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "support/saved_optimizer.hpp"

namespace support {

/// A part as a value.
struct SharedPart {
  static constexpr bool writable = true;
  std::shared_ptr<AnyPart> part;

  static std::size_t optimizers() noexcept { return 1; }
  void add_to(gradus::io::detail::Contents& contents) const { part->add_to(contents); }
  void check(const std::string& path) const { part->check(path); }
  void commit() const { part->commit(); }
};
inline SharedPart part_of(const SharedPart& part) { return part; }

template <class P>
void SavedOptimizer<P>::save(const std::string& path, const std::vector<P>& params) {
  gradus::io::save(path, SharedPart{part()}, gradus::io::named("p", params));
}
template <class P>
void SavedOptimizer<P>::load(const std::string& path, std::vector<P>& params) {
  gradus::io::load(path, SharedPart{part()}, gradus::io::named("p", params));
}

}  // namespace support
