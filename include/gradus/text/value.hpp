// optional header
// The fields of a schedule whose type is known only at run time.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/error/fault.hpp>
#include <gradus/schedule/shape/point.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/description.hpp>
#include <gradus/text/field.hpp>

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
  void describe_to(Description& d) const;
  std::string kind() const;
  const Node& node() const noexcept;
  constexpr bool operator==(const Child& o) const noexcept { return index == o.index; }
};
using Pair = std::tuple<Child, Child>;

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
  schedule,
  pair
};
template <class V>
consteval Holds holds() {
  if (std::same_as<V, double>) return Holds::number;
  if (std::same_as<V, std::optional<double>>) return Holds::maybe_number;
  if (std::same_as<V, Length>) return Holds::length;
  if (std::same_as<V, std::uint64_t>) return Holds::seed;
  if (std::same_as<V, int>) return Holds::integer;
  if (std::same_as<V, bool>) return Holds::flag;
  if (std::same_as<V, std::vector<double>>) return Holds::numbers;
  if (std::same_as<V, std::vector<Length>>) return Holds::lengths;
  if (std::same_as<V, std::vector<gradus::Point<>>>) return Holds::points;
  if (std::same_as<V, Child>) return Holds::schedule;
  if (std::same_as<V, Pair>) return Holds::pair;
  return Holds::choice;
}

/// One of the values of an enumeration, whose type is not known.
class Enumerator {
 public:
  Enumerator(void* at, std::span<const std::string_view> names) noexcept : at_(at), names_(names) {}
  int value() const noexcept {
    int r = 0;
    std::memcpy(&r, at_, sizeof r);
    return r;
  }
  void choose(std::size_t i) noexcept {
    const int value = static_cast<int>(i);
    std::memcpy(at_, &value, sizeof value);
  }
  std::span<const std::string_view> names() const noexcept { return names_; }
  std::string_view name() const noexcept {
    const auto i = static_cast<std::size_t>(value());
    return i < names_.size() ? names_[i] : "?";
  }
  bool operator==(const Enumerator& o) const noexcept { return value() == o.value(); }

 private:
  void* at_;
  std::span<const std::string_view> names_;
};

/// Where a field is in its schedule, and its type.
struct Place {
  std::size_t offset = 0;
  std::span<const std::string_view> choices{};  ///< the names of a choice's values
  Holds holds = Holds::number;
};
using Places = std::array<Place, Fields::most>;

/// The members of a class, by their types in the order of their declaration.
template <class... V>
struct Members {
  /// The places of the members of an S.
  template <class S>
  static consteval Places places_in() {
    static_assert(
        ((holds<V>() != Holds::choice || (std::is_enum_v<V> && sizeof(V) == sizeof(int))) && ...),
        "a field of a schedule must have one of the types in Holds to be read from a text");
    constexpr std::size_t sizes[] = {sizeof(V)...}, alignments[] = {alignof(V)...};
    const auto rounded_up = [](std::size_t n, std::size_t to) { return (n + to - 1) / to * to; };
    Places r{{{0, choices<V>, holds<V>()}...}};
    std::size_t end = 0;
    for (std::size_t i = 0; i < sizeof...(V); ++i) {
      r[i].offset = rounded_up(end, alignments[i]);
      end = r[i].offset + sizes[i];
    }
    if (rounded_up(end, alignof(S)) != sizeof(S)) r.at(Places().size());  // does not compile
    return r;
  }
};
struct MembersOf {
  template <class... V>
  constexpr Members<std::remove_const_t<V>...> operator()(V&...) const noexcept {
    return {};
  }
};
/// The types of the fields of a schedule.
template <class S>
using members_of = decltype(apply_fields(std::declval<S&>(), MembersOf()));

/// A field of a schedule that is known at run time.
struct Value {
  const Field* field = nullptr;
  const Place* place = nullptr;
  void* at = nullptr;

  Holds holds() const noexcept { return place->holds; }
  template <class V>
  V& as() const noexcept {
    return *static_cast<V*>(at);
  }
  Enumerator choice() const noexcept { return {at, place->choices}; }
};
/// f(x) with the value as what it is; for the value of an enumeration an Enumerator.
template <class F>
auto visit(const Value& v, const F& f) {
  switch (v.holds()) {
    case Holds::number: return f(v.as<double>());
    case Holds::maybe_number: return f(v.as<std::optional<double>>());
    case Holds::length: return f(v.as<Length>());
    case Holds::seed: return f(v.as<std::uint64_t>());
    case Holds::integer: return f(v.as<int>());
    case Holds::flag: return f(v.as<bool>());
    case Holds::numbers: return f(v.as<std::vector<double>>());
    case Holds::lengths: return f(v.as<std::vector<Length>>());
    case Holds::points: return f(v.as<std::vector<gradus::Point<>>>());
    case Holds::schedule: return f(v.as<Child>());
    case Holds::pair: return f(v.as<Pair>());
    case Holds::choice: break;
  }
  return f(v.choice());
}
/// Whether two values of the same field are equal.
GRADUS_NOINLINE inline bool equal(const Value& a, const Value& b) noexcept {
  return visit(a, [&b]<class V>(const V& x) {
    if constexpr (std::same_as<V, Enumerator>)
      return x == b.choice();
    else
      return x == b.as<V>();
  });
}

}}}}  // namespace gradus::GRADUS_ABI::io::detail
