// optional header
// Loads what `save` saved.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/header_reader.hpp>
#include <gradus/save/old_names.hpp>
#include <gradus/save/safetensors.hpp>
#include <gradus/save/saved_parts.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Refuses a header whose tensors differ from these, with a sentence that names the difference.
[[noreturn]] inline void refuse_tensors(HeaderReader reader, const std::vector<Tensor>& wanted) {
  const std::vector<SavedTensor> found = reader.tensors();
  std::unordered_map<std::string_view, const SavedTensor*> by_name;
  for (const SavedTensor& t : found) by_name[t.name] = &t;
  const Tensor* missing = nullptr;
  for (const Tensor& t : wanted) {
    const auto at = by_name.find(t.name);
    if (at == by_name.end()) {
      missing = missing == nullptr ? &t : missing;
      continue;
    }
    const std::string words = in_words(t.dtype, std::span(t.shape).first(t.dimensions));
    const std::string got = in_words(at->second->dtype, at->second->shape);
    if (got != words) reader.other("have \"" + t.name + "\" as " + words, got);
    by_name.erase(at);
  }
  const SavedTensor* more = nullptr;  // the first that is not wanted
  for (const SavedTensor& t : found)
    if (more == nullptr && by_name.contains(t.name)) more = &t;
  if (missing != nullptr)
    reader.other("have \"" + missing->name + "\"",
                 more == nullptr ? "no such tensor" : "\"" + more->name + "\"");
  if (more != nullptr)
    reader.other("be loaded with all that was saved in it", "no \"" + more->name + "\"");
  for (std::size_t i = 0; i < std::min(wanted.size(), found.size()); ++i)
    if (found[i].name != wanted[i].name)
      reader.other("be loaded in the order in which it was saved, next \"" + wanted[i].name + "\"",
                   "\"" + found[i].name + "\"");
  reader.malformed();  // a name twice
}

/// Refuses a header that differs from that of these contents. Returns the checksum of the data.
inline std::string match(const std::string& path, std::string_view header, const Contents& wanted) {
  HeaderReader reader(path, header);
  const auto say = [&](std::string_view key, std::string_view value, Compared compared) {
    std::string got(reader.property(key));
    // A caller's rule may have a name that a rule of ours had: both sides then change alike.
    if (got != value && key.ends_with("rule") &&
        with_names_of_today(got) == with_names_of_today(value))
      return;
    if (got != value && key.ends_with("rule")) got = with_names_of_today(got);
    const bool counts = compared == Compared::always ||
                        (compared == Compared::if_both && !got.empty() && !value.empty());
    if (counts && got != value)
      reader.other("have " + std::string(key) + " " + std::string(value), got);
  };
  say("optimizers", std::to_string(wanted.optimizers), Compared::always);
  for (const Property& p : wanted.properties)
    if (p.since <= reader.version()) say(p.key, p.value, p.compared);
  reader.expect("\"}");
  const HeaderReader tensors = reader;
  std::size_t begin = 0;
  for (const Tensor& t : wanted.tensors) {
    if (!reader.take(",") || !reader.take(description(t, begin)))
      refuse_tensors(tensors, wanted.tensors);
    begin += t.bytes;
  }
  if (!reader.take_end()) refuse_tensors(tensors, wanted.tensors);
  return std::string(reader.checksum_of_data());
}

}  // namespace detail

/// Loads what `save` saved, into optimizers and groups with the same rules, schedules, types and
/// sizes, and into what is `named`. The training then continues bit for bit as the saved one would
/// have, on any instruction set and with any executor.
///
///   io::load("run.safetensors", opt, io::named("weights", weights));
///
/// For each optimizer these must be the same: the names of rule and schedule (`kind_of`), the type
/// of the parameters, the sizes of the spans and, if both have them, their names, the types of
/// slots, and name, type and shape of all slots and scalars. What is named must be the same, too.
/// Numbers in rules and schedules are not compared, because they may change from run to run. Files
/// of every older version load.
///
/// Cost: temporarily as much memory as the file is large.
/// Errors: a file that is damaged, incomplete, or of something else, with a sentence that says what
///   it is and what it must be (`gradus::Error`); an error of the system
///   (`std::system_error`). After an error nothing has changed.
template <class... X>
void load(const std::string& path, X&&... x) {
  static_assert(sizeof...(X) > 0);
  static_assert(
      (detail::SavedPart<X> && ...),
      "gradus::io::load takes optimizers, Groups, GroupLists, and what is named(name, x)");
  static_assert((detail::is_writable<X> && ...),
                "gradus::io::load: what is const cannot be loaded");
  auto parts = detail::parts_of(x...);
  const detail::Contents wanted = detail::contents_of(parts);
  Source file(path);
  const std::string header = detail::read_header(file);
  const std::string sum = detail::match(path, header, wanted);
  const std::size_t size = wanted.bytes();
  if (file.size() - header.size() != size)
    refuse_file(path, "must have " + std::to_string(size) + " bytes of data (got " +
                          std::to_string(file.size() - header.size()) + ")");
  const auto data = std::make_unique_for_overwrite<std::byte[]>(size);
  file.read(data.get(), size);
  const auto found = Crc64().add(data.get(), size).digits();
  if (sum != std::string_view(found.data(), found.size()))
    refuse_file(path, "is damaged: the checksum of its data is wrong");

  const auto write = [&](bool copied) {
    const std::byte* from = data.get();
    for (const detail::Tensor& t : wanted.tensors) {
      if (t.bytes > 0 && t.copied == copied) std::memcpy(t.to, from, t.bytes);
      from += t.bytes;
    }
  };
  write(true);
  std::apply([&](auto&... part) { (part.check(path), ...); }, parts);
  write(false);
  std::apply([&](auto&... part) { (part.commit(), ...); }, parts);
}

}}}  // namespace gradus::GRADUS_ABI::io
