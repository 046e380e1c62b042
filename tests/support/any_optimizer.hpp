// An optimizer behind virtual functions, for the same reason as any_rule.hpp.
#pragma once

#include <gradus/optimizer.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/any_rule.hpp"
#include "support/digest.hpp"

namespace support {

/// Any executor: runs the pieces 0 ... n - 1.
struct AnyExecutor {
  using Task = std::function<void(std::size_t)>;
  std::function<void(std::size_t, const Task&)> run;

  template <class F>
  void operator()(std::size_t n, const F& f) const {
    run(n, [&f](std::size_t i) { f(i); });
  }
};

inline const AnyExecutor in_order{[](std::size_t n, const AnyExecutor::Task& f) {
  for (std::size_t i = 0; i < n; ++i) f(i);
}};

/// An optimizer of parameters and gradients of type P.
template <class P>
class AnyOptimizer {
 public:
  using T = gradus::arithmetic_t<P>;
  using Params = std::vector<std::span<P>>;
  using Grads = std::vector<std::span<const P>>;

  AnyOptimizer() = default;
  AnyOptimizer(const AnyOptimizer&) = delete;
  AnyOptimizer& operator=(const AnyOptimizer&) = delete;
  virtual ~AnyOptimizer() = default;

  virtual gradus::StepResult step(const Params& params, const Grads& grads,
                                  const gradus::StepOptions& options, const AnyExecutor& run) = 0;
  /// Adds the slots that are stored in T.
  virtual void add_slots(Digest& digest) const = 0;
  virtual std::span<const double> scalars() const = 0;
  virtual std::span<const double> span_scalars() const = 0;
};

/// An optimizer of rule R as `Base`, which is AnyOptimizer<P> or has more than that.
template <class R, class P, class S = AnyRate, class Base = AnyOptimizer<P>>
class ErasedOptimizer : public Base {
  using typename Base::T, typename Base::Params, typename Base::Grads;

 public:
  ErasedOptimizer(S schedule, const R& rule, const Params& params,
                  gradus::NonFinite policy = gradus::NonFinite::propagate)
      : opt_(std::move(schedule), rule, params, policy) {}

  gradus::StepResult step(const Params& params, const Grads& grads,
                          const gradus::StepOptions& options, const AnyExecutor& run) override {
    return opt_.step(params, grads, options, run);
  }
  void add_slots(Digest& digest) const override {
    [&]<std::size_t... J>(std::index_sequence<J...>) {
      (add<J>(digest), ...);
    }(std::make_index_sequence<gradus::slot_count<R>>{});
  }
  std::span<const double> scalars() const override { return opt_.scalars(); }
  std::span<const double> span_scalars() const override { return opt_.span_scalars(); }

 private:
  template <std::size_t J>
  void add(Digest& digest) const {
    if constexpr (std::is_same_v<std::tuple_element_t<J, gradus::slot_types_t<R, T>>, T>)
      digest.add(opt_.template slot<T>(J));
  }

 protected:
  gradus::Optimizer<S, R, P> opt_;
};

/// Makes optimizers of one rule.
template <class P, class Any = AnyOptimizer<P>>
using MakeOptimizer = std::function<std::unique_ptr<Any>(
    const AnyRate&, const std::vector<std::span<P>>&, gradus::NonFinite)>;

template <class P, class R>
MakeOptimizer<P> optimizers_of(const R& rule) {
  return [rule](const AnyRate& rate, const std::vector<std::span<P>>& params,
                gradus::NonFinite policy) {
    return std::make_unique<ErasedOptimizer<R, P>>(rate, rule, params, policy);
  };
}

}  // namespace support
