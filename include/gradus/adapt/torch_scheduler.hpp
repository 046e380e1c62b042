// optional header: needs <torch/types.h>
// A schedule or a feedback that sets the rates of an optimizer of libtorch.
#pragma once

#include <torch/optim/optimizer.h>
#include <torch/serialize/archive.h>
#include <torch/types.h>

#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <gradus/concept/schedule.hpp>
#include <gradus/error/check.hpp>
#include <gradus/optimizer/context.hpp>
#include <gradus/schedule/constant.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What the value of a `TorchScheduler` is: the rate of every parameter group, or a factor that
/// multiplies the initial rate of each group, as in PyTorch's `LambdaLR`.
enum class TorchRates { absolute, relative };

namespace detail {
struct NoMetric {
  static constexpr double value() noexcept { return 1; }
};
template <class F>
concept TakesMetric = std::copyable<F> && requires(F& f, const F& now) {
  { now.value() } -> std::convertible_to<double>;
  f(1.0);
  f.state;
};
}  // namespace detail

/// Sets the rate of every parameter group of an optimizer of libtorch, as PyTorch's schedulers do.
///
///   torch::optim::AdamW optimizer(model->parameters());
///   gradus::TorchScheduler scheduler{optimizer, gradus::Cosine{.start = 1e-3, .steps = 1000}};
///   loop: ... optimizer.step(); scheduler.step();
///
/// The constructor sets the rates of the first update; after each `optimizer.step()`, `step()` sets
/// those of the next one. A feedback such as `Plateau` takes a metric, usually once per epoch, by
/// `step(metric)`. The value is schedule(t) * feedback.value(); `TorchRates` says what it means. A
/// feedback without a schedule is relative, as PyTorch's `ReduceLROnPlateau` is.
/// The scheduler refers to the optimizer, which must stay.
/// Errors: `gradus::Error` with one sentence; nothing has changed: a rate that is negative or not
///   finite; groups with different rates, unless the value is relative; groups added later.
template <Schedule S, class F = detail::NoMetric>
class TorchScheduler {
  static constexpr const char* name = "TorchScheduler";

 public:
  TorchScheduler(torch::optim::Optimizer& optimizer, S schedule,
                 TorchRates rates = TorchRates::absolute)
    requires std::same_as<F, detail::NoMetric>
      : TorchScheduler(optimizer, std::move(schedule), F{}, rates) {}
  TorchScheduler(torch::optim::Optimizer& optimizer, F feedback)
    requires detail::TakesMetric<F>
      : TorchScheduler(optimizer, S{1}, std::move(feedback), TorchRates::relative) {}
  TorchScheduler(torch::optim::Optimizer& optimizer, S schedule, F feedback,
                 TorchRates rates = TorchRates::absolute)
      : optimizer_(&optimizer),
        schedule_(std::move(schedule)),
        feedback_(std::move(feedback)),
        rates_(rates) {
    refuse_if(fault_of<double>(schedule_));
    for (const auto& group : optimizer.param_groups()) {
      initial_.push_back(group.options().get_lr());
      if (rates_ == TorchRates::absolute && initial_.back() != initial_.front())
        refuse(detail::Sentence() << "gradus::TorchScheduler.rates must be TorchRates::relative "
                                     "for groups with different rates (got "
                                  << initial_.front() << " and " << initial_.back() << ")");
    }
    set(0, initial_, feedback_);
  }

  /// Goes on to the next update: call it after `optimizer.step()`.
  void step() { set(t_ + 1, initial_, feedback_); }
  /// Gives the feedback a metric, and leaves the step as it is.
  void step(const double& metric)
    requires detail::TakesMetric<F>
  {
    F next = feedback_;
    next(metric);
    set(t_, initial_, next);
  }
  /// How often `step()` was called.
  step_t steps() const noexcept { return t_; }

  /// All state as numbers: the step, the initial rate of each group, the state of the feedback.
  /// `io::named("scheduler", state)` saves them; `torch::save(scheduler, path)` does, too.
  std::vector<double> state() const {
    std::vector<double> r{static_cast<double>(t_)};
    r.insert(r.end(), initial_.begin(), initial_.end());
    r.resize(r.size() + feedback_numbers);
    if constexpr (feedback_numbers > 0)
      std::memcpy(&r[1 + initial_.size()], &feedback_.state, sizeof feedback_.state);
    return r;
  }
  /// Takes over a state, and sets the rates. Refuses a state of another size or without a step.
  void load_state(std::span<const double> state) {
    const std::size_t groups = initial_.size(), wanted = 1 + groups + feedback_numbers;
    if (state.size() != wanted)
      refuse(detail::Sentence() << "gradus::TorchScheduler.state must have " << wanted
                                << " numbers (got " << state.size() << ")");
    const double t = state[0];
    if (!(t >= 0 && t < 0x1p53) || static_cast<double>(static_cast<step_t>(t)) != t)
      refuse({name, "state", "must begin with the number of a step", t});
    const auto initial = state.subspan(1, groups), rest = state.subspan(1 + groups);
    F next = feedback_;
    if constexpr (feedback_numbers > 0)
      std::memcpy(static_cast<void*>(&next.state), rest.data(), rest.size_bytes());
    set(static_cast<step_t>(t), {initial.begin(), initial.end()}, next);
  }
  friend torch::serialize::OutputArchive& operator<<(torch::serialize::OutputArchive& archive,
                                                     const TorchScheduler& scheduler) {
    archive.write("state", torch::tensor(scheduler.state(), torch::kDouble));
    return archive;
  }
  friend torch::serialize::InputArchive& operator>>(torch::serialize::InputArchive& archive,
                                                    TorchScheduler& scheduler) {
    torch::Tensor state;
    archive.read("state", state);
    state = state.to(torch::kCPU, torch::kDouble).contiguous();
    scheduler.load_state({state.data_ptr<double>(), static_cast<std::size_t>(state.numel())});
    return archive;
  }

 private:
  static constexpr std::size_t feedback_numbers = [] {
    if constexpr (detail::TakesMetric<F>) return sizeof(F::state) / sizeof(double);
    return std::size_t{0};
  }();

  /// Computes and checks all rates, then sets them and takes over the state that they follow from.
  void set(step_t t, std::vector<double> initial, F feedback) {
    auto& groups = optimizer_->param_groups();
    if (groups.size() != initial.size())
      refuse(detail::Sentence() << "gradus::TorchScheduler.optimizer must have as many groups as "
                                   "at construction, "
                                << initial.size() << " (got " << groups.size() << ")");
    const double value = static_cast<double>(schedule_(t)) * feedback.value();
    const auto rate = [&](std::size_t k) {
      return rates_ == TorchRates::relative ? initial[k] * value : value;
    };
    for (std::size_t k = 0; k < groups.size(); ++k) detail::check_rate<double>(name, rate(k));
    for (std::size_t k = 0; k < groups.size(); ++k) groups[k].options().set_lr(rate(k));
    t_ = t, initial_ = std::move(initial), feedback_ = std::move(feedback);
  }

  torch::optim::Optimizer* optimizer_;
  S schedule_;
  F feedback_;
  TorchRates rates_;
  std::vector<double> initial_;
  step_t t_ = 0;
};

template <detail::TakesMetric F>
TorchScheduler(torch::optim::Optimizer&, F) -> TorchScheduler<Constant<>, F>;

}}  // namespace gradus::GRADUS_ABI
