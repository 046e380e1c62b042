// optional header
// What the settings of rules and stages call the choices that are fields of them.
#pragma once

#include <array>
#include <string_view>

#include <gradus/rule/part/eps.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/text/field.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

template <>
inline constexpr auto choices<Eps> = std::to_array<std::string_view>({"outside", "hat", "inside"});
template <>
inline constexpr auto choices<Ema::Begin> =
    std::to_array<std::string_view>({"construction", "first_step", "debiased", "warmup"});

}}}  // namespace gradus::GRADUS_ABI::io
