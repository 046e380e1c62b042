// optional header
// A schedule that is chosen at run time, in one line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/text/description.hpp>
#include <gradus/text/node.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

void describe_node(Description& d, const Node* nodes, std::size_t index);

inline void put(Description& d, double x) { describe_number(d, x); }
inline void put(Description& d, const Length& x) {
  if (x.is_given())
    describe_number(d, x.value);
  else
    d << "not given";
}
inline void put(Description& d, const gradus::Point<>& x) {
  put(d << "{", x.at);
  put(d << ", ", x.value);
  d << "}";
}
template <class V>
void put(Description& d, const std::vector<V>& list) {
  std::string_view before = "{";
  for (const V& x : list) put(d << std::exchange(before, ", "), x);
  d << "}";
}
inline void put(Description& d, const Value& v, const Node* nodes) {
  switch (v.holds) {
    case Holds::number: return put(d, v.as<double>());
    case Holds::maybe_number: return put(d, *v.as<std::optional<double>>());
    case Holds::length: return put(d, v.as<Length>());
    case Holds::seed: return describe_number(d, v.as<std::uint64_t>());
    case Holds::integer: return describe_number(d, v.as<int>());
    case Holds::flag: d << (v.as<bool>() ? "true" : "false"); return;
    case Holds::choice: d << v.choice_name(); return;
    case Holds::numbers: return put(d, v.as<std::vector<double>>());
    case Holds::lengths: return put(d, v.as<std::vector<Length>>());
    case Holds::points: return put(d, v.as<std::vector<gradus::Point<>>>());
    case Holds::schedule: return describe_node(d, nodes, v.as<Child>().index);
  }
}

/// The name of the schedule, and the fields that differ from their defaults.
inline void describe_node(Description& d, const Node* nodes, std::size_t index) {
  const Node& node = nodes[index];
  const ScheduleKind& kind = node.kind();
  const std::optional<Node> usual = kind.create ? std::optional<Node>(kind) : std::nullopt;
  const Values values = node.values(), usual_values = usual ? usual->values() : values;
  d << kind.name << "{";
  std::string_view before;
  for (std::size_t i = 0; i < values.count; ++i) {
    const Value& v = values[i];
    if (v.field->kind == Field::Kind::has_default && usual && equal(v, usual_values[i])) continue;
    if (v.holds == Holds::maybe_number && !v.as<std::optional<double>>()) continue;
    d << std::exchange(before, ", ");
    if (values.count == kind.fields.size()) d << v.field->name << "=";  // not the parts of a row
    put(d, v, nodes);
  }
  d << "}";
}

/// The name of a schedule with the names of the schedules in it: "Warmup{Cosine}".
inline std::string kind_of_node(const Node* nodes, std::size_t index) {
  std::string r(nodes[index].kind().name);
  std::string_view before = "{";
  nodes[index].each_child([&](const Child& child) {
    r += std::exchange(before, ", ");
    r += kind_of_node(nodes, child.index);
  });
  return before == "{" ? r : r + "}";
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
