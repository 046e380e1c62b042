// optional header: needs <torch/types.h>
// An optimizer of gradus for the parameters of a model of libtorch.
#pragma once

#include <torch/types.h>

#include <cstddef>
#include <span>
#include <string>
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

/// Refuses tensor j of a list: `gradus::TorchOptimizer.params[1] must be contiguous (got ...)`.
template <class Got>
[[noreturn]] void refuse_tensor(const char* list, std::size_t j, const std::string& rule,
                                const Got& got) {
  refuse(Caller("TorchOptimizer").about(list, j) << " " << rule << c10::str(" (got ", got, ")"));
}

/// The elements of a tensor. Refuses one that is not dense, contiguous, of type P and on the CPU.
template <Element P>
std::span<P> tensor_span(const char* list, std::size_t j, const torch::Tensor& tensor) {
  if (!tensor.device().is_cpu()) refuse_tensor(list, j, "must be on the CPU", tensor.device());
  if (tensor.layout() != torch::kStrided) refuse_tensor(list, j, "must be dense", tensor.layout());
  if (tensor.scalar_type() != torch_type<P>)
    refuse_tensor(list, j, c10::str("must be of type ", torch_type<P>), tensor.scalar_type());
  if (!tensor.is_contiguous())
    refuse_tensor(list, j, "must be contiguous", "strides " + c10::str(tensor.strides()));
  return {static_cast<P*>(tensor.data_ptr()), static_cast<std::size_t>(tensor.numel())};
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
      : TorchOptimizer(GroupList<Group>{}, schedule, rule, std::move(params), policy) {}
  TorchOptimizer(const ClipNorm& clip, const S& schedule, const R& rule,
                 std::vector<torch::Tensor> params, NonFinite policy = NonFinite::propagate)
      : TorchOptimizer(GroupList<Group>(clip), schedule, rule, std::move(params), policy) {}

  /// Makes one update of all parameters that have a gradient.
  template <Executor E = Seq>
  GroupsResult step(StepOptions options = {}, const E& run = {}) {
    take_params();
    take_grads();
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

  TorchOptimizer(GroupList<Group> groups, const S& schedule, const R& rule,
                 std::vector<torch::Tensor> params, NonFinite policy)
      : groups_(std::move(groups)),
        params_(std::move(params)),
        p_(params_.size() + (together ? 0 : 1)),  // the last one remains empty
        g_(p_.size()) {
    take_params();
    if constexpr (together) {
      groups_.add(Group(schedule, rule, p_, policy));
    } else {
      for (const std::span<P> p : p_) groups_.add(Group(schedule, rule, p, policy));
    }
  }

  void take_params() {
    for (std::size_t j = 0; j < params_.size(); ++j) {
      if (!params_[j].defined()) detail::refuse_tensor("params", j, "must be defined", "none");
      if (params_[j].is_inference())
        detail::refuse_tensor("params", j, "must be usable by autograd", "an inference tensor");
      p_[j] = detail::tensor_span<P>("params", j, params_[j]);
    }
  }
  void take_grads() {
    for (std::size_t j = 0; j < params_.size(); ++j) {
      const torch::Tensor& grad = params_[j].grad();
      g_[j] = grad.defined() ? detail::tensor_span<P>("grads", j, grad) : std::span<P>();
      if (grad.defined() && grad.sizes() != params_[j].sizes())
        detail::refuse_tensor(
            "grads", j, "must have the shape of its parameter, " + c10::str(params_[j].sizes()),
            grad.sizes());
      if constexpr (together) {
        if (!grad.defined())
          detail::refuse_tensor("grads", j, "must be defined, because the rule measures all",
                                "none");
      } else {
        grad.defined() ? groups_.unfreeze(j) : groups_.freeze(j);
      }
    }
  }

  GroupList<Group> groups_;
  std::vector<torch::Tensor> params_;
  std::vector<std::span<P>> p_;
  std::vector<std::span<const P>> g_;
};

/// The same for tensors of type P: float, double, bfloat16 or float16.
template <Element P, class S, class R>
TorchOptimizer<S, R, P> torch_optimizer(const S& schedule, const R& rule,
                                        std::vector<torch::Tensor> params) {
  return {schedule, rule, std::move(params)};
}

}}  // namespace gradus::GRADUS_ABI
