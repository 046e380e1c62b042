// optional header
// The contents of a saved file: properties and tensors.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/name_set.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// A text in the header, and its key.
struct Property {
  std::string_view key, value;
};

struct Contents {
  std::size_t optimizers = 0;
  bool many = false;  // whether there are several optimizers, whose names then begin with a number
  std::string properties{};  // texts in the header, as they are written there
  std::vector<Tensor> tensors{};

  /// The prefix of the names of the next optimizer.
  std::string prefix() {
    const std::size_t k = optimizers++;
    return many ? concat({Digits(k), "."}) : "";
  }
  /// Adds texts to the header. `match_property` says which of them must be the same when a file is
  /// loaded.
  GRADUS_NOINLINE void say(std::string_view prefix, std::initializer_list<Property> all) {
    for (const auto& [key, value] : all)
      properties.append(concat({"\",\"", prefix, key, "\":\"", plain(value)}));
  }
  void add(Tensor&& t) {
    if (!names_.insert(t.name))
      refuse(
          concat({"gradus::io::named.name must be in a file once (got \"", t.name, "\")"}).c_str());
    append(tensors, std::move(t));
  }
  /// Adds a tensor with a name that gradus chose. If the name is taken, it gets a quote.
  GRADUS_NOINLINE void add_ours(Tensor&& t) {
    t.name = plain(t.name);
    while (!names_.insert(t.name)) t.name += "'";
    append(tensors, std::move(t));
  }
  /// Sorts wide numbers first, so that all lie at multiples of their width.
  void sort() {
    std::vector<Tensor> sorted;
    for (const std::size_t width : {8U, 4U, 2U, 1U})
      for (Tensor& t : tensors)
        if (t.width == width) append(sorted, std::move(t));
    tensors.swap(sorted);
  }
  std::size_t bytes() const noexcept {
    std::size_t sum = 0;
    for (const Tensor& t : tensors) sum += t.bytes;
    return sum;
  }

 private:
  GRADUS_NOINLINE static void append(std::vector<Tensor>& all, Tensor&& t) {
    all.push_back(std::move(t));
  }

  NameSet names_{};
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
