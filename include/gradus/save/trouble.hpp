// optional header
// An error of the system.
#pragma once

#include <gradus/config/version.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// What the system could not do, and its error code, which is 0 if there was no error.
struct Trouble {
  const char* what = "";
  int error = 0;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
