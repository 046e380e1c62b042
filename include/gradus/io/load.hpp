// optional header
// What `save` saved, back into the same optimizers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include <gradus/io/crc64.hpp>
#include <gradus/io/file.hpp>
#include <gradus/io/parts.hpp>
#include <gradus/io/safetensors.hpp>

namespace gradus::inline GRADUS_ABI::io {

namespace detail {

/// Length and header of a file whose checksum is right.
inline std::string read_header(Source& file) {
  const auto damaged = [&file](const char* what) {
    refuse_file(file.path(), std::string("is damaged, or no file of gradus: ") + what);
  };
  std::string r(prefix_size, '\0');
  if (file.size() < r.size()) damaged("it is too short");
  file.read(r.data(), r.size());
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < 8; ++i)
    length |= std::uint64_t{static_cast<unsigned char>(r[i])} << 8 * i;
  if (length > std::min<std::uint64_t>(file.size() - 8, longest_header))
    damaged("its header is too long");
  if (length < prefix_size - 8) damaged("its header is too short");
  if (!std::string_view(r).substr(8).starts_with(opening)) damaged("it begins otherwise");
  r.append(static_cast<std::uint32_t>(length) - (prefix_size - 8), ' ');
  file.read(r.data() + prefix_size, r.size() - prefix_size);
  const auto sum = checksum_of(r);
  if (r.substr(prefix_size - digits, digits) != std::string_view(sum.data(), sum.size()))
    damaged("the header's checksum is wrong");
  return r;
}

/// Refuses a header that says anything else than these contents would; gives the checksum of the
/// data.
inline std::string match(const std::string& path, std::string_view header, const Contents& wanted) {
  HeaderReader reader(path, header.substr(prefix_size));
  reader.expect(data_checksum);
  const std::string sum(reader.text());
  const auto say = [&](std::string_view key, std::string_view value, bool compared = true) {
    reader.expect("\",\"" + std::string(key) + "\":\"");
    const std::string_view got = reader.text();
    if (compared && got != value) reader.other(std::string(key) + " " + std::string(value), got);
  };
  say("gradus", format_version);
  say("optimizers", std::to_string(wanted.optimizers));
  for (const Property& p : wanted.properties) say(p.key, p.value, p.compared);
  reader.expect("\"}");
  std::size_t begin = 0;
  for (const Tensor& t : wanted.tensors) {
    reader.expect_tensor(description(t, begin));
    begin += t.bytes;
  }
  reader.expect_end();
  return sum;
}

}  // namespace detail

/// Loads what `save` saved: into optimizers, and groups of them, of the same rules, schedules,
/// types and sizes, made as those were, and into what was `named`. They then go on bit for bit as
/// those would have, on any instruction set, by any executor.
///
///   io::load("run.safetensors", opt, io::named("weights", weights));
///
/// Compared are, for each optimizer, the names of rule and schedule (`kind_of`), the parameters'
/// type, the sizes of their spans, and name, type and shape of all slots and scalars; and what was
/// named. Not compared are numbers in rules and schedules, which may change from run to run.
///
/// Cost: as much memory as the file has, given back before it returns.
/// Errors: a file that is damaged, not complete, or of anything else, with what it is and what it
///   must be (`std::invalid_argument`); what the system cannot do (`std::system_error`). Whatever
///   was refused has changed nothing.
template <class... X>
void load(const std::string& path, X&&... x) {
  static_assert(sizeof...(X) > 0);
  static_assert(
      (detail::Part<X> && ...),
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

}  // namespace gradus::inline GRADUS_ABI::io
