// optional header
// Groups of optimizers as parts of a saved file.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/group_list.hpp>
#include <gradus/groups.hpp>
#include <gradus/save/contents.hpp>
#include <gradus/save/optimizer_part.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// `Groups` or a `GroupList`: all optimizers, and which of them are frozen.
template <class G, class Parts>
class GroupsPart {
 public:
  static constexpr bool writable = !std::is_const_v<G>;

  GroupsPart(G& groups, Parts parts)
      : groups_(groups), parts_(std::move(parts)), frozen_(groups.size()) {
    for (std::size_t k = 0; k < frozen_.size(); ++k) frozen_[k] = groups_.frozen(k);
  }
  std::size_t optimizers() const noexcept { return groups_.size(); }
  std::size_t spans() {
    std::size_t r = 0;
    for_each([&](const auto& part) { r += part.spans(); });
    return r;
  }
  void name_spans(std::span<const std::string>& names) {
    for_each([&](auto& part) { part.name_spans(names); });
  }
  void add_to(Contents& contents) {
    for_each([&](auto& part) { part.add_to(contents); });
    contents.add_ours(copied(tensor("frozen", numbers(frozen_))));
  }
  void check(const std::string& path) {
    for_each([&](auto& part) { part.check(path); });
    for (const std::uint8_t frozen : frozen_)
      if (frozen > 1) refuse_file(path, "must have 0 or 1 in \"frozen\"");
  }
  void commit() {
    for_each([](auto& part) { part.commit(); });
    for (std::size_t k = 0; k < frozen_.size(); ++k)
      frozen_[k] != 0 ? groups_.freeze(k) : groups_.unfreeze(k);
  }

 private:
  template <class F>
  void for_each(const F& f) {
    if constexpr (requires { std::tuple_size<Parts>::value; })
      std::apply([&](auto&... part) { (f(part), ...); }, parts_);
    else
      for (auto& part : parts_) f(part);
  }
  G& groups_;
  Parts parts_;
  std::vector<std::uint8_t> frozen_;
};

template <class G, class... O>
auto part_of_groups(G& groups, const Groups<O...>&) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    std::tuple parts{part_of(groups.template get<K>())...};
    return GroupsPart<G, decltype(parts)>(groups, std::move(parts));
  }(std::index_sequence_for<O...>{});
}
template <class G, class O>
auto part_of_groups(G& groups, const GroupList<O>&) {
  std::vector<decltype(part_of(groups[0]))> parts;
  parts.reserve(groups.size());
  for (std::size_t k = 0; k < groups.size(); ++k) parts.push_back(part_of(groups[k]));
  return GroupsPart<G, decltype(parts)>(groups, std::move(parts));
}
template <class... O>
void are_groups(const gradus::detail::Together<O...>&);
template <class G>
  requires requires(G& groups) { io::detail::are_groups(groups); }
auto part_of(G& groups) {
  return part_of_groups(groups, groups);
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
