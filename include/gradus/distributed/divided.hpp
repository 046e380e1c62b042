// optional header
// Which tensors of a file the ranks divide, and how.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/concept/rule.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/save/state_names.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

inline bool is_params(std::string_view name) {
  return name == "params" || name.starts_with("params.");
}

/// What ranks divide beside parameters: state with a number for each element, and state with some
/// numbers for each span.
struct Divided {
  struct OfSpans {
    std::string name;
    std::vector<std::size_t> counts;  // of numbers, for each span
  };
  std::vector<std::string> of_elements{};
  std::vector<OfSpans> of_spans{};

  bool is_of_elements(std::string_view name) const {
    for (const std::string& own : of_elements)
      if (own == name) return true;
    return false;
  }
  /// Null where the tensor has no numbers for each span.
  const OfSpans* find_of_spans(std::string_view name) const {
    for (const OfSpans& own : of_spans)
      if (own.name == name) return &own;
    return nullptr;
  }
};

/// Of the optimizer of which this rank has `own`, for all spans of all ranks.
template <class O>
Divided divided(const O& own, exec::Views layout, [[maybe_unused]] std::span<const Shape> shapes) {
  using R = std::remove_cvref_t<decltype(own.rule())>;
  Divided r;
  for (const Slot& slot : slots_of(own.rule()))
    r.of_elements.push_back(plain(state_name(gradus::name_of<R>().view(), slot.name.view())));
  for (const auto& scalar : span_scalars_of(own.rule()))
    r.of_spans.push_back(
        {plain(concat({"span.", scalar.name.view()})), std::vector<std::size_t>(layout.size(), 1)});
  using T = arithmetic_t<typename O::value_type>;
  if constexpr (MatrixRule<R, T>)
    for (const auto& slot : gradus::detail::Matrices<T, true>::slots_of(own.rule())) {
      r.of_spans.push_back({plain(slot.name.view()), {}});
      for (std::size_t j = 0; j < layout.size(); ++j)
        r.of_spans.back().counts.push_back(layout[j].n == 0 ? 0 : slot.elements(shapes[j]));
    }
  return r;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
