// optional header
// What a saved file holds, as a list of texts and tensors.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <gradus/save/tensor.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Whether what a file says of itself in words must be the same when it is loaded: always, where
/// both say something, or never.
enum class Compared { always, if_both, never };

/// What a file says of itself in words, from a version of the format on.
struct Property {
  std::string key, value;
  Compared compared = Compared::always;
  int since = 1;
};

struct Contents {
  std::size_t optimizers = 0;
  bool many = false;  // optimizers: their names begin with a number
  std::vector<Property> properties{};
  std::vector<Tensor> tensors{};

  /// What the names of the next optimizer begin with.
  std::string prefix() {
    const std::size_t k = optimizers++;
    return many ? std::to_string(k) + "." : "";
  }
  void say(const std::string& key, std::string_view value, Compared compared = Compared::always,
           int since = 1) {
    properties.push_back({key, plain(value), compared, since});
  }
  void add(Tensor t) {
    if (!names_.insert(t.name).second)
      refuse(("gradus::io::named.name must be in a file once (got \"" + t.name + "\")").c_str());
    tensors.push_back(std::move(t));
  }
  /// Adds what has a name of ours, which is changed where it is taken.
  void add_ours(Tensor t) {
    t.name = plain(t.name);
    while (!names_.insert(t.name).second) t.name += "'";
    tensors.push_back(std::move(t));
  }
  /// Wide numbers first, so that all lie at multiples of their width.
  void sort() {
    std::vector<Tensor> sorted;
    for (const std::size_t width : {8U, 4U, 2U, 1U})
      for (Tensor& t : tensors)
        if (t.width == width) sorted.push_back(std::move(t));
    tensors = std::move(sorted);
  }
  std::size_t bytes() const noexcept {
    std::size_t sum = 0;
    for (const Tensor& t : tensors) sum += t.bytes;
    return sum;
  }

 private:
  std::unordered_set<std::string> names_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
