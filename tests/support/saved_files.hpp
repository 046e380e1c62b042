// How files of an optimizer behind virtual functions are read and written: see saved_optimizer.hpp.
#pragma once

#include <gradus/save/load.hpp>
#include <gradus/save/named.hpp>
#include <gradus/save/save.hpp>

#include <string>
#include <vector>

#include "support/saved_optimizer.hpp"

namespace support {

template <class P>
void SavedOptimizer<P>::save(const std::string& path, const std::vector<P>& params) {
  gradus::io::save(path, gradus::io::detail::SharedPart{part()}, gradus::io::named("p", params));
}
template <class P>
void SavedOptimizer<P>::load(const std::string& path, std::vector<P>& params) {
  gradus::io::load(path, gradus::io::detail::SharedPart{part()}, gradus::io::named("p", params));
}

}  // namespace support
