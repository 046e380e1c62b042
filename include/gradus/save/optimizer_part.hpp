// optional header
// Optimizers as parts of a saved file.
//
// A part describes itself (`add_to`), checks what was loaded into copies (`check`), and takes it
// over (`commit`). Data that is not copied is loaded in place between `check` and `commit`.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/rule.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/save/contents.hpp>
#include <gradus/save/kind_of.hpp>
#include <gradus/save/state_names.hpp>
#include <gradus/storage/block8.hpp>
#include <gradus/text/describe.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// f(0), f(1) ... f(n - 1), separated by commas.
template <class F>
std::string joined(std::size_t n, const F& f) {
  std::string r;
  for (std::size_t j = 0; j < n; ++j) r.append(j > 0 ? ", " : "").append(f(j));
  return r;
}
/// The type of a slot's elements. Types that the format stores as bytes have their own names here.
template <class E>
std::string type_of() {
  if constexpr (std::same_as<E, Signed8>)
    return "Signed8";
  else if constexpr (std::same_as<E, Positive8>)
    return "Positive8";
  else
    return std::string(dtype_of<E>());
}

/// An optimizer as a part of the contents. The step and the scalars of spans, sorted by name, are
/// copies.
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
  std::size_t spans() const noexcept { return optimizer_.spans(); }
  /// Names the spans by the first names of a list, and removes these from it.
  void name_spans(std::span<const std::string>& names) {
    names_ = joined(spans(), [&](std::size_t j) { return names[j]; });
    names = names.subspan(spans());
  }
  void add_to(Contents& contents) {
    const std::string prefix = contents.prefix();
    contents.say(prefix + "rule", kind_of(optimizer_.rule()));
    contents.say(prefix + "rule_settings", settings_of(optimizer_.rule()), Compared::never);
    contents.say(prefix + "schedule", kind_of(optimizer_.schedule()));
    contents.say(prefix + "schedule_settings", describe(optimizer_.schedule()).text(),
                 Compared::never);
    contents.say(prefix + "parameters", dtype_of<P>());
    contents.say(prefix + "sizes", joined(spans(), [&](std::size_t j) {
                   return std::to_string(optimizer_.size(j));
                 }));
    contents.say(prefix + "spans", names_, Compared::if_both, 2);
    const auto add = [&](const std::string& name, const auto& s, std::size_t dimensions) {
      contents.add_ours(tensor(prefix + name, s, dimensions));
    };
    contents.add_ours(copied(tensor(prefix + "step", std::span(&step_, 1), 0)));
    const auto slots = slots_of(optimizer_.rule());
    const auto own_name = gradus::name_of<R>();
    std::string types;
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      [[maybe_unused]] const auto add_slot = [&]<class E>(std::size_t j, std::span<E> slot) {
        const std::string name = state_name(own_name.view(), slots[j].name.view());
        types += (j > 0 ? ", " : "") + name + " " + type_of<std::remove_const_t<E>>();
        add(name, slot, 1);
      };
      (add_slot(J, optimizer_.template slot<std::tuple_element_t<J, Types>>(J)), ...);
    }(std::make_index_sequence<slot_count<R>>{});
    contents.say(prefix + "slots", types, Compared::always, 2);
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
  O& optimizer_;
  std::int64_t step_;
  std::vector<double> by_name_;
  std::string names_{};  // of the spans
};

template <class S, class R, class P>
auto part_of(Optimizer<S, R, P>& o) {
  return OptimizerPart<Optimizer<S, R, P>>(o);
}
template <class S, class R, class P>
auto part_of(const Optimizer<S, R, P>& o) {
  return OptimizerPart<const Optimizer<S, R, P>>(o);
}
}}}}  // namespace gradus::GRADUS_ABI::io::detail
