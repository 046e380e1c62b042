// optional header
// The nodes of a schedule that is chosen at run time.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/kind.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// One schedule of a tree, of any kind, stored in place. Its children are nodes before it.
class Node {
 public:
  /// A schedule of this kind with its defaults.
  explicit Node(const ScheduleKind& kind) : kind_(&kind) { kind.create(schedule_); }
  template <class S>
    requires(!std::same_as<S, ScheduleKind>)
  explicit Node(const S& schedule) : kind_(&kind_for<S>) {
    ::new (static_cast<void*>(schedule_)) S(schedule);
  }
  Node(const Node& o) : kind_(o.kind_), depth_(o.depth_) { kind_->copy(o.schedule_, schedule_); }
  Node(Node&& o) noexcept : kind_(o.kind_), depth_(o.depth_) {
    kind_->move(o.schedule_, schedule_);
  }
  Node& operator=(Node o) noexcept {
    kind_->destroy(schedule_);
    kind_ = o.kind_, depth_ = o.depth_;
    kind_->move(o.schedule_, schedule_);
    return *this;
  }
  ~Node() { kind_->destroy(schedule_); }

  const ScheduleKind& kind() const noexcept { return *kind_; }
  const void* schedule() const noexcept { return schedule_; }
  /// The fields. They can be changed if the node is not const.
  Values values() const noexcept { return kind_->values(schedule_); }
  /// Calls f(child) for every child, which f may change if the node is not const.
  template <class F>
  void each_child(const F& f) const {
    for (const Value& v : values())
      if (v.holds == Holds::schedule) f(v.as<Child>());
  }
  /// The number of levels of schedules.
  std::uint32_t depth() const noexcept { return depth_; }
  void set_depth(std::uint32_t depth) noexcept { depth_ = depth; }

  bool operator==(const Node& o) const noexcept;

 private:
  const ScheduleKind* kind_;
  std::uint32_t depth_ = 1;
  alignas(alignof(std::max_align_t)) unsigned char schedule_[room_for<Schedules<Child>>];
};

/// Whether two fields of the same kind are equal.
inline bool equal(const Value& a, const Value& b) noexcept {
  switch (a.holds) {
    case Holds::number: return a.as<double>() == b.as<double>();
    case Holds::maybe_number: return a.as<std::optional<double>>() == b.as<std::optional<double>>();
    case Holds::length: return a.as<Length>() == b.as<Length>();
    case Holds::seed: return a.as<std::uint64_t>() == b.as<std::uint64_t>();
    case Holds::integer: return a.as<int>() == b.as<int>();
    case Holds::flag: return a.as<bool>() == b.as<bool>();
    case Holds::choice: return a.choice() == b.choice();
    case Holds::numbers: return a.as<std::vector<double>>() == b.as<std::vector<double>>();
    case Holds::lengths: return a.as<std::vector<Length>>() == b.as<std::vector<Length>>();
    case Holds::points:
      return a.as<std::vector<gradus::Point<>>>() == b.as<std::vector<gradus::Point<>>>();
    case Holds::schedule: return a.as<Child>() == b.as<Child>();
  }
  return false;
}
inline bool Node::operator==(const Node& o) const noexcept {
  if (kind_ != o.kind_) return false;
  const Values mine = values(), others = o.values();
  return std::equal(mine.begin(), mine.end(), others.begin(), equal);
}

inline double Child::operator()(step_t t) const noexcept {
  if (nodes == nullptr) return 0;
  const Node& node = nodes[index];
  return node.kind().rate(node.schedule(), nodes, t);
}
inline Fault Child::check() const noexcept {
  if (nodes == nullptr) return {};
  const Node& node = nodes[index];
  return node.kind().check(node.schedule(), nodes);
}
inline Length Child::length() const noexcept {
  if (nodes == nullptr) return {};
  const Node& node = nodes[index];
  return node.kind().length(node.schedule(), nodes);
}
inline bool Child::takes_no_steps() const noexcept {
  if (nodes == nullptr) return false;
  const Node& node = nodes[index];
  return node.kind().takes_no_steps(node.schedule(), nodes);
}
inline bool Child::has_opposite() const noexcept {
  return nodes != nullptr && nodes[index].kind().opposite != nullptr;
}
/// For a Cyclical or a OneCycle; `check` refuses any other schedule.
inline double Child::opposite(step_t t, const double& high, const double& low) const noexcept {
  if (nodes == nullptr) return 0;
  const Node& node = nodes[index];
  return has_opposite() ? node.kind().opposite(node.schedule(), t, high, low) : high;
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
