// The sentence with which gradus refuses a call.
#pragma once

#include <gradus/config/error.hpp>

#include <string>

namespace support {

/// The sentence of the Error that f throws; empty if it throws none.
template <class F>
std::string error_of(const F& f) {
  try {
    f();
  } catch (const gradus::Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace support
