// optional header
// Saves the state of optimizers in a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <gradus/save/contents.hpp>
#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/safetensors.hpp>
#include <gradus/save/saved_parts.hpp>
#include <gradus/save/tensor.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Writes tensors one after another; several small ones in one call, because each call is slow.
inline void write(Replacement& file, const std::vector<Tensor>& tensors) {
  constexpr std::size_t page = 4096, block = 65'536;
  std::string waiting;
  for (const Tensor& t : tensors) {
    const bool waits = t.bytes < page;
    if (waits && t.bytes > 0) waiting.append(static_cast<const char*>(t.data), t.bytes);
    if (waits && waiting.size() < block) continue;
    file.write(waiting.data(), waiting.size());
    waiting.clear();
    if (!waits) file.write(t.data, t.bytes);
  }
  file.write(waiting.data(), waiting.size());
}
/// Writes a file with these contents, and returns the checksum of its header.
inline std::string write_file(const std::string& path, const Contents& contents) {
  Crc64 sum;
  for (const Tensor& t : contents.tensors) sum.add(t.data, t.bytes);
  const std::string header = length_and_header(contents, sum);
  Replacement file(path);
  file.write(header.data(), header.size());
  write(file, contents.tensors);
  file.commit();
  return header.substr(prefix_size - checksum_size, checksum_size);
}

}  // namespace detail

/// Saves optimizers, `Groups`, `GroupList`s, and what is `named`, in one file. After `load` with
/// the same arguments, the training continues bit for bit.
///
///   io::save("run.safetensors", opt, io::named("weights", weights));
///
/// The file has, for each optimizer, the step, all slots and scalars, the names of rule and
/// schedule, and the types and sizes; for groups also which are frozen. It does not set
/// hyper-parameters, which the program defines.
///
/// The file is in the safetensors format, with checksums and, where PyTorch has the rule, PyTorch's
/// names for slots. It replaces the file before atomically: after a kill or a loss of power at any
/// point there is the old file or the new one. If several programs save to one path, the complete
/// file of one of them remains.
/// Cost: the state is read twice, and must not change meanwhile; it is not copied. The time for
///   names and shapes is nearly proportional to the number of tensors.
/// Errors: a name that is used twice, names and shapes of more than 10^8 bytes, a path with a null
///   character (`gradus::Error`); an error of the system (`std::system_error`), after which
///   the old file is unchanged.
template <class... X>
void save(const std::string& path, const X&... x) {
  static_assert(sizeof...(X) > 0);
  static_assert(
      (detail::SavedPart<const X> && ...),
      "gradus::io::save takes optimizers, Groups, GroupLists, and what is named(name, x)");
  detail::with_parts(
      [&](auto... parts) { detail::write_file(path, detail::contents_of(parts...)); }, x...);
}

}}}  // namespace gradus::GRADUS_ABI::io
