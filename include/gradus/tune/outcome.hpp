// optional header
// The outcome of a training.
#pragma once

#include <string>

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// The outcome of a training: its loss, or the reason why there is none.
struct Outcome {
  double loss = 0;
  std::string failure{};
  explicit operator bool() const noexcept { return failure.empty(); }
  bool operator==(const Outcome&) const = default;
};

}}}  // namespace gradus::GRADUS_ABI::tune
