// optional header
// The results of a search in a file, a line for each. Every line is durable once it is written.
#pragma once

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/config/compiler.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/printable.hpp>
#include <gradus/tune/candidates.hpp>
#include <gradus/tune/outcome.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace tune { namespace detail {

/// A field of a CSV file (RFC 4180).
GRADUS_NOINLINE inline std::string csv_field(const std::string& text) {
  return text.find_first_of(",\"\r\n") == text.npos ? text : shown(Value(text));
}
inline std::string csv_columns(const Space& space) {
  std::string r = "trial,steps";
  for (const Dimension& d : space.dimensions()) r.append(",").append(csv_field(d.name));
  return r.append(",loss,failure");
}
/// The fields of a line that identify the trial, and those with its outcome.
GRADUS_NOINLINE inline std::string csv_of(const Setting& setting, step_t steps) {
  std::string r =
      io::detail::concat({io::detail::Digits(setting.trial()), ",", io::detail::Digits(steps)});
  for (const auto& [name, value] : setting.values())
    r.append(io::detail::concat({",", value.is_text() ? csv_field(value.text()) : shown(value)}));
  return r.append(",");
}
GRADUS_NOINLINE inline std::string csv_of(const Outcome& outcome) {
  return outcome ? io::detail::concat({shown(outcome.loss), ","})
                 : io::detail::concat({",", csv_field(outcome.failure)});
}

/// The results of a search by trial and steps, including those of earlier runs.
///
/// The file has a line that describes the search, a line with the names of the columns, and then a
/// line with a checksum for each result. An incomplete last line is dropped.
/// Errors: a file of another search, or of none; a damaged line that is not the last.
class ResultsFile {
 public:
  ResultsFile(const std::string& path, const std::string& name, const Candidates& candidates)
      : journal_(path), candidates_(candidates) {
    using io::detail::concat;
    const std::string what = concat({name, name.empty() ? "" : "; ", candidates.describe()});
    const std::string text = journal_.text();
    const std::string head =
        concat({begin, what, "\n", csv_columns(candidates.space()), ",check\n"});
    if (text.size() < head.size() && head.starts_with(text)) {
      journal_.cut(0);
      journal_.append(head);
    } else if (text.starts_with(head)) {
      read(text, head.size());
    } else {
      refuse_other(text, what);
    }
  }

  /// The outcome of this trial after this many steps; nullptr if there is none.
  const Outcome* find(std::size_t trial, step_t steps) const {
    const Outcome* found = nullptr;  // the last one, if there are several
    if (trial < known_.size())
      for (const Recorded& one : known_[trial])
        if (one.steps == steps) found = &one.outcome;
    return found;
  }
  void add(const Setting& setting, step_t steps, const Outcome& outcome) {
    const std::string line = io::detail::concat({csv_of(setting, steps), csv_of(outcome)});
    journal_.append(io::detail::concat({line, check_of(line), "\n"}));
  }

 private:
  struct Recorded {
    step_t steps = 0;
    Outcome outcome{};
  };
  static constexpr std::string_view begin = "# gradus search 1: ";

  GRADUS_NOINLINE static std::string check_of(std::string_view line) {
    const auto digits = io::Crc64().add(line).digits();
    return io::detail::concat({",", {digits.data(), digits.size()}});
  }
  void read(std::string_view text, std::size_t at) {
    for (std::size_t number = 3; at < text.size(); ++number) {
      const std::size_t end = text.find('\n', at);
      const bool last = end == text.npos || end + 1 == text.size();
      if (end == text.npos || !read_line(text.substr(at, end - at))) {
        if (last) return journal_.cut(at);
        io::refuse_file(journal_.path(),
                        io::detail::concat({"is damaged: line ", io::detail::Digits(number)}));
      }
      at = end + 1;
    }
  }
  /// Reads a line; whether this search could have written it.
  bool read_line(std::string_view line) {
    constexpr std::size_t check = 17;
    if (line.size() < check) return false;
    const std::string_view rest = line.substr(0, line.size() - check);
    if (check_of(rest) != line.substr(rest.size())) return false;
    std::size_t trial = 0;
    step_t steps = 0;
    const char* const end = rest.data() + rest.size();
    const char* const comma = std::from_chars(rest.data(), end, trial).ptr;
    if (comma == end || trial >= 1'000'000) return false;
    std::from_chars(comma + 1, end, steps);
    const std::string whose = csv_of(candidates_[trial], steps);
    if (!rest.starts_with(whose)) return false;
    Outcome outcome;
    if (!read(rest.substr(whose.size()), outcome)) return false;
    if (trial >= known_.size()) known_.resize(trial + 1);
    known_[trial].push_back({steps, std::move(outcome)});
    return true;
  }
  static bool read(std::string_view text, Outcome& outcome) {
    std::from_chars(text.data(), text.data() + text.size(), outcome.loss);
    if (text.starts_with(',')) {
      const bool quoted = text.starts_with(",\"");
      for (std::size_t i = quoted ? 2 : 1; i < text.size(); ++i) {
        if (quoted && text[i] == '"') ++i;  // the first of two, or the end
        if (i < text.size()) outcome.failure += text[i];
      }
    }
    return csv_of(outcome) == text;
  }
  [[noreturn]] GRADUS_COLD void refuse_other(std::string_view text, const std::string& what) const {
    if (!text.starts_with(begin)) io::refuse_file(journal_.path(), "holds no results of a search");
    const std::string_view other = text.substr(begin.size(), text.find('\n') - begin.size());
    if (other == what) io::refuse_file(journal_.path(), "is damaged: line 2");
    io::refuse_file(journal_.path(), io::detail::concat({"holds the results of another search, \"",
                                                         io::detail::printable(other, false),
                                                         "\"; this one is \"", what, "\""}));
  }

  io::Journal journal_;
  const Candidates& candidates_;
  std::vector<std::vector<Recorded>> known_{};  // by trial
};

}}}}  // namespace gradus::GRADUS_ABI::tune::detail
