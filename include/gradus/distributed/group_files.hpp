// optional header
// Files of several sharded optimizers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <gradus/distributed/shard_files.hpp>
#include <gradus/distributed/sharded_groups.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// The index of a set of groups, each of which has an index of its own:
///
///   gradus groups 1
///   id 0123456789abcdef
///   groups 2
///   checksum 0123456789abcdef
struct GroupIndex {
  static std::string text(std::string_view id, std::size_t groups) {
    const std::string r =
        concat({"gradus groups 1\nid ", id, "\ngroups ", std::to_string(groups), "\n"});
    const auto digits = Crc64().add(r).digits();
    return concat({r, "checksum ", std::string_view(digits.data(), digits.size()), "\n"});
  }
  /// The id in a text for so many groups. Errors: any other text.
  static std::string id_in(const std::string& path, const std::string& text, std::size_t groups) {
    constexpr std::size_t at = std::string_view("gradus groups 1\nid ").size();
    const std::string id = text.size() > at + 16 ? text.substr(at, 16) : "";
    if (text != GroupIndex::text(id, groups))
      refuse_file(path, concat({"is damaged, or no index of ", std::to_string(groups), " groups"}));
    return id;
  }
  /// The index of a group.
  static std::string path_of(const std::string& path, std::string_view id, std::size_t group) {
    return concat({path, ".", id, ".group", std::to_string(group)});
  }
};

/// Loads group K and those after it, which are checked before any of them is changed.
template <std::size_t K, class... O, class Params, class... X>
void load_groups_from(const std::string& path, const std::string& id, ShardedGroups<O...>& groups,
                      Params& params, X&... more) {
  const auto others = [&] {
    if constexpr (K + 1 < sizeof...(O)) load_groups_from<K + 1>(path, id, groups, params);
  };
  load_shards_with(others, GroupIndex::path_of(path, id, K), groups.template get<K>(),
                   std::get<K>(params), more...);
}

}  // namespace detail

/// Saves several sharded optimizers and their parameters, a tuple with one item for each, as
/// `save_shards` saves one. What is `named` is saved with the first of them.
///
/// After a kill at any moment there is the old set of all groups or the new one: each group's files
/// have names that no other save has, and the index at `path` is replaced last.
template <class... O, class Params, class... X>
void save_shards(const std::string& path, ShardedGroups<O...>& groups, Params&& params,
                 const X&... more) {
  auto& comm = groups.comm();
  gradus::detail::check_same(comm, "save_shards.path", path);
  const std::string id = detail::new_id(comm, path);
  [&]<std::size_t... K>(std::index_sequence<K...>) {
    const auto save = [&](auto k, const auto&... x) {
      save_shards(detail::GroupIndex::path_of(path, id, k), groups.template get<k>(),
                  std::get<k>(params), x...);
    };
    save(std::integral_constant<std::size_t, 0>{}, more...);
    (save(std::integral_constant<std::size_t, K + 1>{}), ...);
  }(std::make_index_sequence<sizeof...(O) - 1>{});
  gradus::detail::together(comm, [&] {
    if (comm.rank() != 0) return;
    const std::string text = detail::GroupIndex::text(id, sizeof...(O));
    Replacement all(path);
    all.write(text.data(), text.size());
    all.commit();
    detail::remove_others(path, id);
  });
}

/// Loads what `save_shards` saved of as many groups, with any number of ranks.
/// Errors: as `load_shards` of one. If a group is refused, nothing has changed in any.
template <class... O, class Params, class... X>
void load_shards(const std::string& path, ShardedGroups<O...>& groups, Params&& params,
                 X&&... more) {
  auto& comm = groups.comm();
  gradus::detail::check_same(comm, "load_shards.path", path);
  std::string text;
  gradus::detail::together(comm, [&] {
    if (comm.rank() == 0) text = detail::text_of_file(path);
  });
  text = gradus::detail::text_of_rank(comm, text, 0);
  const std::string id = detail::GroupIndex::id_in(path, text, sizeof...(O));
  detail::load_groups_from<0>(path, id, groups, params, more...);
}

}}}  // namespace gradus::GRADUS_ABI::io
