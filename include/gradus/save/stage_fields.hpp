// optional header
// The same table for stages.
#pragma once

#include <array>
#include <string_view>

#include <gradus/rule/stage/ema.hpp>
#include <gradus/text/field.hpp>

namespace gradus { inline namespace GRADUS_ABI {

// Names are enough for the table: their headers are their users'.
struct AGC;
struct Cautious;
struct CautiousWeightDecay;
struct ClipNorm;
struct ClipSpanNorm;
struct ClipValue;
struct CorrectedWeightDecay;
struct WeightDecay;
struct GradientNoise;
struct Hypergradient;
struct L2;
struct Lookahead;
struct Mechanic;
struct NesterovVelocity;
struct ProximalWeightDecay;
struct SWA;
struct Velocity;

namespace io {

template <>
inline constexpr auto fields<AGC> = detail::table("clip_factor=", "eps=");
template <>
inline constexpr auto fields<Cautious> = detail::table("floor=", "plus=", "rescale=");
template <>
inline constexpr auto fields<CautiousWeightDecay> = detail::table("weight_decay=");
template <>
inline constexpr auto fields<ClipNorm> = detail::table("max_norm=", "eps=");
template <>
inline constexpr auto fields<ClipSpanNorm> = detail::table("max_norm=");
template <>
inline constexpr auto fields<ClipValue> = detail::table("clip_value=");
template <>
inline constexpr auto fields<CorrectedWeightDecay> = detail::table("weight_decay=", "peak=");
template <>
inline constexpr auto fields<WeightDecay> = detail::table("weight_decay=", "by_rate=");
template <>
inline constexpr auto fields<Ema> = detail::table("decay=", "begin=", "power=");
template <>
inline constexpr auto fields<GradientNoise> = detail::table("eta=", "gamma=", "seed=");
template <>
inline constexpr auto fields<Hypergradient> =
    detail::table("beta=", "relative=", "start=", "floor=");
template <>
inline constexpr auto fields<L2> = detail::table("weight_decay=");
template <>
inline constexpr auto fields<Lookahead> = detail::table("sync_period=", "slow_step_size=");
template <>
inline constexpr auto fields<Mechanic> = detail::table("s_init=", "weight_decay=", "eps=");
template <>
inline constexpr auto fields<NesterovVelocity> = detail::table("momentum=");
template <>
inline constexpr auto fields<ProximalWeightDecay> = detail::table("weight_decay=");
template <>
inline constexpr auto fields<SWA> = detail::table("start=", "every=");
template <>
inline constexpr auto fields<Velocity> = detail::table("momentum=");

template <>
inline constexpr auto choices<Ema::Begin> =
    std::to_array<std::string_view>({"construction", "first_step", "debiased", "warmup"});

}  // namespace io
}}  // namespace gradus::GRADUS_ABI
