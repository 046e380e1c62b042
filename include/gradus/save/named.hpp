// optional header
// Names for what is saved beside optimizers.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/save/contents.hpp>
#include <gradus/save/file.hpp>
#include <gradus/save/only_doubles.hpp>
#include <gradus/save/tensor.hpp>
#include <gradus/text/concat.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/training/accumulator.hpp>
#include <gradus/training/loss_scale.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace io {

/// Data of the caller that is saved beside the optimizers. `named` makes it.
template <bool Writable>
struct Named {
  std::vector<detail::Tensor> tensors{};
};

namespace detail {

/// Numbers, which are saved from where they are and loaded in place.
template <bool Writable>
class NamedPart {
 public:
  static constexpr bool writable = Writable;

  explicit NamedPart(Named<Writable> named) : named_(std::move(named)) {}
  std::size_t optimizers() const noexcept { return 0; }
  void add_to(Contents& contents) const {
    for (const Tensor& t : named_.tensors) contents.add(Tensor(t));
  }
  void check(const std::string&) const noexcept {}
  void commit() const noexcept {}

 private:
  Named<Writable> named_;
};
template <bool W>
auto part_of(const Named<W>& named) {
  return NamedPart<W>(named);
}

/// An accumulator: its sum in place, its progress as a copy.
template <class A>
class AccumulatorPart {
 public:
  static constexpr bool writable = !std::is_const_v<A>;

  AccumulatorPart(std::string name, A& accumulator)
      : name_(std::move(name)), accumulator_(accumulator) {}
  std::size_t optimizers() const noexcept { return 0; }
  void add_to(Contents& contents) {
    progress_ = accumulator_.progress();
    const auto add = [&](const char* what, auto& number) {
      contents.add(copied(tensor(concat({name_, what}), std::span(&number, 1), 0)));
    };
    contents.add(tensor(concat({name_, ".sum"}), accumulator_.values()));
    add(".count", progress_.count);
    add(".dropped", progress_.dropped);
    add(".weight", progress_.weight);
  }
  void check(const std::string& path) const {
    if (progress_.count != 0 && !(progress_.weight > 0 && math::is_finite(progress_.weight)))
      refuse_file(path, concat({"must have a finite number > 0 in \"", name_, ".weight\""}));
  }
  void commit() { accumulator_.seek(progress_); }

 private:
  std::string name_;
  A& accumulator_;
  typename A::Progress progress_{};
};
template <class A>
auto part_of(const AccumulatorPart<A>& part) {
  return part;
}

inline std::string checked_name(std::string_view name) {
  for (const char c : name)
    if (!is_plain(c)) name = {};
  if (name.empty() || name.starts_with("__"))
    refuse(
        "gradus::io::named.name must be printable ASCII without quotes and backslashes, and "
        "begin with other than \"__\"");
  return std::string(name);
}

/// A feedback: all its state is in the member `state`, which consists of doubles.
template <class X>
concept Feedback = requires(X& x) { x.state; } && OnlyDoubles<decltype(X::state)>;

template <Savable V>
auto refer_to(const std::string& name, V& x) {
  return Named<true>{{tensor(name, std::span(&x, 1), 0)}};
}
template <Savable V>
auto refer_to(const std::string& name, const V& x) {
  return Named<false>{{tensor(name, std::span(&x, 1), 0)}};
}
/// A list of spans.
template <class X>
concept ListOfNumbers = requires(X& x) { numbers(*std::begin(x)); };

template <Numbers V>
  requires(!Feedback<V> && !ListOfNumbers<V>)
auto refer_to(const std::string& name, V& x) {
  const auto s = numbers(x);
  return Named<!std::is_const_v<typename decltype(s)::element_type>>{{tensor(name, s)}};
}
template <Feedback V>
auto refer_to(const std::string& name, V& x) {
  using D = std::conditional_t<std::is_const_v<V>, const double, double>;
  const std::span all(reinterpret_cast<D*>(&x.state), sizeof x.state / sizeof(double));
  return Named<!std::is_const_v<V>>{{tensor(name, all)}};
}
template <class V>
  requires std::same_as<std::remove_const_t<V>, LossScale>
auto refer_to(const std::string& name, V& x) {
  return Named<!std::is_const_v<V>>{{tensor(concat({name, ".value"}), std::span(&x.value, 1), 0),
                                     tensor(concat({name, ".good"}), std::span(&x.good, 1), 0)}};
}
template <class V>
  requires requires { typename V::Progress; }
auto refer_to(const std::string& name, V& x) {
  return AccumulatorPart<V>(name, x);
}
template <ListOfNumbers V>
auto refer_to(const std::string& name, V& x) {
  using E = typename decltype(numbers(*std::begin(x)))::element_type;
  Named<!std::is_const_v<E>> r;
  for (auto&& s : x)
    r.tensors.push_back(tensor(concat({name, ".", Digits(r.tensors.size())}), numbers(s)));
  return r;
}

/// Whether the argument still exists when it is saved or loaded.
template <class X>
constexpr bool stays() {
  if constexpr (ListOfNumbers<std::remove_reference_t<X>>) {
    using Element = decltype(*std::begin(std::declval<X&>()));
    return (std::is_lvalue_reference_v<X> && gradus::detail::Stays<Element>) ||
           std::ranges::enable_borrowed_range<std::remove_cvref_t<Element>>;
  } else {
    return gradus::detail::Stays<X>;
  }
}

}  // namespace detail

/// `named("weights", weights)` gives data of the caller a name, under which it is saved and loaded.
/// The result refers to the data.
///
///   a number, or a span of numbers      itself
///   a list of spans                     "weights.0", "weights.1" ...
///   feedback, such as `Plateau`         its `state`
///   `LossScale`                         its value and good
///   `Accumulator`                       its sum and its progress
///   a generator of <random>             with <gradus/save/generator.hpp>
///
/// Domain: integers, float, double, bfloat16, float16; names of printable ASCII without quotes and
///   backslashes, each only once in a file. Const data can be saved, but not loaded.
/// Errors: any other name.
template <class X>
auto named(std::string_view name, X&& x) {
  static_assert(
      requires { detail::refer_to(std::string(), x); },
      "gradus::io::named takes numbers, a span or a list of spans of them, feedback, a "
      "LossScale or an Accumulator; generators with <gradus/save/generator.hpp>");
  static_assert(detail::stays<X>(), "gradus::io::named refers to its argument, which must stay");
  return detail::refer_to(detail::checked_name(name), x);
}

}}}  // namespace gradus::GRADUS_ABI::io
