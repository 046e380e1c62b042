// optional header
// Files of a sharded optimizer: each rank writes its part, and any number of ranks reads it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <gradus/distributed/agreement.hpp>
#include <gradus/distributed/comm.hpp>
#include <gradus/distributed/shard_index.hpp>
#include <gradus/distributed/shard_reader.hpp>
#include <gradus/distributed/sharded.hpp>
#include <gradus/save/save.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

namespace detail {

/// A name that no other save has.
template <Comm C>
std::string new_id(C& comm, const std::string& path) {
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
  const auto digits = Crc64()
                          .add(path)
                          .add(&now, sizeof now)
                          .add(&ticks, sizeof ticks)
                          .add(&comm, sizeof(void*))
                          .digits();
  return gradus::detail::text_of_rank(comm, std::string(digits.data(), digits.size()), 0);
}

/// Removes the files of other saves to this path. Errors here do no harm.
inline void remove_others(const std::string& path, const std::string& id) {
  const std::filesystem::path index(path);
  const std::string begin = concat({index.filename().string(), "."});
  std::error_code error;
  const std::filesystem::path folder = index.has_parent_path() ? index.parent_path() : ".";
  std::vector<std::filesystem::path> found;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    const std::size_t dot = begin.size() + id.size();
    if (!name.starts_with(begin) || name.size() <= dot || name[dot] != '.') continue;
    const std::string_view its = std::string_view(name).substr(begin.size(), id.size());
    if (its != id && its.find_first_not_of("0123456789abcdef") == its.npos)
      found.push_back(at->path());
  }
  for (const std::filesystem::path& file : found) std::filesystem::remove(file, error);
}

/// Compares what is saved once for all ranks: what is named, and all state if it is `replicated`.
template <Comm C>
void check_same_extras(C& comm, const Contents& contents, const Divided& divided, bool replicated) {
  Crc64 named, state;
  for (const Tensor& t : contents.tensors) {
    if (is_params(t.name)) continue;
    const bool own = divided.is_of_elements(t.name) || divided.find_of_spans(t.name) != nullptr;
    if (!own || replicated) (own ? state : named).add(t.name).add(t.data, t.bytes);
  }
  const auto check = [&](std::string_view what, const Crc64& sum) {
    const auto digits = sum.digits();
    gradus::detail::check_same(comm, what, concat({"checksum ", {digits.data(), digits.size()}}));
  };
  check("save_shards.named", named);
  check("save_shards.state", state);
}
/// Refuses names that the tensors of the optimizer have.
inline void check_names(const Contents& named) {
  for (const Tensor& t : named.tensors)
    if (is_params(t.name) || t.name.starts_with("span."))
      refuse(concat({"gradus::io::named.name must not be \"params\", or begin with \"params.\" or "
                     "\"span.\", in a set of shards (got \"",
                     t.name, "\")"})
                 .c_str());
}
/// What a rank saves or loads. Errors: on every rank, as `check_names`.
template <Comm C, class... X>
Contents contents_on_all(C& comm, const std::tuple<X&...>& more, auto&... parts) {
  Contents contents;
  gradus::detail::together(comm, [&] {
    std::apply(
        [](auto&... x) {
          with_parts([](auto... extra) { check_names(contents_of(extra...)); }, x...);
        },
        more);
    contents = contents_of(parts...);
  });
  return contents;
}
template <class S>
Divided divided(const S& sharded) {
  return divided(sharded.own(), sharded.part().layout(), sharded.part().shapes());
}
/// The spans of these parameters that this rank owns. Errors: on every rank, other parameters.
template <class O, class Params>
auto own_spans(O& optimizer, Params& params) {
  decltype(optimizer.part().spans(params)) own;
  gradus::detail::together(optimizer.comm(), [&] { own = optimizer.part().spans(params); });
  return own;
}

}  // namespace detail

/// Saves a sharded optimizer and its parameters: each rank writes a file of what it owns, and rank
/// 0 then writes the index at `path`. More that is `named` must be the same on every rank; its name
/// must not be "params", nor begin with "params." or "span.".
///
///   io::save_shards("run.index", opt, params, io::named("plateau", plateau));
///
/// Every rank calls it with the same path, in a folder that all of them share. After a kill of any
/// or of all ranks at any moment there is the old set or the new one: the files of a set have names
/// of their own, `path` + ".id.rank"; the index replaces the old one when all of them are written.
/// What does not belong to it is removed then, or by the next save.
/// Cost: each rank writes N / d elements and reads all parameters; memory only for names and
///   shapes.
/// Errors: on every rank, what one rank refuses or cannot write; ranks that do not agree about
///   rule, schedule, sizes, step, parameters, what is named or a replicated state. The old set is
///   then unchanged.
template <class C, class S, class R, class P, SpanArgument<P> Params, class... X>
void save_shards(const std::string& path, Sharded<C, S, R, P>& optimizer, Params&& params,
                 const X&... more) {
  C& comm = optimizer.comm();
  gradus::detail::check_same(comm, "save_shards.path", path);
  gradus::detail::check_same_parts(comm, optimizer.own(), optimizer.part().layout(),
                                   optimizer.part().shapes());
  detail::ShardIndex index;
  index.id = detail::new_id(comm, path);
  index.plan = optimizer.replicated() ? ShardPlan::equal(optimizer.size(), 1) : optimizer.plan();
  index.sizes = detail::sizes_text(optimizer.part().layout());
  const std::size_t me = comm.rank();
  const std::string file = detail::ShardIndex::file(path, index.id, me);
  const auto own = detail::own_spans(optimizer, params);
  gradus::detail::check_same_params<P>(comm, optimizer.part().layout());
  const auto own_params = named("params", own);
  detail::with_parts(
      [&](auto... parts) {
        const detail::Contents contents =
            detail::contents_on_all(comm, std::tie(more...), parts...);
        detail::check_same_extras(comm, contents, detail::divided(optimizer),
                                  optimizer.replicated());
        std::array<char, 16> sum{};
        gradus::detail::together(comm, [&] {
          if (me >= index.plan.ranks()) return;
          const std::string digits = detail::write_file(file, contents);
          std::copy(digits.begin(), digits.end(), sum.begin());
        });
        for (const auto& digits : all_values(comm, sum))
          if (index.pieces.size() < index.plan.ranks())
            index.pieces.emplace_back(digits.data(), digits.size());
      },
      std::as_const(optimizer).own(), own_params, more...);
  gradus::detail::together(comm, [&] {
    if (me != 0) return;
    const std::string text = index.text();
    Replacement all(path);
    all.write(text.data(), text.size());
    all.commit();
    detail::remove_others(path, index.id);
  });
}

namespace detail {

/// `load_shards`, which calls `others()` when everything is checked and nothing is changed.
template <class F, class C, class S, class R, class P, class Params, class... X>
void load_shards_with(const F& others, const std::string& path, Sharded<C, S, R, P>& optimizer,
                      Params&& params, X&&... more) {
  C& comm = optimizer.comm();
  gradus::detail::check_same(comm, "load_shards.path", path);
  std::string text;
  gradus::detail::together(comm, [&] {
    if (comm.rank() == 0) text = index_text(path);
  });
  text = gradus::detail::text_of_rank(comm, text, 0);
  const auto own = own_spans(optimizer, params);
  auto own_params = named("params", own);
  with_parts(
      [&](auto... parts) {
        const Contents wanted = contents_on_all(comm, std::tie(more...), parts...);
        ShardReader reader(wanted, optimizer.part().layout(), optimizer.part().shards(),
                           optimizer.part().shapes(), divided(optimizer));
        gradus::detail::together(comm, [&] {
          reader.read(path, text);
          reader.write(true);
          (parts.check(path), ...);
        });
        others();
        reader.write(false);
        (parts.commit(), ...);
      },
      optimizer.own(), own_params, more...);
  optimizer.gather(params);
}

}  // namespace detail

/// Loads what `save_shards` saved with any number of ranks, or what one process saved:
/// `io::save(path, opt, io::named("params", params))`. The training then continues as the saved one
/// would have. Every rank calls it with the same path.
///
/// Cost: each rank reads the files that have elements of its own, whole; memory for a copy of what
///   it owns.
/// Errors: on every rank, what one rank refuses: a file that is missing, damaged or of another
///   save; another rule, schedule, type or sizes. Nothing has changed then.
template <class C, class S, class R, class P, SpanArgument<P> Params, class... X>
void load_shards(const std::string& path, Sharded<C, S, R, P>& optimizer, Params&& params,
                 X&&... more) {
  detail::load_shards_with([] {}, path, optimizer, std::forward<Params>(params),
                           std::forward<X>(more)...);
}

}}}  // namespace gradus::GRADUS_ABI::io
