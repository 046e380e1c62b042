// optional header
// The operations on a schedule whose type is known only at run time: a table with an entry for each
// type, so that readers and writers are compiled once and not for every type.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <gradus/error/fault.hpp>
#include <gradus/schedule/shape/length_of.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/fields.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/text/value.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// How a schedule is written: as a call, as a call before `then`, or with words and symbols: `s for
/// 100`, `a then b`, `a * b`.
enum class Form : std::uint8_t { call, prefix, sequence, timed, product, sum, minimum, maximum };

template <class S>
inline constexpr Form form_of = [] {
  Form r = Form::call;
  for (const Field& f : fields<S>)
    if (f.kind == Field::Kind::follows) r = Form::prefix;
  return r;
}();
template <class... S>
inline constexpr Form form_of<Sequence<S...>> = Form::sequence;
template <class S>
inline constexpr Form form_of<For<S>> = Form::timed;
template <Fold F, class... S>
inline constexpr Form form_of<Pointwise<F, S...>> =
    std::array{Form::product, Form::sum, Form::minimum, Form::maximum}[static_cast<std::size_t>(F)];

/// How a schedule with lists is made, copied, moved and destroyed. Any other is only its bytes.
struct Lifetime {
  void (*create)(void* to);
  void (*copy)(const void* schedule, void* to);
  void (*move)(void* schedule, void* to) noexcept;
  void (*destroy)(void* schedule) noexcept;
};

/// A type of schedules. `schedule` points to one of this type.
struct ScheduleKind {
  std::string_view name{};  ///< "StepDecay", or the function: "product"
  Word word{};              ///< "step_decay"
  Fields fields;
  Places places{};
  Form form = Form::call;
  std::size_t size = 0;                ///< in bytes
  const void* usual = nullptr;         ///< with the defaults; nullptr for one with lists
  const Lifetime* lifetime = nullptr;  ///< nullptr for a schedule without lists
  double (*rate)(const void* schedule, step_t t) noexcept = nullptr;
  Fault (*check)(const void* schedule) noexcept = nullptr;
  /// nullptr where `steps` is the length, or where there is none.
  Length (*length)(const void* schedule) noexcept = nullptr;
  std::size_t steps = Fields::most;  ///< the index of the field
  /// nullptr where the length says it.
  bool (*takes_no_steps)(const void* schedule) noexcept = nullptr;
  /// For a Cyclical or a OneCycle; nullptr for other schedules.
  double (*opposite)(const void* schedule, step_t t, const double& high,
                     const double& low) noexcept = nullptr;
};

/// These functions for type S.
template <class S>
struct KindFunctions {
  static const S& of(const void* schedule) noexcept { return *static_cast<const S*>(schedule); }

  static void create(void* to) { ::new (to) S{}; }
  static void copy(const void* schedule, void* to) { ::new (to) S(of(schedule)); }
  static void move(void* schedule, void* to) noexcept {
    ::new (to) S(std::move(*static_cast<S*>(schedule)));
  }
  static void destroy(void* schedule) noexcept { static_cast<S*>(schedule)->~S(); }
  static double rate(const void* schedule, step_t t) noexcept {
    return static_cast<double>(of(schedule)(t));
  }
  static Fault check(const void* schedule) noexcept {
    if constexpr (std::same_as<S, Opposite<Child>>)
      if (!of(schedule).schedule.has_opposite())
        return {S::name, "schedule", "must be a Cyclical or a OneCycle", 0};
    return of(schedule).check();
  }
  static Length length(const void* schedule) noexcept { return of(schedule).length(); }
  static bool takes_no_steps(const void* schedule) noexcept {
    return of(schedule).takes_no_steps();
  }
  static double opposite(const void* schedule, step_t t, const double& high,
                         const double& low) noexcept {
    return of(schedule).opposite(t, high, low);
  }
};
template <class S>
inline constexpr S usual_for{};
template <class S>
inline constexpr Lifetime lifetime_for{KindFunctions<S>::create, KindFunctions<S>::copy,
                                       KindFunctions<S>::move, KindFunctions<S>::destroy};

template <class S>
constexpr ScheduleKind make_kind() noexcept {
  using K = KindFunctions<S>;
  ScheduleKind r{name_of<S>, Word(S::name), fields<S>, members_of<S>::template places_in<S>(),
                 form_of<S>, sizeof(S)};
  constexpr bool is_bytes =
      std::is_trivially_copy_constructible_v<S> && std::is_trivially_destructible_v<S>;
  if constexpr (!is_bytes) r.lifetime = &lifetime_for<S>;
  if constexpr (is_bytes && std::default_initializable<S>) r.usual = &usual_for<S>;
  r.check = K::check;
  if constexpr (requires(const S& s, step_t t) { s(t); }) r.rate = K::rate;
  if constexpr (SaysLength<S>) r.length = K::length;
  if constexpr (HasSteps<S>)
    for (r.steps = 0; r.fields[r.steps].name != "steps";) ++r.steps;
  if constexpr (requires(const S& s) { s.takes_no_steps(); }) r.takes_no_steps = K::takes_no_steps;
  if constexpr (requires(const S& s) { s.opposite(step_t{}, 1.0, 0.0); }) r.opposite = K::opposite;
  return r;
}
template <class S>
inline constexpr ScheduleKind kind_for{make_kind<S>()};

/// The size of the largest of a list of types, a tuple.
template <class Types>
inline constexpr std::size_t room_for = 0;
template <class... S>
inline constexpr std::size_t room_for<std::tuple<S...>> = [] {
  std::size_t most = 0;
  ((most = sizeof(S) > most ? sizeof(S) : most), ...);
  return most;
}();

/// The kinds of a list of types.
template <class Types>
inline constexpr std::array<const ScheduleKind*, 0> every_kind{};
template <class... S>
inline constexpr std::array<const ScheduleKind*, sizeof...(S)> every_kind<std::tuple<S...>>{
    &kind_for<S>...};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
