// What a schedule is.
#pragma once

#include <concepts>

#include <gradus/step/length.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// A schedule maps the index of an update to a rate: a copyable value, callable while const,
/// without state. A lambda will do.
template <class S>
concept Schedule = std::copy_constructible<S> && requires(const S& s, step_t t) {
  { s(t) } -> std::convertible_to<double>;
};

}}  // namespace gradus::GRADUS_ABI
