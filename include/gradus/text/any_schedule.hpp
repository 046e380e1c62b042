// optional header
// A schedule that is chosen at run time.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/description.hpp>
#include <gradus/text/fields.hpp>
#include <gradus/text/node.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

class AnySchedule;

namespace detail {

class Reader;
class Writer;
class CppWriter;

/// The index in `Schedules` of the type in which an AnySchedule keeps a schedule; the number of
/// types if there is none.
template <class S>
consteval std::size_t place_of();
inline constexpr std::size_t schedule_count = std::tuple_size_v<Schedules<Child>>;

/// Whether it consists of any number of schedules, all known.
template <class S>
inline constexpr bool is_known_row = false;

}  // namespace detail

/// A schedule that an `AnySchedule` can be: one of this library, of double, with only such
/// schedules in it.
template <class S>
concept Known = detail::is_known_row<S> ||
                (fields<S>.size() != 0 && detail::place_of<S>() < detail::schedule_count);

namespace detail {

/// The type in which a field is kept: a Child for a schedule, a vector for a list.
template <class V>
struct kept {
  using type = V;
};
template <class V>
  requires(Known<V> || std::same_as<V, AnySchedule>)
struct kept<V> {
  using type = Child;
};
template <ListValue V>
struct kept<V> {
  using type = std::vector<std::remove_cvref_t<decltype(*std::begin(std::declval<const V&>()))>>;
};
template <class V>
using kept_t = typename kept<V>::type;

template <class... S>
inline constexpr bool is_known_row<Sequence<S...>> = (std::same_as<kept_t<S>, Child> && ...);
template <Fold F, class... S>
inline constexpr bool is_known_row<Pointwise<F, S...>> = (std::same_as<kept_t<S>, Child> && ...);

template <class... V>
Members<kept_t<V>...> kept_members(Members<V...>);

template <class... A>
consteval std::size_t place_of_name(std::string_view name, std::type_identity<std::tuple<A...>>) {
  const std::string_view names[] = {A::name...};
  std::size_t place = 0;
  while (place < sizeof...(A) && names[place] != name) ++place;
  return place;
}
template <class S>
consteval std::size_t place_of() {
  using All = Schedules<Child>;
  // `detail::` keeps the compiler from completing the tuple, in which it would look for the name.
  constexpr std::size_t place = detail::place_of_name(S::name, std::type_identity<All>());
  if constexpr (place == schedule_count) {
    return place;
  } else {
    using Kept = decltype(kept_members(members_of<S>()));
    return std::same_as<Kept, members_of<std::tuple_element_t<place, All>>> ? place
                                                                            : schedule_count;
  }
}

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

  double operator()(step_t t) const noexcept { return root()(t); }
  Fault check() const noexcept {
    if (nodes_.size() == 0) return {name, "size", "must be > 0", 0};
    return root().check();
  }
  /// The number of steps; `Length::endless()` if it has no end, not given without a schedule.
  Length length() const noexcept { return root().length(); }
  /// Whether its length is 0.
  bool takes_no_steps() const noexcept { return root().takes_no_steps(); }
  /// The value of an `Opposite` of it. `check` refuses an `Opposite` of a schedule that has none.
  double opposite(step_t t, const double& high, const double& low) const noexcept {
    return root().opposite(t, high, low);
  }
  /// The results of `describe` and `kind_of`.
  void describe_to(Description& d) const {
    if (size() == 0)
      d << "no schedule";
    else
      root().describe_to(d);
  }
  std::string kind() const { return size() == 0 ? "" : root().kind(); }
  /// The number of schedules that it consists of.
  std::size_t size() const noexcept { return nodes_.size(); }
  bool operator==(const AnySchedule&) const = default;

 private:
  friend class detail::Reader;
  friend class detail::Writer;
  friend class detail::CppWriter;

  detail::Child root() const noexcept {
    return {static_cast<std::uint32_t>(size() - 1), size() == 0 ? nullptr : nodes_.begin()};
  }

  // Appends a schedule as the last node. Returns nothing if a limit is reached.
  GRADUS_NOINLINE std::optional<detail::Child> add(detail::Node&& node) {
    std::uint32_t depth = 0;
    node.each_child([this, &depth](const detail::Child& child) {
      if (nodes_[child.index].depth() > depth) depth = nodes_[child.index].depth();
    });
    if (size() == max_nodes || depth == max_depth) return {};
    node.set_depth(depth + 1);
    nodes_.add(std::move(node));
    return root();
  }

  GRADUS_NOINLINE detail::Child push(detail::Node&& node) {
    const std::optional<detail::Child> child = add(std::move(node));
    if (!child)
      refuse({name, "schedule", "must be at most 1000 schedules, at most 64 deep",
              static_cast<double>(size())});
    return *child;
  }
  // Appends a schedule after the schedules in it. Any other value is returned as it is kept.
  template <class V>
  auto lower(const V& value) {
    if constexpr (Known<V>) {
      using S = std::tuple_element_t<detail::place_of<V>(), Schedules<detail::Child>>;
      return push(detail::Node(
          apply_fields(value, [this](const auto&... v) { return S{this->lower(v)...}; })));
    } else if constexpr (std::same_as<detail::kept_t<V>, V>) {
      return value;
    } else {
      return detail::kept_t<V>(std::begin(value), std::end(value));
    }
  }
  detail::Child lower(const AnySchedule& s) {
    if (s.size() == 0) refuse(s.check());
    const std::uint32_t offset = static_cast<std::uint32_t>(size());
    for (detail::Node node : s.nodes_) {
      node.each_child([offset](detail::Child& child) { child.index += offset; });
      push(std::move(node));
    }
    return root();
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
      rest = push(detail::Node(detail::kind_for<Sequence<Child, Child>>, {all[i], rest}));
    return rest;
  }
  template <Fold F, class S, class... More>
  detail::Child lower(const Pointwise<F, S, More...>& s) {
    constexpr const auto& kind = detail::kind_for<Pointwise<F, detail::Child, detail::Child>>;
    return std::apply(
        [this](const S& first, const More&... more) {
          detail::Child r = this->lower(first);
          ((r = this->push(detail::Node(kind, {r, this->lower(more)}))), ...);
          return r;
        },
        s.schedules);
  }

  detail::Nodes nodes_{};
};

}}}  // namespace gradus::GRADUS_ABI::io
