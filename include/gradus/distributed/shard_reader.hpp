// optional header
// Reads what a rank needs from the files of others, which divided the elements otherwise.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gradus/distributed/divided.hpp>
#include <gradus/distributed/rounds.hpp>
#include <gradus/distributed/shard_index.hpp>
#include <gradus/distributed/shard_plan.hpp>
#include <gradus/exec/streams.hpp>
#include <gradus/save/contents.hpp>
#include <gradus/save/header_reader.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/optimizer_part.hpp>
#include <gradus/text/concat.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// "1000, 10": the sizes of all spans, as files have them.
inline std::string sizes_text(exec::Views layout) {
  std::string r;
  for (const exec::View& v : layout) add_item(r, std::to_string(v.n));
  return r;
}
/// The text of a small file.
inline std::string text_of_file(const std::string& path) {
  Source file(path);
  std::string r(std::size_t{file.size()}, '\0');
  file.read(r.data(), r.size());
  return r;
}
/// The text of an index; empty for a file of one process.
inline std::string index_text(const std::string& path) {
  Source file(path);
  std::string begin(ShardIndex::opening.size(), '\0');
  if (file.size() < begin.size()) return {};
  file.read(begin.data(), begin.size());
  return begin == ShardIndex::opening ? text_of_file(path) : "";
}

/// Loads into copies of what is wanted; `write` then puts them where they belong.
class ShardReader {
 public:
  ShardReader(const Contents& wanted, exec::Views layout, std::span<const Shard> shards,
              std::span<const Shape> shapes, Divided divided)
      : wanted_(wanted),
        layout_(layout),
        shards_(shards),
        shapes_(shapes),
        divided_(std::move(divided)) {
    for (const Tensor& t : wanted_.tensors) {
      copies_.emplace_back(is_params(t.name) ? 0 : t.bytes);
      if (is_params(t.name)) params_.resize(params_.size() + t.bytes), width_of_param_ = t.width;
    }
  }

  /// Reads all files that have something for this rank. `index` is the text of the index, or empty
  /// if the file at `path` is that of one process.
  void read(const std::string& path, const std::string& index_text) {
    if (index_text.empty()) {
      const ShardPlan plan = ShardPlan::equal(exec::total(layout_), 1);
      read_file(path, {}, plan.of(0), true);
      return;
    }
    const ShardIndex index = ShardIndex::parse(path, index_text);
    check_sizes(path, index.sizes);
    bool any = false;
    for (std::size_t r = 0; r < index.plan.ranks(); ++r) {
      const std::vector<Shard> theirs = index.plan.of(r);
      if (!meet(theirs) && (any || r + 1 < index.plan.ranks())) continue;
      read_file(ShardIndex::file(path, index.id, r), index.pieces[r], theirs, false);
      any = true;
    }
  }
  /// Writes the tensors that are copies, or those that are not, to where they belong.
  void write(bool copied) const {
    const std::byte* param = params_.data();
    for (std::size_t i = 0; i < copies_.size(); ++i) {
      const Tensor& t = wanted_.tensors[i];
      const bool is_param = is_params(t.name);
      const std::byte* const from = is_param ? param : copies_[i].data();
      if (is_param) param += t.bytes;
      if (t.bytes > 0 && t.copied == copied) std::memcpy(const_cast<void*>(t.data), from, t.bytes);
    }
  }

 private:
  /// Bytes of a tensor of a file that belong into a copy.
  struct Piece {
    std::size_t from = 0, bytes = 0;  // in the tensor
    std::byte* to = nullptr;
  };

  void check_sizes(const std::string& path, std::string_view got) const {
    const std::string must = sizes_text(layout_);
    if (got != must)
      refuse_file(path, concat({"must have sizes ", must.substr(0, 300), " (got ",
                                got.substr(0, 300), ")"}));
  }
  bool meet(std::span<const Shard> theirs) const {
    for (const Shard& a : theirs)
      for (const Shard& b : shards_)
        if (std::max(a.begin, b.begin) < std::min(a.end, b.end)) return true;
    return false;
  }
  /// f(place there, place here, count) for the elements that are in both.
  template <class F>
  void each_common(std::span<const Shard> theirs, const F& f) const {
    for (const Shard& a : theirs)
      for (const Shard& b : shards_) {
        const std::size_t begin = std::max(a.begin, b.begin), end = std::min(a.end, b.end);
        if (begin < end) f(begin - a.begin + a.local, begin - b.begin + b.local, end - begin);
      }
  }
  /// The numbers of the spans of shards.
  std::vector<std::size_t> spans_of(std::span<const Shard> shards) const {
    std::vector<std::size_t> r;
    for (const Shard& s : shards)
      gradus::detail::each_span(layout_, s,
                                [&](std::size_t j, std::size_t, std::size_t) { r.push_back(j); });
    return r;
  }

  std::string shapes_text_of(std::span<const Shard> shards) const {
    std::vector<Shape> shapes;
    for (const std::size_t j : spans_of(shards)) shapes.push_back(shapes_[j]);
    return shapes_text(shapes);
  }

  void read_file(const std::string& path, std::string_view sum_of_header,
                 std::span<const Shard> theirs, bool of_one_process) {
    Source file(path);
    const std::string header = read_header(file);
    if (!sum_of_header.empty() &&
        header.substr(prefix_size - checksum_size, checksum_size) != sum_of_header)
      refuse_file(path, "must be the file that its index names (got one of another save)");
    HeaderReader reader(path, header);
    const std::string description_of_all = description(wanted_);
    HeaderReader wanted(path, description_of_all, format_version);
    for (std::string_view key; !(key = wanted.key()).empty();) {
      const std::string_view value = wanted.text();
      if (reader.version() == 1 && (key == "spans" || key == "slots")) continue;
      if (key == "shapes")
        match_property(reader, key, shapes_text_of(theirs));
      else if (!key.ends_with("sizes"))
        match_property(reader, key, value);
      else if (const std::string_view got = reader.property(key); of_one_process)
        check_sizes(path, got);
    }
    reader.expect("\"}");
    const std::vector<SavedTensor> tensors = reader.tensors();
    std::uint64_t bytes = 0;
    for (const SavedTensor& t : tensors) bytes += t.bytes;
    check_size(path, bytes, file.size() - header.size());

    std::vector<bool> found(wanted_.tensors.size());
    std::size_t params_before = 0;  // bytes of parameters in the tensors before
    Crc64 sum;
    for (const SavedTensor& t : tensors) {
      read_tensor(file, t, pieces_of(reader, t, theirs, params_before, found), sum);
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      if (!found[i] && !is_params(wanted_.tensors[i].name))
        reader.other(concat({"have \"", wanted_.tensors[i].name, "\""}), "no such tensor");
    std::size_t elements = 0;
    for (const Shard& shard : theirs) elements += shard.size();
    if (!params_.empty() && params_before != elements * width_of_param_)
      reader.other("have the parameters, as named(\"params\", params)",
                   concat({std::to_string(params_before), " bytes of them"}));
    check_sum(path, reader.checksum_of_data(), sum);
  }

  /// Where the bytes of a tensor belong. Errors: a tensor that is not wanted.
  std::vector<Piece> pieces_of(const HeaderReader& reader, const SavedTensor& t,
                               std::span<const Shard> theirs, std::size_t& params_before,
                               std::vector<bool>& found) {
    std::vector<Piece> pieces;
    if (is_params(t.name)) {
      add_params(t, theirs, params_before, pieces);
      return pieces;
    }
    std::size_t i = 0;
    while (i < wanted_.tensors.size() && wanted_.tensors[i].name != t.name) ++i;
    if (i == wanted_.tensors.size())
      reader.other("be loaded with all that was saved in it", concat({"no \"", t.name, "\""}));
    const Tensor& w = wanted_.tensors[i];
    if (w.dtype != t.dtype || w.dimensions != t.shape.size())
      reader.other(concat({"have \"", t.name, "\" as ", w.dtype}), in_words(t.dtype, t.shape));
    found[i] = true;
    std::byte* const to = copies_[i].data();
    if (divided_.is_of_elements(t.name)) {
      // A block of 64 elements is one row of bytes.
      const std::size_t per = t.shape.size() == 2 ? Signed8::size : 1;
      const std::size_t width = t.shape.size() == 2 ? t.shape[1] : w.width;
      each_common(theirs, [&](std::size_t there, std::size_t here, std::size_t n) {
        pieces.push_back(
            {there / per * width, (n + per - 1) / per * width, to + here / per * width});
      });
    } else if (const Divided::OfSpans* const numbers = divided_.find_of_spans(t.name)) {
      // Both have whole spans; those of a rank are neighbours.
      const std::vector<std::size_t> mine = spans_of(shards_);
      std::size_t there = 0, here = 0, b = 0;
      for (const std::size_t a : spans_of(theirs)) {
        const std::size_t bytes = numbers->counts[a] * w.width;
        for (; b < mine.size() && mine[b] < a; ++b) here += numbers->counts[mine[b]] * w.width;
        if (b < mine.size() && mine[b] == a) pieces.push_back({there, bytes, to + here});
        there += bytes;
      }
    } else {
      if (w.bytes != t.bytes)
        reader.other(concat({"have \"", t.name, "\" as ",
                             in_words(w.dtype, std::span(w.shape).first(w.dimensions))}),
                     in_words(t.dtype, t.shape));
      pieces.push_back({0, w.bytes, to});
    }
    return pieces;
  }
  /// The parameters are one tensor, or one for each span; `before` counts the bytes of those before
  /// this one.
  void add_params(const SavedTensor& t, std::span<const Shard> theirs, std::size_t& before,
                  std::vector<Piece>& pieces) {
    const std::size_t after = before + std::size_t{t.bytes}, width = width_of_param_;
    each_common(theirs, [&](std::size_t there, std::size_t here, std::size_t n) {
      const std::size_t from = std::max(there * width, before);
      const std::size_t to = std::min((there + n) * width, after);
      if (from < to)
        pieces.push_back(
            {from - before, to - from, params_.data() + here * width + (from - there * width)});
    });
    before = after;
  }
  /// Reads a tensor, and copies these pieces of it.
  static void read_tensor(Source& file, const SavedTensor& t, std::span<const Piece> pieces,
                          Crc64& sum) {
    std::vector<std::byte> block(std::min<std::uint64_t>(t.bytes, 1 << 20));
    for (std::uint64_t at = 0; at < t.bytes;) {
      const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(t.bytes - at, block.size()));
      file.read(block.data(), n);
      sum.add(block.data(), n);
      for (const Piece& p : pieces) {
        const std::uint64_t from = std::max<std::uint64_t>(at, p.from);
        const std::uint64_t to = std::min<std::uint64_t>(at + n, p.from + p.bytes);
        if (from < to) std::memcpy(p.to + (from - p.from), block.data() + (from - at), to - from);
      }
      at += n;
    }
  }

  const Contents& wanted_;
  exec::Views layout_;
  std::span<const Shard> shards_;
  std::span<const Shape> shapes_;
  Divided divided_;
  std::vector<std::vector<std::byte>> copies_{};  // of the wanted tensors but parameters
  std::vector<std::byte> params_{};               // the parameters, one span after another
  std::size_t width_of_param_ = 1;
};

}}}}  // namespace gradus::GRADUS_ABI::io::detail
