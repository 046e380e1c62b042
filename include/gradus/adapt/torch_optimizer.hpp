// optional header: needs <torch/types.h>
// An optimizer of gradus for the parameters of a model of libtorch.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <gradus/group_list.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

template <Element P>
inline constexpr torch::ScalarType torch_type = std::same_as<P, float>      ? torch::kFloat
                                                : std::same_as<P, double>   ? torch::kDouble
                                                : std::same_as<P, bfloat16> ? torch::kBFloat16
                                                                            : torch::kHalf;

/// The elements of parameter j; with `param`, those of its gradient. Refuses a tensor that rules
/// cannot update: `gradus::TorchOptimizer.params[1] must be contiguous (got strides [1, 3])`.
template <Element P>
std::span<P> torch_span(std::size_t j, const torch::Tensor& x,
                        const torch::Tensor* param = nullptr) {
  const bool of_grad = param != nullptr;
  const auto must = [&](bool good, const auto&... words) {
    if (!good)
      refuse(Caller("TorchOptimizer").about(of_grad ? "grads" : "params", j)
             << c10::str(" must ", words..., ")"));
  };
  must(x.defined(), "be defined", of_grad ? ", because the rule measures all" : "", " (got none");
  must(of_grad || !x.is_inference(), "be usable by autograd (got an inference tensor");
  must(x.device().is_cpu(), "be on the CPU (got ", x.device());
  must(x.layout() == torch::kStrided, "be dense (got ", x.layout());
  must(x.scalar_type() == torch_type<P>, "be of type ", torch_type<P>, " (got ", x.scalar_type());
  must(x.is_contiguous(), "be contiguous (got strides ", x.strides());
  if (of_grad)
    must(x.sizes() == param->sizes(), "have the shape of its parameter, ", param->sizes(), " (got ",
         x.sizes());
  return {static_cast<P*>(x.data_ptr()), static_cast<std::size_t>(x.numel())};
}

}  // namespace detail

/// A schedule and a rule of gradus, for the parameters of a model of libtorch, which it updates in
/// place:
///
///   gradus::TorchOptimizer opt{gradus::Cosine{.start = 1e-3, .steps = 1000}, gradus::AdamW{},
///                              model->parameters()};
///   loop: opt.zero_grad(); loss.backward(); opt.step();
///
/// A parameter without a gradient is left as it is, with its state, as in PyTorch; so each has its
/// own count of updates, for bias corrections, while the schedules follow `steps()`, which counts
/// the updates of the whole. A rule that measures all gradients together, such as `Prodigy` or a
/// chain with `ClipNorm`, needs all of them. `TorchOptimizer{ClipNorm{1}, schedule, rule, params}`
/// clips all gradients by one norm, also if some are missing.
/// The parameters are contiguous float tensors on the CPU; `torch_optimizer<gradus::bfloat16>(...)`
/// takes tensors of another type. A copy updates the same tensors, with state of its own.
/// `io::save(path, opt.groups())` saves the state, under PyTorch's names.
/// Errors: `gradus::Error` with one sentence; nothing has changed. As `GroupList`; a parameter that
///   is undefined, not contiguous, sparse, of another type or on another device; a gradient that
///   is, or that has another shape than its parameter.
template <ScheduleArgument S, class R, Element P = float>
  requires Rule<R, arithmetic_t<P>>
class TorchOptimizer {
 public:
  using Group = Optimizer<S, R, P>;

  TorchOptimizer(const S& schedule, const R& rule, std::vector<torch::Tensor> params,
                 NonFinite policy = NonFinite::propagate)
      : TorchOptimizer(std::nullopt, schedule, rule, std::move(params), policy) {}
  TorchOptimizer(const std::optional<ClipNorm>& clip, const S& schedule, const R& rule,
                 std::vector<torch::Tensor> params, NonFinite policy = NonFinite::propagate)
      : groups_(clip ? GroupList<Group>(*clip) : GroupList<Group>()),
        params_(std::move(params)),
        p_(params_.size() + (together ? 0 : 1)),  // the last one remains empty
        g_(p_.size()) {
    for (std::size_t j = 0; j < params_.size(); ++j) p_[j] = detail::torch_span<P>(j, params_[j]);
    if constexpr (together) {
      groups_.add(Group(schedule, rule, p_, policy));
    } else {
      for (const std::span<P> p : p_) groups_.add(Group(schedule, rule, p, policy));
    }
  }

  /// Makes one update of all parameters that have a gradient.
  template <Executor E = Seq>
  GroupsResult step(StepOptions options = {}, const E& run = {}) {
    for (std::size_t j = 0; j < params_.size(); ++j) {
      const torch::Tensor& grad = params_[j].grad();
      p_[j] = detail::torch_span<P>(j, params_[j]);
      g_[j] = {};
      if (together || grad.defined()) g_[j] = detail::torch_span<P>(j, grad, &params_[j]);
      if constexpr (!together) grad.defined() ? groups_.unfreeze(j) : groups_.freeze(j);
    }
    if (!options.position.is_given()) options.position = steps();
    const GroupsResult result = groups_.step(p_, g_, options, run);
    // Autograd then refuses a backward pass that needs the old values.
    for (const torch::Tensor& param : params_)
      if (result.applied && param.grad().defined()) param.unsafeGetTensorImpl()->bump_version();
    return result;
  }
  /// Removes all gradients, so that a parameter that gets none is not updated.
  void zero_grad() {
    for (torch::Tensor& param : params_) param.mutable_grad().reset();
  }

  /// The number of updates, and the rate of the next one.
  step_t steps() const { return groups_[groups_.size() - 1].steps(); }
  double rate() const { return groups_[0].rate(steps()); }
  /// The optimizers: one for each tensor, and one without parameters, which counts the updates. For
  /// a rule that measures all gradients together, one for all.
  GroupList<Group>& groups() noexcept { return groups_; }
  const GroupList<Group>& groups() const noexcept { return groups_; }

 private:
  static constexpr bool together = measures<R, arithmetic_t<P>>;

  GroupList<Group> groups_;
  std::vector<torch::Tensor> params_;
  std::vector<std::span<P>> p_;
  std::vector<std::span<const P>> g_;
};

/// The same for tensors of type P: float, double, bfloat16 or float16.
template <Element P, class S, class R>
auto torch_optimizer(const S& schedule, const R& rule, std::vector<torch::Tensor> params) {
  return TorchOptimizer<S, R, P>(schedule, rule, std::move(params));
}

}}  // namespace gradus::GRADUS_ABI
