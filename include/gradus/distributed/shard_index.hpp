// optional header
// The index of a set of files: which ranks wrote it, and what each of them has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/distributed/shard_plan.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// Lines of text, of which the last is a checksum of those before it:
///
///   gradus shards 1
///   id 0123456789abcdef
///   plan equal 1000003 4 1
///   sizes 1000000, 3
///   piece fedcba9876543210      for each rank the checksum of its file's header
///   ...
///   checksum 0123456789abcdef
struct ShardIndex {
  static constexpr std::string_view opening = "gradus shards 1\n";
  std::string id{};
  ShardPlan plan{};
  std::string sizes{};
  std::vector<std::string> pieces{};

  /// The file of a rank.
  static std::string file(const std::string& path, std::string_view id, std::size_t rank) {
    std::string digits = std::to_string(rank);
    digits.insert(0, digits.size() < 5 ? 5 - digits.size() : 0, '0');
    return concat({path, ".", id, ".", digits});
  }
  std::string text() const {
    std::string r = concat({opening, "id ", id, "\nplan ", plan.text(), "\nsizes ", sizes, "\n"});
    for (const std::string& piece : pieces) r.append(concat({"piece ", piece, "\n"}));
    return r.append(concat({"checksum ", sum_of(r), "\n"}));
  }
  /// Errors: any text that is not an index, or was changed.
  static ShardIndex parse(const std::string& path, std::string_view text) {
    ShardIndex r;
    std::string_view rest = text;
    const auto line = [&](std::string_view key) {
      const std::size_t end = rest.find('\n');
      if (end == rest.npos || !rest.starts_with(key)) damaged(path);
      const std::string_view value = rest.substr(key.size(), end - key.size());
      rest.remove_prefix(end + 1);
      return std::string(value);
    };
    if (!line("gradus shards 1").empty()) damaged(path);
    r.id = line("id ");
    const std::string plan = line("plan ");
    r.sizes = line("sizes ");
    while (rest.starts_with("piece ")) r.pieces.push_back(line("piece "));
    const std::string_view before = text.substr(0, text.size() - rest.size());
    if (line("checksum ") != sum_of(before) || !rest.empty()) damaged(path);
    r.plan = ShardPlan::parse(plan);
    if (r.pieces.size() != r.plan.ranks()) damaged(path);
    return r;
  }

 private:
  [[noreturn]] static void damaged(const std::string& path) {
    refuse_file(path, "is damaged, or no index of gradus");
  }
  static std::string sum_of(std::string_view text) {
    const auto digits = Crc64().add(text).digits();
    return {digits.data(), digits.size()};
  }
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
