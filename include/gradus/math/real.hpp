// The types in which the library computes.
#pragma once

#include <concepts>
#include <type_traits>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The types of numbers in which schedules and rules compute.
template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;

/// T, for fields from which the compiler shall not deduce the type of a schedule:
/// `Cosine{.start = 1}` is a `Cosine<double>`.
template <Real T>
using real = std::type_identity_t<T>;

}}  // namespace gradus::GRADUS_ABI
