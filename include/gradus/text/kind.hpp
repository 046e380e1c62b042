// optional header
// The operations on a schedule whose type is known only at run time: a table of functions for each
// type, so that readers and writers are compiled once and not for every type.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/error/fault.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/fields.hpp>
#include <gradus/text/spelling.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

class Node;

/// A reference to a node by its index. Until it is told where the nodes are, its rate is 0.
struct Child {
  std::uint32_t index = 0;
  const Node* nodes = nullptr;

  double operator()(step_t t) const noexcept;
  Fault check() const noexcept;
  Length length() const noexcept;
  bool takes_no_steps() const noexcept;
  bool has_opposite() const noexcept;
  double opposite(step_t t, const double& high, const double& low) const noexcept;
  constexpr bool operator==(const Child& o) const noexcept { return index == o.index; }
};

/// The type of a field of a schedule. A list is a vector.
enum class Holds : std::uint8_t {
  number,
  maybe_number,
  length,
  seed,
  integer,
  flag,
  choice,
  numbers,
  lengths,
  points,
  schedule
};
template <class V>
inline constexpr Holds holds = Holds::choice;
template <>
inline constexpr Holds holds<double> = Holds::number;
template <>
inline constexpr Holds holds<std::optional<double>> = Holds::maybe_number;
template <>
inline constexpr Holds holds<Length> = Holds::length;
template <>
inline constexpr Holds holds<std::uint64_t> = Holds::seed;
template <>
inline constexpr Holds holds<int> = Holds::integer;
template <>
inline constexpr Holds holds<bool> = Holds::flag;
template <>
inline constexpr Holds holds<std::vector<double>> = Holds::numbers;
template <>
inline constexpr Holds holds<std::vector<Length>> = Holds::lengths;
template <>
inline constexpr Holds holds<std::vector<gradus::Point<>>> = Holds::points;
template <>
inline constexpr Holds holds<Child> = Holds::schedule;

/// A field of a schedule: its type, and where it is.
struct Value {
  const Field* field = nullptr;
  void* at = nullptr;
  std::span<const std::string_view> choices{};  ///< the names of a choice's values
  Holds holds = Holds::number;

  template <class V>
  V& as() const noexcept {
    return *static_cast<V*>(at);
  }
  /// The index of an enumerator.
  int choice() const noexcept {
    int r = 0;
    std::memcpy(&r, at, sizeof r);
    return r;
  }
  std::string_view choice_name() const noexcept {
    const auto i = static_cast<std::size_t>(choice());
    return i < choices.size() ? choices[i] : "?";
  }
  void choose(int value) const noexcept { std::memcpy(at, &value, sizeof value); }
};

/// The fields of a schedule, in the order of their declaration. A pair of schedules is two values
/// of one field.
struct Values {
  std::array<Value, 10> all{};
  std::size_t count = 0;

  const Value* begin() const noexcept { return all.data(); }
  const Value* end() const noexcept { return all.data() + count; }
  const Value& operator[](std::size_t i) const noexcept { return all[i]; }

  template <class V>
  void add(const Field& field, V& value) noexcept {
    all[count] = {&field, &value, {}, holds<V>};
    if constexpr (holds<V> == Holds::choice) {
      static_assert(
          std::is_enum_v<V> && std::same_as<std::underlying_type_t<V>, int>,
          "a field of a schedule must have one of the types in Holds to be read from a text");
      all[count].choices = choices<V>;
    }
    ++count;
  }
  template <class A, class B>
  void add(const Field& field, std::tuple<A, B>& pair) noexcept {
    add(field, std::get<0>(pair)), add(field, std::get<1>(pair));
  }
};

/// How a schedule is written: as a call, as a call before `then`, or with words and symbols.
enum class Form : std::uint8_t { call, prefix, sequence, timed, product, sum, minimum, maximum };

/// The functions of a type of schedules. `schedule` points to one of this type, `nodes` to its
/// children.
struct ScheduleKind {
  std::string_view name{};  ///< "StepDecay", or the function: "product"
  std::string_view word{};  ///< "step_decay"
  std::span<const Field> fields{};
  Form form = Form::call;
  void (*create)(void* to) = nullptr;  ///< with the defaults; nothing where there are none
  void (*copy)(const void* schedule, void* to) = nullptr;
  void (*move)(void* schedule, void* to) noexcept = nullptr;
  void (*destroy)(void* schedule) noexcept = nullptr;
  Values (*values)(const void* schedule) noexcept = nullptr;
  double (*rate)(const void* schedule, const Node* nodes, step_t t) noexcept = nullptr;
  Fault (*check)(const void* schedule, const Node* nodes) noexcept = nullptr;
  Length (*length)(const void* schedule, const Node* nodes) noexcept = nullptr;
  bool (*takes_no_steps)(const void* schedule, const Node* nodes) noexcept = nullptr;
  /// For a Cyclical or a OneCycle; nullptr for other schedules.
  double (*opposite)(const void* schedule, step_t t, const double& high,
                     const double& low) noexcept = nullptr;
};

template <class V>
inline constexpr bool holds_child = std::same_as<V, Child>;
template <class... V>
inline constexpr bool holds_child<std::tuple<V...>> = (holds_child<std::remove_cvref_t<V>> || ...);

/// These functions for type S.
template <class S>
struct KindFunctions {
  static constexpr bool has_children = holds_child<decltype(values_of(std::declval<S&>()))>;

  static void create(void* to) { ::new (to) S{}; }
  static void copy(const void* schedule, void* to) { ::new (to) S(of(schedule)); }
  static void move(void* schedule, void* to) noexcept {
    ::new (to) S(std::move(*static_cast<S*>(schedule)));
  }
  static void destroy(void* schedule) noexcept { static_cast<S*>(schedule)->~S(); }
  static Values values(const void* schedule) noexcept {
    Values r;
    each_field(const_cast<S&>(of(schedule)), [&r](const Field& f, auto& v) { r.add(f, v); });
    return r;
  }
  static double rate(const void* schedule, const Node* nodes, step_t t) noexcept {
    return static_cast<double>(bound(schedule, nodes)(t));
  }
  static Fault check(const void* schedule, const Node* nodes) noexcept {
    const auto& s = bound(schedule, nodes);
    if constexpr (std::same_as<S, Opposite<Child>>)
      if (!s.schedule.has_opposite())
        return {S::name, "schedule", "must be a Cyclical or a OneCycle", 0};
    return s.check();
  }
  static Length length(const void* schedule, const Node* nodes) noexcept {
    if constexpr (HasLength<S>) {
      return length_of(bound(schedule, nodes));
    } else {
      return Length::endless();
    }
  }
  static bool takes_no_steps(const void* schedule, const Node* nodes) noexcept {
    return gradus::detail::takes_no_steps(bound(schedule, nodes));
  }
  static double opposite(const void* schedule, step_t t, const double& high,
                         const double& low) noexcept {
    return of(schedule).opposite(t, high, low);
  }

 private:
  static const S& of(const void* schedule) noexcept { return *static_cast<const S*>(schedule); }
  static void tell(Child& child, const Node* nodes) noexcept { child.nodes = nodes; }
  template <class A, class B>
  static void tell(std::tuple<A, B>& pair, const Node* nodes) noexcept {
    tell(std::get<0>(pair), nodes), tell(std::get<1>(pair), nodes);
  }
  template <class V>
  static void tell(V&, const Node*) noexcept {}
  /// The schedule; a copy if its children must be told where the nodes are.
  static decltype(auto) bound(const void* schedule, const Node* nodes) noexcept {
    if constexpr (has_children) {
      S r = of(schedule);
      each_field(r, [nodes](const Field&, auto& value) { tell(value, nodes); });
      return r;
    } else {
      return of(schedule);
    }
  }
};

template <class S>
inline constexpr Form form_of = is_prefix<S>() ? Form::prefix : Form::call;
template <class... S>
inline constexpr Form form_of<Sequence<S...>> = Form::sequence;
template <class S>
inline constexpr Form form_of<For<S>> = Form::timed;
template <Fold F, class... S>
inline constexpr Form form_of<Pointwise<F, S...>> =
    std::array{Form::product, Form::sum, Form::minimum, Form::maximum}[static_cast<std::size_t>(F)];

template <class S>
constexpr ScheduleKind make_kind() noexcept {
  using K = KindFunctions<S>;
  ScheduleKind r{S::name, spelling<S>.view(), fields<S>, form_of<S>};
  if constexpr (std::default_initializable<S>) r.create = K::create;
  if (r.form >= Form::product)
    r.name =
        choices<Fold>[static_cast<std::size_t>(r.form) - static_cast<std::size_t>(Form::product)];
  r.copy = K::copy, r.move = K::move, r.destroy = K::destroy, r.values = K::values;
  r.check = K::check;
  if constexpr (Schedule<S>) {
    r.rate = K::rate, r.length = K::length, r.takes_no_steps = K::takes_no_steps;
    if constexpr (HasOpposite<S> && !K::has_children) r.opposite = K::opposite;
  }
  return r;
}
template <class S>
inline constexpr ScheduleKind kind_for{make_kind<S>()};

/// The size of the largest of a list of types, a tuple.
template <class Types>
inline constexpr std::size_t room_for = 0;
template <class... S>
inline constexpr std::size_t room_for<std::tuple<S...>> = std::max({sizeof(S)...});

/// The kinds of a list of types.
template <class Types>
inline constexpr std::array<const ScheduleKind*, 0> every_kind{};
template <class... S>
inline constexpr std::array<const ScheduleKind*, sizeof...(S)> every_kind<std::tuple<S...>>{
    &kind_for<S>...};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
