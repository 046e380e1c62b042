// optional header
// A schedule that is chosen at run time.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/describe_node.hpp>
#include <gradus/text/description.hpp>
#include <gradus/text/known.hpp>
#include <gradus/text/node.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {
class TreeReader;
class Writer;
}  // namespace detail

/// One type for every schedule of this library, including those made with its combinators, for
/// example to choose a schedule in a configuration file. The rates are bit for bit those of the
/// schedule that it was made from.
///
///   io::AnySchedule s = Warmup{500, Cosine{.start = 1e-3, .steps = 10'000}};
///
/// Domain: at most `max_nodes` schedules, nested at most `max_depth` deep; all t. The bounds are
///   those of the schedule.
/// Cost: an indirect call for each schedule that is evaluated; no allocation. A copy allocates.
/// Errors: no schedule (default constructed or moved from); the schedule's own fault.
class AnySchedule {
 public:
  static constexpr const char* name = "AnySchedule";
  static constexpr std::size_t max_nodes = 1'000;
  static constexpr std::size_t max_depth = 64;

  AnySchedule() noexcept = default;
  /// Errors: too many schedules, or too deep (`gradus::Error`).
  template <Known S>
  AnySchedule(const S& schedule) {  // NOLINT: implicit
    static_cast<void>(lower(schedule));
  }

  double operator()(step_t t) const noexcept {
    return nodes_.empty() ? 0 : detail::Child{root(), nodes_.data()}(t);
  }
  Fault check() const noexcept {
    if (nodes_.empty()) return {name, "size", "must be > 0", 0};
    return detail::Child{root(), nodes_.data()}.check();
  }
  /// The number of steps; `Length::endless()` if it has no end, not given without a schedule.
  Length length() const noexcept {
    return nodes_.empty() ? Length{} : detail::Child{root(), nodes_.data()}.length();
  }
  /// Whether its length is 0.
  bool takes_no_steps() const noexcept {
    return !nodes_.empty() && detail::Child{root(), nodes_.data()}.takes_no_steps();
  }
  /// The value of an `Opposite` of it. `check` refuses an `Opposite` of a schedule that has none.
  double opposite(step_t t, const double& high, const double& low) const noexcept {
    return nodes_.empty() ? 0 : detail::Child{root(), nodes_.data()}.opposite(t, high, low);
  }
  /// The results of `describe` and `kind_of`.
  void describe_to(Description& d) const {
    if (nodes_.empty())
      d << "no schedule";
    else
      detail::describe_node(d, nodes_.data(), root());
  }
  std::string kind() const {
    return nodes_.empty() ? std::string() : detail::kind_of_node(nodes_.data(), root());
  }
  /// The number of schedules that it consists of.
  std::size_t size() const noexcept { return nodes_.size(); }
  bool operator==(const AnySchedule&) const = default;

 private:
  friend class detail::TreeReader;
  friend class detail::Writer;

  std::uint32_t root() const noexcept { return static_cast<std::uint32_t>(nodes_.size() - 1); }

  // Appends a schedule as the last node. Returns nothing if a limit is reached.
  std::optional<detail::Child> add(detail::Node node) {
    std::uint32_t depth = 0;
    node.each_child([this, &depth](const detail::Child& child) {
      depth = std::max(depth, nodes_[child.index].depth());
    });
    if (nodes_.size() == max_nodes || depth == max_depth) return {};
    node.set_depth(depth + 1);
    nodes_.push_back(std::move(node));
    return detail::Child{root()};
  }

  detail::Child push(detail::Node node) {
    const std::optional<detail::Child> child = add(std::move(node));
    if (!child)
      refuse({name, "schedule", "must be at most 1000 schedules, at most 64 deep",
              static_cast<double>(size())});
    return *child;
  }
  // Appends a schedule after the schedules in it. Any other value is returned as it is.
  template <class V>
  auto lower(const V& value) {
    if constexpr (Known<V>) {
      using S = std::tuple_element_t<detail::place_of<V>(), Schedules<detail::Child>>;
      return push(detail::Node(
          std::apply([this](const auto&... v) { return S{this->lower(v)...}; }, values_of(value))));
    } else {
      using Kept = typename detail::kept<V>::type;
      if constexpr (std::same_as<Kept, V>) {
        return value;
      } else {
        return Kept(std::begin(value), std::end(value));
      }
    }
  }
  detail::Child lower(const AnySchedule& s) {
    if (s.nodes_.empty()) refuse(s.check());
    const std::uint32_t offset = static_cast<std::uint32_t>(size());
    for (detail::Node node : s.nodes_) {
      node.each_child([offset](detail::Child& child) { child.index += offset; });
      push(std::move(node));
    }
    return {root()};
  }
  // Several schedules become pairs: a sequence from its end, all others from their start.
  template <class... P>
  detail::Child lower(const Sequence<P...>& s) {
    using detail::Child;
    const auto all = std::apply(
        [this](const auto&... p) { return std::array<Child, sizeof...(P)>{this->lower(p)...}; },
        s.pieces);
    Child rest = all.back();
    for (std::size_t i = all.size() - 1; i-- > 0;)
      rest = push(detail::Node(Sequence{all[i], rest}));
    return rest;
  }
  template <Fold F, class S, class... More>
  detail::Child lower(const Pointwise<F, S, More...>& s) {
    using Pair = Pointwise<F, detail::Child, detail::Child>;
    return std::apply(
        [this](const S& first, const More&... more) {
          detail::Child r = this->lower(first);
          ((r = this->push(detail::Node(Pair{{r, this->lower(more)}}))), ...);
          return r;
        },
        s.schedules);
  }

  std::vector<detail::Node> nodes_{};
};

}}}  // namespace gradus::GRADUS_ABI::io
