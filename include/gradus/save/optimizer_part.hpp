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
#include <gradus/text/concat.hpp>
#include <gradus/text/describe.hpp>
#include <gradus/text/digits.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io { namespace detail {

/// The type of a slot's elements. Types that the format stores as bytes have their own names here.
template <class E>
constexpr std::string_view type_of() {
  if constexpr (std::same_as<E, Signed8>)
    return "Signed8";
  else if constexpr (std::same_as<E, Positive8>)
    return "Positive8";
  else
    return dtype_of<E>();
}

/// "64 x 32; 10 x 64": shapes, as files have them.
inline std::string shapes_text(std::span<const Shape> shapes) {
  std::string r;
  for (const Shape& shape : shapes) {
    gradus::detail::Sentence one;
    one << shape;
    r.append(concat({r.empty() ? "" : "; ", one.text()}));
  }
  return r;
}

/// What a file has of an optimizer. The step and the scalars of spans, sorted by name, are copies.
template <class O>
class OptimizerContents {
  using R = std::remove_cvref_t<decltype(std::declval<const O&>().rule())>;
  using P = typename O::value_type;
  using Types = slot_types_t<R, arithmetic_t<P>>;
  static constexpr bool for_matrices = MatrixRule<R, arithmetic_t<P>>;

 public:
  explicit OptimizerContents(const O& optimizer)
      : step_(static_cast<std::int64_t>(optimizer.steps())),
        by_name_(optimizer.span_scalars().size()),
        seen_(optimizer) {
    const std::span<const double> all = optimizer.span_scalars();
    for_each_span_scalar([&](double& here, std::size_t there) { here = all[there]; });
  }

  std::size_t optimizers() const noexcept { return 1; }
  std::size_t spans() const noexcept { return seen_.spans(); }
  /// Names the spans by the first names of a list, and removes these from it.
  void name_spans(std::span<const std::string>& names) {
    for (const std::string& name : names.first(spans())) add_item(names_, name);
    names = names.subspan(spans());
  }
  void add_to(Contents& contents) {
    const R& rule = seen_.rule();
    const std::string prefix = contents.prefix();
    std::string sizes;
    for (std::size_t j = 0; j < spans(); ++j) add_item(sizes, Digits(seen_.size(j)));
    contents.say(prefix, {{"rule", kind_of(rule)},
                          {"rule_settings", settings_of(rule)},
                          {"schedule", kind_of(seen_.schedule())},
                          {"schedule_settings", describe(seen_.schedule())},
                          {"parameters", dtype_of<P>()},
                          {"sizes", sizes},
                          {"spans", names_}});
    contents.add_ours(copied(tensor(concat({prefix, "step"}), std::span(&step_, 1), 0)));
    contents.say(prefix, {{"slots", add_slots(contents, prefix)}});
    if constexpr (for_matrices)
      contents.say(prefix, {{"shapes", shapes_text(seen_.core().matrices.shapes())}});
    const auto scalars = scalars_of(rule);
    for (std::size_t j = 0; j < scalars.size(); ++j)
      contents.add_ours(
          tensor(concat({prefix, scalars[j].name.view()}), seen_.scalars().subspan(j, 1), 0));
    const auto names = span_scalars_of(rule);
    for (std::size_t j = 0; j < names.size(); ++j)
      contents.add_ours(copied(tensor(concat({prefix, "span.", names[j].name.view()}),
                                      numbers(by_name_).subspan(j * spans(), spans()))));
  }

 protected:
  /// f(scalar by name, its index in the optimizer)
  template <class F>
  void for_each_span_scalar(const F& f) {
    const std::size_t spans = seen_.spans(), names = span_scalar_count<R>;
    for (std::size_t j = 0; j < names; ++j)
      for (std::size_t i = 0; i < spans; ++i) f(by_name_[j * spans + i], i * names + j);
  }

  std::int64_t step_;

 private:
  /// Adds all slots, also those whose sizes follow from shapes, and returns their names and types:
  /// "exp_avg F32, exp_avg_sq F32".
  std::string add_slots(Contents& contents, const std::string& prefix) {
    std::string types;
    const auto own_name = gradus::name_of<R>();
    const auto slots = slots_of(seen_.rule());
    [[maybe_unused]] const auto add = [&](std::string_view name, std::string_view type, Tensor t) {
      add_item(types, concat({name, " ", type}));
      t.name = concat({prefix, name});
      contents.add_ours(std::move(t));
    };
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (add(state_name(own_name.view(), slots[J].name.view()),
           type_of<std::tuple_element_t<J, Types>>(),
           tensor({}, seen_.template slot<std::tuple_element_t<J, Types>>(J))),
       ...);
    }(std::make_index_sequence<slot_count<R>>{});
    if constexpr (for_matrices) {
      const auto& matrices = seen_.core().matrices;
      for (std::size_t i = 0; i < matrices.slot_count(); ++i)
        add(matrices.slot_name(i).view(), type_of<arithmetic_t<P>>(), tensor({}, matrices.slot(i)));
    }
    return types;
  }

  std::vector<double> by_name_;
  std::string names_{};  // of the spans
  const O& seen_;
};

/// An optimizer as a part of a file. O is const if it is only saved.
template <class O>
class OptimizerPart : public OptimizerContents<std::remove_const_t<O>> {
 public:
  static constexpr bool writable = !std::is_const_v<O>;

  explicit OptimizerPart(O& optimizer)
      : OptimizerContents<std::remove_const_t<O>>(optimizer), optimizer_(optimizer) {}
  void check(const std::string& path) const {
    if (this->step_ < 0) refuse_file(path, "must have a step below 2^63");
  }
  void commit() {
    optimizer_.seek(static_cast<step_t>(this->step_));
    const std::span<double> all = optimizer_.span_scalars();
    this->for_each_span_scalar([&](const double& here, std::size_t there) { all[there] = here; });
  }

 private:
  O& optimizer_;
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
