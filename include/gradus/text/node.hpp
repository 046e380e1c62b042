// optional header
// The nodes of a schedule that is chosen at run time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/describe.hpp>
#include <gradus/text/kind.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// One schedule of a tree, of any kind, stored in place. Its children are nodes before it.
class Node {
 public:
  /// A schedule of this kind with its defaults.
  GRADUS_NOINLINE explicit Node(const ScheduleKind& kind) : kind_(&kind) {
    if (kind.lifetime != nullptr)
      kind.lifetime->create(schedule_);
    else
      std::memcpy(schedule_, kind.usual, kind.size);
  }
  /// A schedule that has nothing but two others: a sequence, a product ...
  Node(const ScheduleKind& kind, const Pair& pair) : kind_(&kind) {
    ::new (value(0).at) Pair(pair);
  }
  template <class S>
    requires(!std::same_as<S, ScheduleKind>)
  explicit Node(const S& schedule) : kind_(&kind_for<S>) {
    ::new (static_cast<void*>(schedule_)) S(schedule);
  }
  GRADUS_NOINLINE Node(const Node& o) : kind_(o.kind_), depth_(o.depth_) {
    if (kind_->lifetime != nullptr)
      kind_->lifetime->copy(o.schedule_, schedule_);
    else
      std::memcpy(schedule_, o.schedule_, kind_->size);
  }
  Node(Node&& o) noexcept : kind_(o.kind_), depth_(o.depth_) { take(o); }
  GRADUS_NOINLINE Node& operator=(Node o) noexcept {
    destroy();
    kind_ = o.kind_, depth_ = o.depth_;
    take(o);
    return *this;
  }
  ~Node() { destroy(); }

  const ScheduleKind& kind() const noexcept { return *kind_; }
  const void* schedule() const noexcept { return schedule_; }
  /// The value of field i, which can be changed if the node is not const.
  Value value(std::size_t i) const noexcept {
    const Place& place = kind_->places[i];
    return {&kind_->fields[i], &place, const_cast<unsigned char*>(schedule_ + place.offset)};
  }
  /// Calls f(child) for every child, which f may change if the node is not const.
  template <class F>
  void each_child(const F& f) const {
    for (std::size_t i = 0; i < kind_->fields.size(); ++i) {
      const Value v = value(i);
      if (v.holds() == Holds::schedule) f(v.as<Child>());
      if (v.holds() == Holds::pair) f(std::get<0>(v.as<Pair>())), f(std::get<1>(v.as<Pair>()));
    }
  }
  /// The number of levels of schedules.
  std::uint32_t depth() const noexcept { return depth_; }
  void set_depth(std::uint32_t depth) noexcept { depth_ = depth; }

  GRADUS_NOINLINE bool operator==(const Node& o) const noexcept {
    if (kind_ != o.kind_) return false;
    for (std::size_t i = 0; i < kind_->fields.size(); ++i)
      if (!equal(value(i), o.value(i))) return false;
    return true;
  }

 private:
  GRADUS_NOINLINE void destroy() noexcept {
    if (kind_->lifetime != nullptr) kind_->lifetime->destroy(schedule_);
  }
  GRADUS_NOINLINE void take(Node& o) noexcept {
    if (kind_->lifetime != nullptr)
      kind_->lifetime->move(o.schedule_, schedule_);
    else
      std::memcpy(schedule_, o.schedule_, kind_->size);
  }

  const ScheduleKind* kind_;
  std::uint32_t depth_ = 1;
  alignas(alignof(std::max_align_t)) unsigned char schedule_[room_for<Schedules<Child>>];
};

/// Nodes whose children know where the nodes are, also in a copy.
class Nodes {
 public:
  Nodes() noexcept = default;
  Nodes(const Nodes& o) : all_(o.all_) { tell_all(); }
  Nodes(Nodes&&) noexcept = default;
  Nodes& operator=(Nodes o) noexcept {
    all_.swap(o.all_);
    return *this;
  }
  std::size_t size() const noexcept { return all_.size(); }
  const Node& operator[](std::size_t i) const noexcept { return all_[i]; }
  const Node* begin() const noexcept { return all_.data(); }
  const Node* end() const noexcept { return all_.data() + all_.size(); }

  GRADUS_NOINLINE void add(Node&& node) {
    const Node* const before = begin();
    all_.push_back(std::move(node));
    if (begin() == before)
      tell(all_.back());
    else
      tell_all();
  }
  bool operator==(const Nodes&) const = default;

 private:
  GRADUS_NOINLINE void tell(Node& node) noexcept {
    node.each_child([this](Child& child) { child.nodes = begin(); });
  }
  void tell_all() noexcept {
    for (Node& node : all_) tell(node);
  }
  std::vector<Node> all_{};
};

inline const Node& Child::node() const noexcept { return nodes[index]; }
inline double Child::operator()(step_t t) const noexcept {
  return nodes == nullptr ? 0 : node().kind().rate(node().schedule(), t);
}
GRADUS_NOINLINE inline Fault Child::check() const noexcept {
  return nodes == nullptr ? Fault{} : node().kind().check(node().schedule());
}
GRADUS_NOINLINE inline Length Child::length() const noexcept {
  if (nodes == nullptr) return {};
  const ScheduleKind& kind = node().kind();
  if (kind.length != nullptr) return kind.length(node().schedule());
  return kind.steps < Fields::most ? node().value(kind.steps).as<Length>() : Length::endless();
}
GRADUS_NOINLINE inline bool Child::takes_no_steps() const noexcept {
  if (nodes == nullptr || node().kind().takes_no_steps == nullptr) return length() == Length(0);
  return node().kind().takes_no_steps(node().schedule());
}
inline bool Child::has_opposite() const noexcept {
  return nodes != nullptr && node().kind().opposite != nullptr;
}
/// For a Cyclical or a OneCycle; `check` refuses any other schedule.
inline double Child::opposite(step_t t, const double& high, const double& low) const noexcept {
  if (nodes == nullptr) return 0;
  return has_opposite() ? node().kind().opposite(node().schedule(), t, high, low) : high;
}

/// The name of the schedule, and the fields that differ from their defaults.
inline void Child::describe_to(Description& d) const {
  const Node& node = this->node();
  d << node.kind().name << "{";
  std::string_view before;
  for (std::size_t i = 0; i < node.kind().fields.size(); ++i) {
    const Value v = node.value(i);
    if (v.field->kind == Field::Kind::has_default && equal(v, Node(node.kind()).value(i))) continue;
    visit(v, [&](const auto& x) { describe_field(d, before, v.field->name, x); });
  }
  d << "}";
}
/// The name of the schedule with the names of the schedules in it: "Warmup{Cosine}".
inline std::string Child::kind() const {
  std::string r(node().kind().name);
  std::string_view before = "{";
  node().each_child(
      [&](const Child& child) { r += concat({std::exchange(before, ", "), child.kind()}); });
  return before == "{" ? r : r + "}";
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
