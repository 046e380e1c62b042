// optional header
// The contents of a saved file: properties and tensors.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/save/file.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

struct Contents {
  std::size_t optimizers = 0;
  bool many = false;  // whether there are several optimizers, whose names then begin with a number
  std::string properties{};  // texts in the header, as they are written there
  std::vector<Tensor> tensors{};

  /// The prefix of the names of the next optimizer.
  std::string prefix() {
    const std::size_t k = optimizers++;
    return many ? concat({std::to_string(k), "."}) : "";
  }
  /// Adds a text to the header. `match_property` says which of them must be the same when a file is
  /// loaded.
  void say(std::string_view prefix, std::string_view key, std::string_view value) {
    properties.append(concat({"\",\"", prefix, key, "\":\"", plain(value)}));
  }
  void add(Tensor t) {
    if (!names_.insert(t.name).second)
      refuse(
          concat({"gradus::io::named.name must be in a file once (got \"", t.name, "\")"}).c_str());
    tensors.push_back(std::move(t));
  }
  /// Adds a tensor with a name that gradus chose. If the name is taken, it gets a quote.
  void add_ours(Tensor t) {
    t.name = plain(t.name);
    while (!names_.insert(t.name).second) t.name += "'";
    tensors.push_back(std::move(t));
  }
  /// Sorts wide numbers first, so that all lie at multiples of their width.
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
  std::set<std::string> names_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
