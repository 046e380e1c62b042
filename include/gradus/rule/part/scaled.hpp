// The kernel of the gradient stages that scale gradients down.
#pragma once

#include <array>
#include <cstddef>

#include <gradus/config/compiler.hpp>
#include <gradus/math/real.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail {

/// g <- factor * g
template <Real T>
struct ScaledGradient {
  T factor;
  template <class V, std::size_t N>
  GRADUS_KERNEL V gradient(const V&, const V& g, std::array<V, N>&) const {
    return factor * g;
  }
};

}}}  // namespace gradus::GRADUS_ABI::detail
