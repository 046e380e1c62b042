// Every schedule, from the one list of them that there is: gradus::io::Schedules.
#pragma once

#include <gradus/text/any_schedule.hpp>
#include <gradus/text/fields.hpp>

#include <concepts>
#include <tuple>
#include <type_traits>
#include <vector>

namespace support {

using gradus::io::AnySchedule, gradus::io::Field;

inline const AnySchedule eight = gradus::For<gradus::Constant<>>{8, {1}};

// A value that is right in any field of its type.
inline void fill(double& x) { x = 1; }
inline void fill(gradus::Length& x) {
  if (!x.is_given()) x = 10;
}
inline void fill(AnySchedule& x) { x = eight; }
inline void fill(std::vector<double>& x) { x = {1}; }
inline void fill(std::vector<gradus::Length>& x) { x = {5}; }
inline void fill(std::vector<gradus::Point<>>& x) { x = {{5, 1}}; }
template <class V>
void fill(V&) {}

/// A schedule with right values in the fields that have no default.
template <class S>
S filled() {
  if constexpr (std::is_constructible_v<S, AnySchedule, AnySchedule>) {
    return S{eight, eight};
  } else {
    S s{};
    gradus::io::each_field(s, [](const Field& field, auto& value) {
      if (field.kind != Field::Kind::has_default) fill(value);
    });
    if constexpr (requires { s.schedules; }) s.schedules = {eight, eight};
    if constexpr (std::same_as<S, gradus::Opposite<AnySchedule>>)
      s.schedule = gradus::Cyclical<>{0, 1, 5};
    return s;
  }
}

/// f(schedule) for each type of schedule, with right values.
template <class F>
void for_every_schedule(const F& f) {
  [&f]<class... S>(std::type_identity<std::tuple<S...>>) {
    (f(filled<S>()), ...);
  }(std::type_identity<gradus::io::Schedules<AnySchedule>>());
}

}  // namespace support
