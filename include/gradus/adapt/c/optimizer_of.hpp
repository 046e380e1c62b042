// optional header: needs <gradus/adapt/c/gradus.h>
// The optimizers behind the handles of the interface for C, one type for each rule.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include <gradus/adapt/c/any_optimizer.hpp>
#include <gradus/concept/rule.hpp>
#include <gradus/optimizer.hpp>
#include <gradus/save/any_part.hpp>
#include <gradus/text/any_rule.hpp>

namespace gradus { inline namespace GRADUS_ABI { namespace detail { namespace c {

/// The optimizer. Every line of it is compiled for each rule and type, a hundred times: what does
/// not depend on them is in any_optimizer.hpp.
template <class R, class P>
class OptimizerOf final : public TypedOptimizer<P> {
  using Base = TypedOptimizer<P>;
  using Optimizer = gradus::Optimizer<io::AnySchedule, R, P>;

 public:
  explicit OptimizerOf(const OptimizerArguments<P>& arguments)
      : Base(arguments.sizes, arguments.names),
        optimizer_(arguments.schedule, *static_cast<const R*>(arguments.rule), arguments.params) {
    this->name_slots(R::name, slots_of(optimizer_.rule()));
  }
  double rate() const override { return optimizer_.rate(); }
  step_t steps() const override { return optimizer_.steps(); }
  void seek(Length t) override { optimizer_.seek(t); }

 private:
  StepResult make_step(typename Base::Params& params, const typename Base::Grads& grads,
                       const StepOptions& options) override {
    return optimizer_.step(params, grads, options);
  }
  std::unique_ptr<io::detail::AnyPart> any_part() override {
    return std::make_unique<io::detail::PartOf<Optimizer>>(optimizer_);
  }
  P* slot(std::size_t j) override { return optimizer_.template slot<P>(j).data(); }

  Optimizer optimizer_;
};

template <class R, class P>
AnyOptimizer* new_optimizer(const OptimizerArguments<P>& arguments) {
  return new OptimizerOf<R, P>(arguments);
}

template <std::size_t Share, class P>
std::unique_ptr<AnyOptimizer> make_optimizer(const OptimizerArguments<P>& arguments) {
  static_assert(Share < shares);
  constexpr std::size_t rules = std::variant_size_v<io::AnyRule>;
  const auto make = [&]<std::size_t... I>(std::index_sequence<I...>) {
    AnyOptimizer* (*const of_each[])(const OptimizerArguments<P>&) = {
        new_optimizer<std::variant_alternative_t<Share + shares * I, io::AnyRule>, P>...};
    return of_each[arguments.rule_index / shares](arguments);
  };
  return std::unique_ptr<AnyOptimizer>(
      make(std::make_index_sequence<(rules - Share + shares - 1) / shares>()));
}

}}}}  // namespace gradus::GRADUS_ABI::detail::c
