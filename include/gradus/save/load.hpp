// optional header
// Loads what `save` saved.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/save/contents.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/header_reader.hpp>
#include <gradus/save/name_set.hpp>
#include <gradus/save/old_names.hpp>
#include <gradus/save/safetensors.hpp>
#include <gradus/save/saved_parts.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Refuses tensors that differ from the wanted ones, with a sentence that names the difference.
[[noreturn]] GRADUS_COLD inline void refuse_tensors(const HeaderReader& reader,
                                                    const std::vector<SavedTensor>& found,
                                                    const std::vector<SavedTensor>& wanted) {
  NameSet wanted_names, found_names, found_whole;
  for (const SavedTensor& t : wanted) wanted_names.insert(t.name);
  for (const SavedTensor& t : found) {
    found_names.insert(t.name);
    found_whole.insert(concat({t.name, " ", in_words(t.dtype, t.shape)}));
  }
  const SavedTensor *missing = nullptr, *more = nullptr;  // the first of those that differ
  for (const SavedTensor& t : wanted) {
    const std::string words = in_words(t.dtype, t.shape);
    if (found_whole.contains(concat({t.name, " ", words}))) continue;
    if (missing == nullptr && !found_names.contains(t.name)) missing = &t;
    for (const SavedTensor& f : found)
      if (f.name == t.name)
        reader.other(concat({"have \"", t.name, "\" as ", words}), in_words(f.dtype, f.shape));
  }
  for (const SavedTensor& t : found)
    if (more == nullptr && !wanted_names.contains(t.name)) more = &t;
  const std::string instead = more == nullptr ? "no such tensor" : concat({"\"", more->name, "\""});
  if (missing != nullptr) reader.other(concat({"have \"", missing->name, "\""}), instead);
  if (more != nullptr)
    reader.other("be loaded with all that was saved in it", concat({"no ", instead}));
  for (std::size_t i = 0; i < wanted.size() && i < found.size(); ++i)
    if (found[i].name != wanted[i].name)
      reader.other(
          concat({"be loaded in the order in which it was saved, next \"", wanted[i].name, "\""}),
          concat({"\"", found[i].name, "\""}));
  reader.malformed();  // a name twice
}

/// The kind of a schedule with one `Sequence` in place of one directly inside another, which has
/// the same rates. A text with three pieces makes two of them, a program in C++ usually one.
GRADUS_COLD inline std::string with_flat_sequences(std::string_view kind) {
  std::string r;
  std::string open;  // for each open brace: s of a Sequence, f of a flattened one, - of another
  while (!kind.empty()) {
    const std::size_t n = kind.find_first_of("{}, ");
    const std::string_view name = kind.substr(0, n);
    const char end = n < kind.size() ? kind[n] : '\0';
    bool keep = true;
    if (end == '{') {
      const bool inside = !open.empty() && open.back() != '-', sequence = name == "Sequence";
      keep = !inside || !sequence;
      open += !sequence ? '-' : inside ? 'f' : 's';
    } else if (end == '}' && !open.empty()) {
      keep = open.back() != 'f';
      open.pop_back();
    }
    if (keep || end == '}') r += name;
    if (keep && end != '\0') r += end;
    kind.remove_prefix(end == '\0' ? kind.size() : n + 1);
  }
  return r;
}

/// Refuses a property that is not the wanted one in another spelling.
GRADUS_COLD inline void refuse_property(const HeaderReader& reader, std::string_view key,
                                        std::string_view value, std::string got) {
  if (key.ends_with("spans") && (got.empty() || value.empty())) return;
  if (key.ends_with("rule")) {
    // A caller's rule may have a name that a rule of ours had: both sides then change alike.
    got = with_names_of_today(got);
    if (got == value || got == with_names_of_today(value)) return;
  }
  if (key.ends_with("schedule") && with_flat_sequences(got) == with_flat_sequences(value)) return;
  reader.other(concat({"have ", key, " ", value}), got);
}
/// Refuses a property that differs from the wanted one. Settings may differ, and the names of spans
/// if one side has none.
inline void match_property(HeaderReader& reader, std::string_view key, std::string_view value) {
  const std::string_view got = reader.property(key);
  if (got == value || key.ends_with("_settings")) return;
  refuse_property(reader, key, value, std::string(got));
}

/// Refuses a header that differs from that of these contents. Returns the checksum of the data.
inline std::string_view match(const std::string& path, std::string_view header,
                              const Contents& contents) {
  HeaderReader reader(path, header);
  const std::string description_of_all = description(contents);
  HeaderReader wanted(path, description_of_all, format_version);
  for (std::string_view key; !(key = wanted.key()).empty();) {
    const std::string_view value = wanted.text();
    const bool known = reader.version() > 1 || !(key.ends_with("spans") || key.ends_with("slots"));
    if (known) match_property(reader, key, value);
  }
  reader.expect("\"}"), wanted.expect("\"}");
  const HeaderReader tensors = reader;
  if (!reader.take(wanted.rest()) || !reader.only_spaces())
    refuse_tensors(reader, HeaderReader(tensors).tensors(), wanted.tensors());
  return reader.checksum_of_data();
}

/// The data of a file.
class Data {
 public:
  explicit Data(const Contents& wanted)
      : wanted_(wanted), bytes_(new std::byte[wanted.bytes()]) {}  // a vector would write zeros
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;
  ~Data() { delete[] bytes_; }

  /// Reads everything, and refuses a file that is damaged or has other contents.
  void read(const std::string& path) {
    Source file(path);
    const std::string header = read_header(file);
    const std::string_view sum = match(path, header, wanted_);
    const std::size_t size = wanted_.bytes();
    check_size(path, size, file.size() - header.size());
    file.read(bytes_, size);
    check_sum(path, sum, Crc64().add(bytes_, size));
  }
  /// Writes the tensors that are copies, or those that are not, to where they belong.
  void write(bool copied) const {
    const std::byte* from = bytes_;
    for (const Tensor& t : wanted_.tensors) {
      if (t.bytes > 0 && t.copied == copied) std::memcpy(const_cast<void*>(t.data), from, t.bytes);
      from += t.bytes;
    }
  }

 private:
  const Contents& wanted_;
  std::byte* bytes_;
};

/// Loads all parts. Nothing but copies is written before everything is checked.
template <class... P>
void load_parts(const std::string& path, P&... parts) {
  const Contents wanted = contents_of(parts...);
  Data data(wanted);
  data.read(path);
  data.write(true);
  (parts.check(path), ...);
  data.write(false);
  (parts.commit(), ...);
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
  detail::with_parts([&](auto... parts) { detail::load_parts(path, parts...); }, x...);
}

}}}  // namespace gradus::GRADUS_ABI::io
