// optional header
// A set of names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/save/crc64.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A set of names: a hash table with the checksum of a name as its hash. It compiles in less time
/// than a `std::set`.
class NameSet {
 public:
  /// Adds a name; false if it was there.
  GRADUS_NOINLINE bool insert(std::string_view name) {
    if (2 * size_ >= all_.size()) grow();
    Bucket& bucket = all_[place_of(name)];
    if (bucket.taken) return false;
    bucket = {std::string(name), true};
    ++size_;
    return true;
  }
  bool contains(std::string_view name) const { return size_ != 0 && all_[place_of(name)].taken; }

 private:
  struct Bucket {
    std::string name{};
    bool taken = false;
  };
  /// The place of a name, or the free one in which it would be. At least half of them are free.
  GRADUS_NOINLINE std::size_t place_of(std::string_view name) const {
    std::size_t i = static_cast<std::uint32_t>(Crc64().add(name).value()) % all_.size();
    while (all_[i].taken && all_[i].name != name) i = (i + 1) % all_.size();
    return i;
  }
  void grow() {
    std::vector<Bucket> before(2 * all_.size() + 64);
    all_.swap(before);
    for (Bucket& bucket : before)
      if (bucket.taken) all_[place_of(bucket.name)] = std::move(bucket);
  }

  std::vector<Bucket> all_{};
  std::size_t size_ = 0;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
