// optional header
// The contents of a saved file, without knowledge of the types that were saved.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/header_reader.hpp>
#include <gradus/save/old_names.hpp>
#include <gradus/step/length.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// An optimizer in a saved file, as `kind_of`, `settings_of` and `describe` describe it.
struct SavedOptimizer {
  std::string rule, rule_settings;
  std::string schedule, schedule_settings;
  std::string parameters;    ///< the type of the parameters: "F32"
  std::string sizes, spans;  ///< the sizes of the spans, "1000, 10", and their names, if any
  std::string slots;         ///< "exp_avg F32, exp_avg_sq F32"; not in files of format 1
  std::string shapes{};      ///< "3 x 4; 2 of 3 x 4", for a rule that sees matrices
  /// The number of updates; not known if another tensor has the same name as its step.
  std::optional<step_t> steps{};
};

/// The contents of a saved file.
struct SavedFile {
  int format = 0;  ///< the version of the format
  std::vector<SavedOptimizer> optimizers;
  std::vector<SavedTensor> tensors;

  /// Lines of text for people.
  std::string text() const {
    std::string r = detail::concat({"format ", std::to_string(format), "\n"});
    const auto line = [&r](std::string_view what, std::string_view is) {
      if (!is.empty()) r.append(detail::concat({"  ", what, ": ", is, "\n"}));
    };
    for (std::size_t k = 0; k < optimizers.size(); ++k) {
      const SavedOptimizer& o = optimizers[k];
      r.append(detail::concat({"optimizer ", std::to_string(k), "\n"}));
      line("steps", o.steps ? std::to_string(*o.steps) : "not known");
      line("rule", o.rule_settings.empty() ? o.rule : o.rule_settings);
      line("schedule", o.schedule_settings);
      line("parameters", o.parameters);
      line("sizes", o.sizes);
      line("spans", o.spans);
      line("slots", o.slots);
      line("shapes", o.shapes);
    }
    r.append("tensors\n");
    for (const SavedTensor& t : tensors) line(t.name, detail::in_words(t.dtype, t.shape));
    return r;
  }
};

namespace detail {

/// Reads all data and checks its checksum. Calls take(index, bytes) for every tensor of 8 bytes.
template <class F>
void read_data(Source& file, const SavedFile& saved, std::string_view checksum, const F& take) {
  Crc64 sum;
  std::array<char, 65'536> block{};
  for (std::size_t i = 0; i < saved.tensors.size(); ++i) {
    for (std::uint64_t left = saved.tensors[i].bytes; left > 0;) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, block.size()));
      file.read(block.data(), n);
      sum.add(block.data(), n);
      if (n == 8 && saved.tensors[i].bytes == 8) take(i, block.data());
      left -= n;
    }
  }
  check_sum(file.path(), checksum, sum);
}

}  // namespace detail

/// The contents of a file of `save`: rules, schedules, steps, settings, and the name, type and
/// shape of every tensor.
///
///   std::puts(io::inspect("run.safetensors").text().c_str());
///
/// Cost: the file is read once; memory only for names and shapes.
/// Errors: a file that is damaged or was not written by gradus (`gradus::Error`); an error
///   of the system (`std::system_error`).
inline SavedFile inspect(const std::string& path) {
  Source file(path);
  const std::string header = detail::read_header(file);
  detail::HeaderReader reader(path, header);
  SavedFile r;
  r.format = reader.version();
  const std::string count(reader.property("optimizers"));
  std::map<std::string, std::size_t> steps;  // name of a tensor -> its optimizer
  for (std::size_t k = 0; std::to_string(k) != count; ++k) {
    const std::string prefix = count == "1" ? "" : detail::concat({std::to_string(k), "."});
    const auto word = [&](const char* key) {
      return std::string(reader.property(detail::concat({prefix, key})));
    };
    SavedOptimizer o;
    o.rule = detail::with_names_of_today(word("rule"));
    o.rule_settings = detail::with_names_of_today(word("rule_settings"));
    o.schedule = word("schedule");
    o.schedule_settings = word("schedule_settings");
    o.parameters = word("parameters");
    o.sizes = word("sizes");
    if (r.format > 1) o.spans = word("spans"), o.slots = word("slots");
    if (reader.take(detail::concat({"\",\"", prefix, "shapes\":\""}))) o.shapes = reader.text();
    r.optimizers.push_back(std::move(o));
    steps[detail::concat({prefix, "step"})] = k;
  }
  reader.expect("\"}");
  r.tensors = reader.tensors();
  std::uint64_t bytes = 0;
  for (const SavedTensor& t : r.tensors) bytes += t.bytes;
  detail::check_size(path, bytes, file.size() - header.size());
  detail::read_data(file, r, reader.checksum_of_data(), [&](std::size_t i, const char* number) {
    std::string name = r.tensors[i].name;  // a name that was taken got a quote
    while (name.ends_with('\'')) name.pop_back();
    const auto at = steps.find(name);
    if (at == steps.end() || r.tensors[i].dtype != "I64") return;
    std::uint64_t t = 0;
    for (std::size_t j = 0; j < 8; ++j)
      t |= std::uint64_t{static_cast<unsigned char>(number[j])} << 8 * j;
    std::optional<step_t>& known = r.optimizers[at->second].steps;
    if (known) steps.erase(at);
    known = known ? std::nullopt : std::optional(t);
  });
  for (const SavedOptimizer& o : r.optimizers)
    if (o.steps.value_or(0) > last_step) refuse_file(path, "must have a step below 2^63");
  return r;
}

}}}  // namespace gradus::GRADUS_ABI::io
