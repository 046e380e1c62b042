// optional header
// The parts of a schedule that is chosen while the program runs.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <gradus/error/fault.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/fields.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

struct Node;

/// A schedule among nodes; one that was not told which nodes is 0 everywhere.
struct Child {
  std::uint32_t index = 0;
  const Node* nodes = nullptr;

  double operator()(step_t t) const noexcept;
  Fault check() const noexcept;
  Length length() const noexcept;
  bool takes_no_steps() const noexcept;
  bool has_opposite() const noexcept;
  double opposite(step_t t, const double& high, const double& low) const noexcept;
  /// f(schedule) for the schedule itself; nothing for one that was not told which nodes.
  template <class F>
  void visit(const F& f) const;
  constexpr bool operator==(const Child& o) const noexcept { return index == o.index; }
};

/// One schedule of a tree, its children among the nodes before it.
struct Node {
  Schedules<Child> schedule{};
  std::uint32_t depth = 1;  ///< how many levels of schedules it is

  bool operator==(const Node&) const = default;
};

template <class V>
inline constexpr bool holds_child = std::same_as<V, Child>;
template <class... V>
inline constexpr bool holds_child<std::tuple<V...>> = (holds_child<std::remove_cvref_t<V>> || ...);

/// f(child) for every child of a schedule.
template <class S, class F>
constexpr void each_child(S& schedule, const F& f) {
  each_field(schedule, [&f](const Field&, auto& value) {
    using V = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::same_as<V, Child>) {
      f(value);
    } else if constexpr (holds_child<V>) {
      std::apply([&f](auto&... child) { (f(child), ...); }, value);
    }
  });
}

/// f(schedule) for the schedule of a node, its children told where they are.
template <class F>
decltype(auto) visit(const Node* nodes, std::size_t index, const F& f) {
  return std::visit(
      [nodes, &f](const auto& schedule) {
        if constexpr (holds_child<decltype(values_of(schedule))>) {
          auto bound = schedule;
          each_child(bound, [nodes](Child& child) { child.nodes = nodes; });
          return f(std::as_const(bound));
        } else {
          return f(schedule);
        }
      },
      nodes[index].schedule);
}

template <class F>
void Child::visit(const F& f) const {
  if (nodes != nullptr) detail::visit(nodes, index, f);
}
inline double Child::operator()(step_t t) const noexcept {
  if (nodes == nullptr) return 0;
  return detail::visit(nodes, index, [t](const auto& s) { return static_cast<double>(s(t)); });
}
inline Fault Child::check() const noexcept {
  if (nodes == nullptr) return {};
  return detail::visit(nodes, index, []<class S>(const S& s) -> Fault {
    if constexpr (std::same_as<S, Opposite<Child>>)
      if (!s.schedule.has_opposite())
        return {S::name, "schedule", "must be a Cyclical or a OneCycle", 0};
    return s.check();
  });
}
inline bool Child::has_opposite() const noexcept {
  return nodes != nullptr &&
         detail::visit(nodes, index, []<class S>(const S&) { return HasOpposite<S>; });
}
/// Of a cycle; any other schedule is refused by `check`.
inline double Child::opposite(step_t t, const double& high, const double& low) const noexcept {
  if (nodes == nullptr) return 0;
  return detail::visit(nodes, index, [&]<class S>(const S& s) {
    if constexpr (HasOpposite<S>) {
      return s.opposite(t, high, low);
    } else {
      return high;
    }
  });
}
inline Length Child::length() const noexcept {
  if (nodes == nullptr) return {};
  return detail::visit(nodes, index, [](const auto& s) {
    if constexpr (HasLength<decltype(s)>) {
      return length_of(s);
    } else {
      return Length::endless();
    }
  });
}

inline bool Child::takes_no_steps() const noexcept {
  return nodes != nullptr && detail::visit(nodes, index, [](const auto& s) {
           return gradus::detail::takes_no_steps(s);
         });
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
