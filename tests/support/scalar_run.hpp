// A rule as the sweep runs it, at width 1 and without the sweep: cheap to compile for every rule.
// What does not depend on the rule is compiled once for each type of numbers.
#pragma once

#include <gradus/concept/kernel.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/simd/scalar.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace support {

template <class T>
using ScalarPack = gradus::simd::pack<gradus::simd::scalar, T>;

/// x as a number that is stored as S, in arithmetic of the same type.
template <class S, class T>
T rounded_as(const ScalarPack<T>& x) {
  if constexpr (sizeof(S) == 2 && sizeof(T) == 4) return x.template rounded<S>().v;
  return x.v;
}

/// Parameters, gradients and state of any rule in arithmetic of type T.
template <class T>
class ScalarRun {
 public:
  std::vector<T> p, g, slots{};  // the slots one after another
  std::vector<double> scalars{}, span_scalars{};

  explicit ScalarRun(std::size_t n) : p(n), g(n) {}
  ScalarRun(const ScalarRun&) = delete;
  ScalarRun& operator=(const ScalarRun&) = delete;

  /// Gives the state its start values; the parameters must have theirs.
  virtual void start() = 0;
  /// What the sweep does. Parameters are kept in T; so are slots in blocks of 8 bits.
  virtual void step(const gradus::Context& context) = 0;
  /// Rounds the parameters after a step as they are stored.
  template <class P>
  void round_params() {
    for (T& x : p) x = rounded_as<P>(ScalarPack<T>(x));
  }
  std::span<const T> slot(std::size_t j) const {
    return std::span(slots).subspan(j * p.size(), p.size());
  }

 protected:
  ~ScalarRun() = default;
  void start(std::span<const gradus::Slot> start_slots, std::span<const gradus::Scalar> start_whole,
             std::span<const gradus::Scalar> start_span) {
    slots.clear(), scalars.clear(), span_scalars.clear();
    for (const gradus::Slot& slot : start_slots)
      for (const T& x : p)
        slots.push_back(slot.from == gradus::Slot::From::params ? x : static_cast<T>(slot.value));
    for (const gradus::Scalar& scalar : start_whole) scalars.push_back(scalar.value);
    for (const gradus::Scalar& scalar : start_span) span_scalars.push_back(scalar.value);
  }
};

/// Element i of N slots.
template <std::size_t N, class T>
std::array<ScalarPack<T>, N> slots_at(const ScalarRun<T>& run, std::size_t i) {
  std::array<ScalarPack<T>, N> r;
  for (std::size_t j = 0; j < N; ++j) r[j] = ScalarPack<T>(run.slots[j * run.p.size() + i]);
  return r;
}
/// Stores it as the types of the tuple `Types`.
template <class Types, std::size_t N, class T>
void store_slots(ScalarRun<T>& run, std::size_t i, const std::array<ScalarPack<T>, N>& s) {
  [&]<std::size_t... J>(std::index_sequence<J...>) {
    ((run.slots[J * run.p.size() + i] = rounded_as<std::tuple_element_t<J, Types>>(s[J])), ...);
  }(std::make_index_sequence<N>{});
}

template <class T, std::size_t N>
struct ScalarMeasure {
  const ScalarRun<T>& run;
  std::size_t span = 0;

  template <class Terms>
  std::array<double, Terms::count> operator()(const Terms& terms) const {
    using V = ScalarPack<T>;
    std::array<double, Terms::count> r{};
    for (std::size_t i = 0; i < run.p.size(); ++i) {
      const auto products =
          gradus::at_element(terms, i)(V(run.p[i]), V(run.g[i]), slots_at<N>(run, i));
      for (std::size_t m = 0; m < Terms::count; ++m)
        r[m] += static_cast<double>(products[m].a.v) * static_cast<double>(products[m].b.v);
    }
    return r;
  }
};

template <class Types, class T, class K>
void scalar_sweep(ScalarRun<T>& run, const K& kernel) {
  using V = ScalarPack<T>;
  constexpr std::size_t N = std::tuple_size_v<Types>;
  for (std::size_t i = 0; i < run.p.size(); ++i) {
    V x(run.p[i]);
    std::array<V, N> s = slots_at<N>(run, i);
    run.p[i] = (x - gradus::at_element(kernel, i)(x, V(run.g[i]), s)).v;
    store_slots<Types>(run, i, s);
  }
}

/// Of a rule, which it refers to.
template <class R, class T>
class ScalarRunOf final : public ScalarRun<T> {
 public:
  ScalarRunOf(const R& rule, std::size_t n) : ScalarRun<T>(n), rule_(rule) {}

  void start() override {
    ScalarRun<T>::start(gradus::slots_of(rule_), gradus::scalars_of(rule_),
                        gradus::span_scalars_of(rule_));
  }
  void step(const gradus::Context& context) override {
    using Types = gradus::slot_types_t<R, T>;
    const ScalarMeasure<T, gradus::slot_count<R>> measure{*this};
    const auto kernel = gradus::prepare<T>(gradus::rule_at(rule_, context.t), context,
                                           this->scalars.data(), measure);
    if constexpr (gradus::HasForSpan<gradus::kernel_t<R, T>>) {
      scalar_sweep<Types>(*this, kernel.for_span(this->span_scalars, measure));
    } else {
      scalar_sweep<Types>(*this, kernel);
    }
  }

 private:
  const R& rule_;
};

}  // namespace support
