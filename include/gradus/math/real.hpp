// The types that the library computes in.
#pragma once

#include <concepts>
#include <type_traits>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The types a schedule can be made of.
template <class T>
concept Real = std::same_as<T, float> || std::same_as<T, double>;

/// A field of a schedule's real type that takes no part in deduction: `Cosine{.start = 1}` is a
/// `Cosine<double>`.
template <Real T>
using real = std::type_identity_t<T>;

}}  // namespace gradus::GRADUS_ABI
