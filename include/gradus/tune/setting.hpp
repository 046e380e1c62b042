// optional header
// A point of a space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/text/concat.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/tune/space.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune {

/// Ends a search from within a trial: `throw Stop("interrupted")`. Other trials that are running
/// end normally and are recorded; then `search` throws it again.
struct Stop : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The hyper-parameters of one trial.
///
///   AdamW{.beta2 = setting["beta2"]};  io::parse(setting.text("schedule"))
///
/// Errors: `Stop`, which ends the search, for a name that is not in the space or has a value of
///   another kind, because that is an error of the program and not a failed trial.
class Setting {
 public:
  /// The values of trial number `trial`, in the order of the space.
  Setting(std::size_t trial, std::vector<std::pair<std::string, Value>> values)
      : trial_(trial), values_(std::move(values)) {}

  /// The number of the trial, from 0. It can name a file or be a seed.
  std::size_t trial() const noexcept { return trial_; }
  const std::vector<std::pair<std::string, Value>>& values() const noexcept { return values_; }

  double operator[](std::string_view name) const {
    const Value& value = at(name);
    if (value.is_text()) stop(name, "is a text: setting.text(name)");
    return value.number();
  }
  std::int64_t whole(std::string_view name) const {
    const double number = (*this)[name];
    if (!detail::is_whole(number))
      stop(name, io::detail::concat({"is not whole (got ", detail::shown(number), ")"}));
    return static_cast<std::int64_t>(number);
  }
  const std::string& text(std::string_view name) const {
    const Value& value = at(name);
    if (!value.is_text()) stop(name, "is a number: setting[name]");
    return value.text();
  }
  bool operator==(const Setting&) const = default;

 private:
  const Value& at(std::string_view name) const {
    io::detail::Nearest nearest(name);
    for (const auto& [own, value] : values_) {
      if (own == name) return value;
      nearest.look_at(own);
    }
    stop(name, io::detail::concat({"is not in the space", nearest.question()}));
  }
  [[noreturn]] GRADUS_COLD static void stop(std::string_view name, std::string_view rest) {
    throw Stop(io::detail::concat({"gradus::tune::Setting: \"", name, "\" ", rest}));
  }

  std::size_t trial_;
  std::vector<std::pair<std::string, Value>> values_;
};

}}}  // namespace gradus::GRADUS_ABI::tune
