// optional header
// The one table of what rules are made of: their fields by name, in the order of their declaration.
// A new rule is a line here; one that holds any other number of fields than the line says does not
// compile where its settings are asked for.
#pragma once

#include <array>
#include <string_view>

#include <gradus/rule/part/eps.hpp>
#include <gradus/text/field.hpp>

namespace gradus { inline namespace GRADUS_ABI {

// Names are enough for the table: their headers are their users'.
struct AdaBelief;
struct AdaBound;
struct Adadelta;
struct Adagrad;
struct Adam;
struct Adamax;
struct AdamW;
struct Adan;
struct AdEMAMix;
struct ADOPT;
struct AMSBound;
struct AMSGrad;
struct ASGD;
struct CenteredRMSprop;
struct CenteredRMSpropMomentum;
struct COCOB;
struct DAdaptAdam;
struct DAdaptSGD;
struct DampenedMomentum;
struct DoG;
struct DoWG;
struct FTRL;
struct LAMB;
struct LaProp;
struct LARS;
struct LDoG;
struct Lion;
struct MADGRAD;
struct MARS;
struct Momentum;
struct NAdam;
struct Nesterov;
struct NovoGrad;
struct PolyakSGD;
struct Prodigy;
struct QHAdam;
struct QHM;
struct RAdam;
struct RMSprop;
struct RMSpropMomentum;
struct Rprop;
struct ScheduleFreeAdamW;
struct ScheduleFreeSGD;
struct Signum;
struct SMORMS3;
struct Yogi;

namespace io {

template <>
inline constexpr auto fields<AdaBelief> =
    detail::table("beta1=", "beta2=", "eps=", "eps_root=", "updated=");
template <>
inline constexpr auto fields<AdaBound> =
    detail::table("beta1=", "beta2=", "eps=", "final_ratio=", "gamma=");
template <>
inline constexpr auto fields<Adadelta> = detail::table("rho=", "eps=");
template <>
inline constexpr auto fields<Adagrad> =
    detail::table("initial_accumulator_value=", "rate_decay=", "eps=", "eps_place=");
template <>
inline constexpr auto fields<Adam> =
    detail::table("beta1=", "beta2=", "eps=", "eps_place=", "bias_correction=");
template <>
inline constexpr auto fields<Adamax> =
    detail::table("beta1=", "beta2=", "eps=", "eps_place=", "bias_correction=");
template <>
inline constexpr auto fields<AdamW> =
    detail::table("beta1=", "beta2=", "eps=", "weight_decay=", "eps_place=", "bias_correction=");
template <>
inline constexpr auto fields<Adan> = detail::table("beta1=", "beta2=", "beta3=", "eps=");
template <>
inline constexpr auto fields<AdEMAMix> =
    detail::table("beta1=", "beta2=", "beta3=", "alpha=", "eps=");
template <>
inline constexpr auto fields<ADOPT> = detail::table("beta1=", "beta2=", "eps=", "power=", "clip=");
template <>
inline constexpr auto fields<AMSBound> =
    detail::table("beta1=", "beta2=", "eps=", "final_ratio=", "gamma=");
template <>
inline constexpr auto fields<AMSGrad> =
    detail::table("beta1=", "beta2=", "eps=", "eps_place=", "bias_correction=", "max_corrected=");
template <>
inline constexpr auto fields<ASGD> = detail::table("lambda=", "alpha=", "t0=");
template <>
inline constexpr auto fields<CenteredRMSprop> =
    detail::table("alpha=", "eps=", "initial_accumulator_value=", "eps_place=");
template <>
inline constexpr auto fields<CenteredRMSpropMomentum> =
    detail::table("alpha=", "momentum=", "eps=", "initial_accumulator_value=", "eps_place=");
template <>
inline constexpr auto fields<COCOB> = detail::table("alpha=", "eps=");
template <>
inline constexpr auto fields<DAdaptAdam> = detail::table(
    "beta1=", "beta2=", "eps=", "weight_decay=", "d0=", "growth_rate=", "bias_correction=");
template <>
inline constexpr auto fields<DAdaptSGD> = detail::table("momentum=", "d0=", "growth_rate=");
template <>
inline constexpr auto fields<DampenedMomentum> =
    detail::table("momentum=", "dampening=", "dampen_first=");
template <>
inline constexpr auto fields<DoG> = detail::table("reps_rel=", "eps=");
template <>
inline constexpr auto fields<DoWG> = detail::table("initial_distance=", "eps=");
template <>
inline constexpr auto fields<FTRL> =
    detail::table("l1=", "l2=", "beta=", "initial_accumulator_value=");
template <>
inline constexpr auto fields<LAMB> =
    detail::table("beta1=", "beta2=", "eps=", "weight_decay=", "max_trust=", "only_decayed=");
template <>
inline constexpr auto fields<LaProp> = detail::table("beta1=", "beta2=", "eps=");
template <>
inline constexpr auto fields<LARS> = detail::table(
    "momentum=", "trust_coefficient=", "weight_decay=", "eps=", "trust_clip=", "rate_inside=");
template <>
inline constexpr auto fields<LDoG> = detail::table("reps_rel=", "eps=");
template <>
inline constexpr auto fields<Lion> = detail::table("beta1=", "beta2=");
template <>
inline constexpr auto fields<MADGRAD> = detail::table("momentum=", "eps=");
template <>
inline constexpr auto fields<MARS> =
    detail::table("gamma=", "beta1=", "beta2=", "eps=", "weight_decay=", "max_norm=");
template <>
inline constexpr auto fields<Momentum> = detail::table("momentum=");
template <>
inline constexpr auto fields<NAdam> =
    detail::table("beta1=", "beta2=", "eps=", "momentum_decay=", "eps_place=");
template <>
inline constexpr auto fields<Nesterov> = detail::table("momentum=");
template <>
inline constexpr auto fields<NovoGrad> =
    detail::table("beta1=", "beta2=", "eps=", "weight_decay=", "grad_averaging=", "init_zero=");
template <>
inline constexpr auto fields<PolyakSGD> = detail::table("f_min=", "max_rate=");
template <>
inline constexpr auto fields<Prodigy> =
    detail::table("beta1=", "beta2=", "beta3=", "eps=", "weight_decay=", "d0=", "d_coef=",
                  "growth_rate=", "bias_correction=", "safeguard_warmup=");
template <>
inline constexpr auto fields<QHAdam> = detail::table("beta1=", "beta2=", "nu1=", "nu2=", "eps=");
template <>
inline constexpr auto fields<QHM> = detail::table("momentum=", "nu=");
template <>
inline constexpr auto fields<RAdam> = detail::table("beta1=", "beta2=", "eps=", "eps_place=");
template <>
inline constexpr auto fields<RMSprop> =
    detail::table("alpha=", "eps=", "initial_accumulator_value=", "eps_place=");
template <>
inline constexpr auto fields<RMSpropMomentum> =
    detail::table("alpha=", "momentum=", "eps=", "initial_accumulator_value=", "eps_place=");
template <>
inline constexpr auto fields<Rprop> = detail::table(
    "initial_step_size=", "eta_minus=", "eta_plus=", "min_step_size=", "max_step_size=");
template <>
inline constexpr auto fields<ScheduleFreeAdamW> =
    detail::table("beta1=", "beta2=", "eps=", "weight_decay=", "rate_power=", "step_power=");
template <>
inline constexpr auto fields<ScheduleFreeSGD> =
    detail::table("beta=", "weight_decay=", "rate_power=", "step_power=");
template <>
inline constexpr auto fields<Signum> = detail::table("momentum=");
template <>
inline constexpr auto fields<SMORMS3> = detail::table("eps=", "capped=");
template <>
inline constexpr auto fields<Yogi> = detail::table(
    "beta1=", "beta2=", "eps=", "initial_accumulator_value=", "initial_m=", "bias_correction=");

template <>
inline constexpr auto choices<Eps> = std::to_array<std::string_view>({"outside", "hat", "inside"});

}  // namespace io
}}  // namespace gradus::GRADUS_ABI
