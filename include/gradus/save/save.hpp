// optional header
// All that optimizers keep, into a file.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <gradus/save/crc64.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/parts.hpp>
#include <gradus/save/safetensors.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// Writes tensors one after another: small ones together, as each call takes its time.
inline void write(Replacement& file, const std::vector<Tensor>& tensors) {
  constexpr std::size_t page = 4096, block = 65'536;
  std::string waiting;
  for (const Tensor& t : tensors) {
    const bool waits = t.bytes < page;
    if (waits && t.bytes > 0) waiting.append(reinterpret_cast<const char*>(t.from), t.bytes);
    if (waits && waiting.size() < block) continue;
    file.write(waiting.data(), waiting.size());
    waiting.clear();
    if (!waits) file.write(t.from, t.bytes);
  }
  file.write(waiting.data(), waiting.size());
}

}  // namespace detail

/// Saves optimizers, `Groups` and `GroupList`s of them, and what else is `named`, as one file;
/// `load` with the same arguments goes on from there, bit for bit.
///
///   io::save("run.safetensors", opt, io::named("weights", weights));
///
/// What is saved of an optimizer: the step, all slots and scalars, the names of rule and schedule,
/// the types and sizes; of groups also which are frozen. Hyper-parameters are the program's.
///
/// The file is in the safetensors format, with PyTorch's names for slots where it has them, and
/// checksums. It takes the place of the one before in one piece: whoever is killed or loses power
/// at any point has the old file or the new one. Several may save to one path: one wins, complete.
/// Cost: the state is read twice, and must not change meanwhile; no copy of it is made. The time
///   for names and shapes is in proportion to the number of tensors.
/// Errors: a name that is there twice, names and shapes of more than 10^8 bytes, a path with a null
///   character (`std::invalid_argument`); what the system cannot do (`std::system_error`): then the
///   old file is as it was.
template <class... X>
void save(const std::string& path, const X&... x) {
  static_assert(sizeof...(X) > 0);
  static_assert(
      (detail::Part<const X> && ...),
      "gradus::io::save takes optimizers, Groups, GroupLists, and what is named(name, x)");
  auto parts = detail::parts_of(x...);
  const detail::Contents contents = detail::contents_of(parts);
  Crc64 sum;
  for (const detail::Tensor& t : contents.tensors) sum.add(t.from, t.bytes);
  const std::string header = detail::length_and_header(contents, sum);
  Replacement file(path);
  file.write(header.data(), header.size());
  detail::write(file, contents.tensors);
  file.commit();
}

}}}  // namespace gradus::GRADUS_ABI::io
