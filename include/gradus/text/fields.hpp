// optional header
// The one table of what schedules are made of: their fields by name, and the names of their
// choices. Texts and descriptions are made from it. A new schedule is a line here, and one in
// `Schedules`; one that holds any other number of fields than the line says does not compile.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include <gradus/schedule/combine/clamp.hpp>
#include <gradus/schedule/combine/for.hpp>
#include <gradus/schedule/combine/noise.hpp>
#include <gradus/schedule/combine/opposite.hpp>
#include <gradus/schedule/combine/per_epoch.hpp>
#include <gradus/schedule/combine/pointwise.hpp>
#include <gradus/schedule/combine/repeat.hpp>
#include <gradus/schedule/combine/reverse.hpp>
#include <gradus/schedule/combine/sequence.hpp>
#include <gradus/schedule/combine/shift.hpp>
#include <gradus/schedule/combine/stretch.hpp>
#include <gradus/schedule/combine/warmup.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/schedule/cosine_restarts.hpp>
#include <gradus/schedule/cyclical.hpp>
#include <gradus/schedule/exponential.hpp>
#include <gradus/schedule/exponential_decay.hpp>
#include <gradus/schedule/geometric.hpp>
#include <gradus/schedule/inverse_sqrt.hpp>
#include <gradus/schedule/inverse_time.hpp>
#include <gradus/schedule/linear.hpp>
#include <gradus/schedule/noam.hpp>
#include <gradus/schedule/one_cycle.hpp>
#include <gradus/schedule/polynomial.hpp>
#include <gradus/schedule/power_cool.hpp>
#include <gradus/schedule/ramp.hpp>
#include <gradus/schedule/rex.hpp>
#include <gradus/schedule/shape/boundary.hpp>
#include <gradus/schedule/shape/curve.hpp>
#include <gradus/schedule/shape/past.hpp>
#include <gradus/schedule/sigmoid.hpp>
#include <gradus/schedule/step_decay.hpp>
#include <gradus/schedule/table.hpp>
#include <gradus/schedule/tanh.hpp>
#include <gradus/text/field.hpp>
#include <gradus/text/point_lists.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Every schedule; `C` stands for the schedules that another one is made of, two where it can be
/// any number.
template <class C>
using Schedules = std::tuple<
    Constant<>, Cosine<>, CosineRestarts<>, Cyclical<>, Exponential<>, ExponentialDecay<>,
    Geometric<>, InverseSqrt<>, InverseTime<>, Linear<>, MultiStep<std::dynamic_extent>, Noam<>,
    OneCycle<>, PiecewiseConstant<std::dynamic_extent>, Points<std::dynamic_extent>, Polynomial<>,
    PowerCool<>, Ramp<>, Rex<>, Sigmoid<>, StepDecay<>, Table<std::vector<double>>, Tanh<>,
    Clamp<C>, For<C>, Noise<C>, Opposite<C>, PerEpoch<C>, Pointwise<Fold::product, C, C>,
    Pointwise<Fold::sum, C, C>, Pointwise<Fold::minimum, C, C>, Pointwise<Fold::maximum, C, C>,
    Repeat<C>, Reverse<C>, Sequence<C, C>, Shift<C>, Stretch<C>, Warmup<C>>;

template <class T>
inline constexpr auto fields<Constant<T>> = detail::table("value");
template <class T>
inline constexpr auto fields<Cosine<T>> =
    detail::table("start", "end=", "steps", "past=", "exponent=", "k=");
template <class T>
inline constexpr auto fields<CosineRestarts<T>> =
    detail::table("start", "end=", "steps", "growth=", "decay=", "limit=");
template <class T>
inline constexpr auto fields<Cyclical<T>> =
    detail::table("low", "high", "up", "down=", "shape=", "factor=");
template <class T>
inline constexpr auto fields<Exponential<T>> = detail::table("start", "decay", "floor=");
template <class T>
inline constexpr auto fields<ExponentialDecay<T>> =
    detail::table("start", "factor", "every=", "staircase=", "limit=");
template <class T>
inline constexpr auto fields<Geometric<T>> = detail::table("start", "end", "steps", "past=");
template <class T>
inline constexpr auto fields<InverseSqrt<T>> = detail::table("start", "tau");
template <class T>
inline constexpr auto fields<InverseTime<T>> =
    detail::table("start", "decay", "power=", "every=", "staircase=");
template <class T>
inline constexpr auto fields<Linear<T>> = detail::table("start", "end=", "steps", "past=");
template <std::size_t N, class T>
inline constexpr auto fields<MultiStep<N, T>> =
    detail::table("start", "boundaries", "factor=", "boundary=");
template <class T>
inline constexpr auto fields<Noam<T>> = detail::table("size", "warmup", "factor=");
template <class T>
inline constexpr auto fields<OneCycle<T>> =
    detail::table("peak", "steps",
                  "rise=", "divisor=", "final_divisor=", "curve=", "phases=", "back=", "boundary=");
template <std::size_t N, class T>
inline constexpr auto fields<PiecewiseConstant<N, T>> =
    detail::table("start", "points", "boundary=");
template <std::size_t N, class T>
inline constexpr auto fields<Points<N, T>> = detail::table("points", "curve=", "power=");
template <class T>
inline constexpr auto fields<Polynomial<T>> =
    detail::table("start", "end=", "steps", "power=", "past=", "cycle=");
template <class T>
inline constexpr auto fields<Ramp<T>> =
    detail::table("start", "end=", "steps", "curve=", "power=", "past=");
template <class T>
inline constexpr auto fields<Rex<T>> = detail::table("start", "end=", "steps", "past=");
template <class T>
inline constexpr auto fields<Sigmoid<T>> = detail::table("start", "slope", "middle");
template <class T>
inline constexpr auto fields<StepDecay<T>> = detail::table("start", "every", "factor=", "floor=");
template <class V>
inline constexpr auto fields<Table<V>> = detail::table("values", "past=");
template <class T>
inline constexpr auto fields<Tanh<T>> =
    detail::table("start", "end=", "steps", "from=", "to=", "past=");
template <class S>
inline constexpr auto fields<Clamp<S>> = detail::table("schedule", "low", "high");
template <class S>
inline constexpr auto fields<For<S>> = detail::table("steps", "schedule");
template <class S>
inline constexpr auto fields<Noise<S>> =
    detail::table("schedule", "amount", "seed=", "every=", "spread=", "power=");
template <class S>
inline constexpr auto fields<Opposite<S>> = detail::table("schedule", "high=", "low=");
template <class S>
inline constexpr auto fields<PerEpoch<S>> = detail::table("steps", "schedule");
template <Fold F, class... S>
inline constexpr auto fields<Pointwise<F, S...>> = detail::table("schedules");
template <class S>
inline constexpr auto fields<Repeat<S>> = detail::table("schedule", "steps=", "times=");
template <class S>
inline constexpr auto fields<Reverse<S>> = detail::table("schedule", "steps=");
template <class... S>
inline constexpr auto fields<Sequence<S...>> = detail::table("pieces");
template <class S>
inline constexpr auto fields<Shift<S>> = detail::table("schedule", "by");
template <class S>
inline constexpr auto fields<Stretch<S>> = detail::table("schedule", "from", "to");
template <class S>
inline constexpr auto fields<Warmup<S>> =
    detail::table("steps", "schedule...", "from=", "curve=", "power=");

template <>
inline constexpr auto choices<Boundary> =
    std::to_array<std::string_view>({"before", "at", "after"});
template <>
inline constexpr auto choices<Curve> =
    std::to_array<std::string_view>({"linear", "cosine", "root", "power", "geometric"});
template <>
inline constexpr auto choices<Cycle> =
    std::to_array<std::string_view>({"triangular", "triangular2", "exp_range"});
template <>
inline constexpr auto choices<Fold> =
    std::to_array<std::string_view>({"product", "sum", "minimum", "maximum"});
template <>
inline constexpr auto choices<Past> = std::to_array<std::string_view>({"hold", "mirror", "repeat"});
template <>
inline constexpr auto choices<Spread> =
    std::to_array<std::string_view>({"uniform", "normal", "power"});

}}}  // namespace gradus::GRADUS_ABI::io
