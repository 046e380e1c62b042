// optional header
// The list of all schedules, from which texts and descriptions are made, and the names of
// enumerators. A new schedule is an entry in `Schedules`. Its type names its fields itself:
//   static constexpr const char* fields = "start end= steps past=";
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

/// Every schedule. `C` is the type of the schedules inside another one; there are two where there
/// can be any number.
template <class C>
using Schedules = std::tuple<
    Constant<>, Cosine<>, CosineRestarts<>, Cyclical<>, Exponential<>, ExponentialDecay<>,
    Geometric<>, InverseSqrt<>, InverseTime<>, Linear<>, MultiStep<std::dynamic_extent>, Noam<>,
    OneCycle<>, PiecewiseConstant<std::dynamic_extent>, Points<std::dynamic_extent>, Polynomial<>,
    PowerCool<>, Ramp<>, Rex<>, Sigmoid<>, StepDecay<>, Table<std::vector<double>>, Tanh<>,
    Clamp<C>, For<C>, Noise<C>, Opposite<C>, PerEpoch<C>, Pointwise<Fold::product, C, C>,
    Pointwise<Fold::sum, C, C>, Pointwise<Fold::minimum, C, C>, Pointwise<Fold::maximum, C, C>,
    Repeat<C>, Reverse<C>, Sequence<C, C>, Shift<C>, Stretch<C>, Warmup<C>>;

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

namespace detail {

/// The name of a schedule, or of the function that made it.
template <class S>
inline constexpr std::string_view name_of = S::name;
template <Fold F, class... S>
inline constexpr std::string_view name_of<Pointwise<F, S...>> =
    choices<Fold>[static_cast<std::size_t>(F)];

}  // namespace detail
}}}  // namespace gradus::GRADUS_ABI::io
