// A rule behind virtual functions. What every rule must keep is compiled against them, once for
// each type of numbers; a rule adds only its own loops. Compiling that for each rule took most of
// the time of a build of the tests.
#pragma once

#include <gradus/concept/rule.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/update.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/digest.hpp"

namespace support {

using gradus::Context;

/// The scalars of a rule, and those of the one span.
struct AllScalars {
  std::vector<double> whole, span;

  bool operator==(const AllScalars& o) const {
    return same_bits(whole, o.whole) && same_bits(span, o.span);
  }
};

/// The loss for a rule that needs one, where a test has none of its own.
inline constexpr double some_loss = 0.75;

template <class R>
constexpr Context with_loss(Context context) {
  if (gradus::traits<R>.needs_loss && gradus::math::is_nan(context.loss)) context.loss = some_loss;
  return context;
}

/// Any schedule, so that an optimizer is compiled once for each rule.
using AnyRate = std::function<double(gradus::step_t)>;

/// A rule in arithmetic of type T, whose slots are of type T.
template <class T>
class AnyRule {
 public:
  using Slots = std::vector<std::span<T>>;

  AnyRule() = default;
  AnyRule(const AnyRule&) = delete;
  AnyRule& operator=(const AnyRule&) = delete;
  virtual ~AnyRule() = default;

  virtual std::size_t slots() const = 0;
  /// The start values of the scalars.
  virtual AllScalars scalars() const = 0;
  /// `gradus::start` and `gradus::update`.
  virtual void start(std::span<const T> p, const Slots& slots) const = 0;
  virtual void update(const Context& context, std::span<T> p, std::span<const T> g,
                      const Slots& slots, AllScalars& scalars) const = 0;
  /// Makes an optimizer and throws it away: for the errors.
  virtual void make_optimizer() const = 0;
};

/// `rule`, which must outlive this, as an AnyRule.
template <class R, class T>
class Erased final : public AnyRule<T> {
  using Slots = typename AnyRule<T>::Slots;
  static constexpr auto each_slot = std::make_index_sequence<gradus::slot_count<R>>{};

 public:
  explicit Erased(const R& rule) : rule_(rule) {}

  std::size_t slots() const override { return gradus::slot_count<R>; }
  AllScalars scalars() const override {
    AllScalars r;
    for (const gradus::Scalar& s : gradus::scalars_of(rule_)) r.whole.push_back(s.value);
    for (const gradus::Scalar& s : gradus::span_scalars_of(rule_)) r.span.push_back(s.value);
    return r;
  }
  void start(std::span<const T> p, const Slots& slots) const override {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      gradus::start(rule_, p, slots[J]...);
    }(each_slot);
  }
  void update(const Context& context, std::span<T> p, std::span<const T> g, const Slots& slots,
              AllScalars& scalars) const override {
    const Context with = with_loss<R>(context);
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      if constexpr (gradus::HasScalars<R> && gradus::HasSpanScalars<R>) {
        gradus::update(rule_, with, p, g, slots[J]..., scalars.whole, scalars.span);
      } else if constexpr (gradus::HasScalars<R>) {
        gradus::update(rule_, with, p, g, slots[J]..., scalars.whole);
      } else if constexpr (gradus::HasSpanScalars<R>) {
        gradus::update(rule_, with, p, g, slots[J]..., scalars.span);
      } else {
        gradus::update(rule_, with, p, g, slots[J]...);
      }
    }(each_slot);
  }
  void make_optimizer() const override {
    std::vector<T> p(4);
    const gradus::Optimizer<AnyRate, R, T> opt([](gradus::step_t) { return 0.1; }, rule_, p);
  }

 private:
  const R& rule_;
};
/// Calls f(any) with `rule` as an AnyRule.
template <class T, class R, class F>
decltype(auto) erased(const R& rule, const F& f) {
  return f(static_cast<const AnyRule<T>&>(Erased<R, T>(rule)));
}

/// Parameters and the state of any rule, owned here.
template <class T>
struct AnyRun {
  std::vector<T> p;
  std::vector<std::vector<T>> slots;
  AllScalars scalars;

  AnyRun(const AnyRule<T>& rule, std::vector<T> params)
      : p(std::move(params)),
        slots(rule.slots(), std::vector<T>(p.size())),
        scalars(rule.scalars()) {
    rule.start(p, part(0, p.size()));
  }
  /// One update of the elements from `begin` on, as many as there are gradients.
  void step(const AnyRule<T>& rule, const Context& context, std::span<const T> g,
            std::size_t begin = 0) {
    rule.update(context, std::span(p).subspan(begin, g.size()), g, part(begin, g.size()), scalars);
  }
  bool operator==(const AnyRun& o) const {
    bool same = same_bits(p, o.p) && scalars == o.scalars;
    for (std::size_t j = 0; j < slots.size(); ++j) same = same && same_bits(slots[j], o.slots[j]);
    return same;
  }

 private:
  typename AnyRule<T>::Slots part(std::size_t begin, std::size_t n) {
    typename AnyRule<T>::Slots r;
    for (std::vector<T>& slot : slots) r.push_back(std::span(slot).subspan(begin, n));
    return r;
  }
};

/// The same for a rule that a test names.
template <class R, class T>
struct Run : AnyRun<T> {
  Run(const R& rule, std::vector<T> params) : AnyRun<T>(Erased<R, T>(rule), std::move(params)) {}

  void step(const R& rule, const Context& context, std::span<const T> g, std::size_t begin = 0) {
    AnyRun<T>::step(Erased<R, T>(rule), context, g, begin);
  }
};

}  // namespace support
