// optional header
// Optimizers and groups of them, as parts of a saved file.
//
// A part describes itself (`add_to`), looks at what was loaded into copies (`check`), and takes it
// over (`commit`); what is not copied is written in place between the two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/group_list.hpp>
#include <gradus/groups.hpp>
#include <gradus/io/contents.hpp>
#include <gradus/io/describe.hpp>
#include <gradus/io/kind_of.hpp>
#include <gradus/io/state_names.hpp>
#include <gradus/optimizer.hpp>

namespace gradus::inline GRADUS_ABI::io::detail {

/// An optimizer's part of the contents, and what of it cannot be where it is kept: the step, and
/// the scalars of spans, by name.
template <class O>
class OptimizerPart {
  using R = std::remove_cvref_t<decltype(std::declval<O&>().rule())>;
  using P = typename O::value_type;
  using Types = slot_types_t<R, arithmetic_t<P>>;

 public:
  static constexpr bool writable = !std::is_const_v<O>;

  explicit OptimizerPart(O& optimizer)
      : optimizer_(optimizer), step_(static_cast<std::int64_t>(optimizer.steps())) {
    static_cast<void>(optimizer.span_scalars());  // refuses what was moved from
    const std::span<const double> all = std::as_const(optimizer).span_scalars();
    by_name_.resize(all.size());
    for_each_span_scalar([&](double& here, std::size_t there) { here = all[there]; });
  }

  std::size_t optimizers() const noexcept { return 1; }
  void add_to(Contents& contents) {
    const std::string prefix = contents.prefix();
    contents.say(prefix + "rule", kind_of(optimizer_.rule()));
    contents.say(prefix + "rule_settings", settings_of(optimizer_.rule()), false);
    contents.say(prefix + "schedule", kind_of(optimizer_.schedule()));
    contents.say(prefix + "schedule_settings", describe(optimizer_.schedule()).text(), false);
    contents.say(prefix + "parameters", dtype_of<P>());
    contents.say(prefix + "sizes", sizes());
    const auto add = [&](const std::string& name, const auto& s, std::size_t dimensions) {
      contents.add_ours(tensor(prefix + name, s, dimensions));
    };
    contents.add_ours(copied(tensor(prefix + "step", std::span(&step_, 1), 0)));
    const auto slots = slots_of(optimizer_.rule());
    const auto own_name = gradus::name_of<R>();
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (add(state_name(own_name.view(), slots[J].name.view()),
           optimizer_.template slot<std::tuple_element_t<J, Types>>(J), 1),
       ...);
    }(std::make_index_sequence<slot_count<R>>{});
    const auto scalars = scalars_of(optimizer_.rule());
    for (std::size_t j = 0; j < scalars.size(); ++j)
      add(std::string(scalars[j].name.view()), optimizer_.scalars().subspan(j, 1), 0);
    const auto names = span_scalars_of(optimizer_.rule());
    const std::size_t spans = optimizer_.spans();
    for (std::size_t j = 0; j < names.size(); ++j)
      contents.add_ours(copied(tensor(prefix + "span." + std::string(names[j].name.view()),
                                      std::span(by_name_).subspan(j * spans, spans))));
  }

  void check(const std::string& path) const {
    if (step_ < 0) refuse_file(path, "must have a step below 2^63");
  }
  void commit() {
    optimizer_.seek(static_cast<step_t>(step_));
    const std::span<double> all = optimizer_.span_scalars();
    for_each_span_scalar([&](const double& here, std::size_t there) { all[there] = here; });
  }

 private:
  template <class F>
  void for_each_span_scalar(const F& f) {
    const std::size_t spans = optimizer_.spans(), names = span_scalar_count<R>;
    for (std::size_t j = 0; j < names; ++j)
      for (std::size_t i = 0; i < spans; ++i) f(by_name_[j * spans + i], i * names + j);
  }
  std::string sizes() const {
    std::string r;
    for (std::size_t j = 0; j < optimizer_.spans(); ++j)
      r += (j > 0 ? ", " : "") + std::to_string(optimizer_.size(j));
    return r;
  }

  O& optimizer_;
  std::int64_t step_;
  std::vector<double> by_name_;
};

/// Groups or a GroupList: all of their optimizers, and which of them are frozen.
template <class G, class Parts>
class GroupsPart {
 public:
  static constexpr bool writable = !std::is_const_v<G>;

  GroupsPart(G& groups, Parts parts)
      : groups_(groups), parts_(std::move(parts)), frozen_(groups.size()) {
    for (std::size_t k = 0; k < frozen_.size(); ++k) frozen_[k] = groups_.frozen(k);
  }
  std::size_t optimizers() const noexcept { return groups_.size(); }
  void add_to(Contents& contents) {
    for_each([&](auto& part) { part.add_to(contents); });
    contents.add_ours(copied(tensor("frozen", std::span(frozen_))));
  }
  void check(const std::string& path) {
    for_each([&](auto& part) { part.check(path); });
    for (const std::uint8_t frozen : frozen_)
      if (frozen > 1) refuse_file(path, "must have 0 or 1 in \"frozen\"");
  }
  void commit() {
    for_each([](auto& part) { part.commit(); });
    for (std::size_t k = 0; k < frozen_.size(); ++k)
      frozen_[k] != 0 ? groups_.freeze(k) : groups_.thaw(k);
  }

 private:
  template <class F>
  void for_each(const F& f) {
    if constexpr (requires { std::tuple_size<Parts>::value; })
      std::apply([&](auto&... part) { (f(part), ...); }, parts_);
    else
      for (auto& part : parts_) f(part);
  }
  G& groups_;
  Parts parts_;
  std::vector<std::uint8_t> frozen_;
};

template <class S, class R, class P>
auto part_of(Optimizer<S, R, P>& o) {
  return OptimizerPart<Optimizer<S, R, P>>(o);
}
template <class S, class R, class P>
auto part_of(const Optimizer<S, R, P>& o) {
  return OptimizerPart<const Optimizer<S, R, P>>(o);
}
template <class G, class... O>
auto part_of_groups(G& groups, const Groups<O...>&) {
  return [&]<std::size_t... K>(std::index_sequence<K...>) {
    std::tuple parts{part_of(groups.template get<K>())...};
    return GroupsPart<G, decltype(parts)>(groups, std::move(parts));
  }(std::index_sequence_for<O...>{});
}
template <class G, class O>
auto part_of_groups(G& groups, const GroupList<O>&) {
  std::vector<decltype(part_of(groups[0]))> parts;
  parts.reserve(groups.size());
  for (std::size_t k = 0; k < groups.size(); ++k) parts.push_back(part_of(groups[k]));
  return GroupsPart<G, decltype(parts)>(groups, std::move(parts));
}
template <class G>
  requires std::derived_from<std::remove_const_t<G>, gradus::detail::Together>
auto part_of(G& groups) {
  return part_of_groups(groups, groups);
}

}  // namespace gradus::inline GRADUS_ABI::io::detail
