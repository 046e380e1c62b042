// optional header: needs <torch/types.h>
// A schedule or a feedback that sets the rates of an optimizer of libtorch.
#pragma once

#include <torch/optim/optimizer.h>
#include <torch/serialize/archive.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <gradus/concept/schedule.hpp>
#include <gradus/optimizer/context.hpp>
#include <gradus/schedule/constant.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// What the value of a `TorchScheduler` is: the rate of every parameter group, or a factor that
/// multiplies the initial rate of each group, as in PyTorch's `LambdaLR`.
enum class TorchRates { absolute, relative };

namespace detail {
/// The feedback of a scheduler that was made without one: it takes no metric, and has no state.
struct NoFeedback {
  static constexpr double value() noexcept { return 1; }
  struct {
  } state;
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
template <Schedule S, class F = detail::NoFeedback>
class TorchScheduler {
  using Torch = torch::optim::Optimizer;
  static constexpr const char* name = "TorchScheduler";
  static constexpr std::size_t feedback_size = sizeof(F::state) / sizeof(double);

 public:
  TorchScheduler(Torch& optimizer, S schedule, TorchRates rates = TorchRates::absolute)
      : TorchScheduler(optimizer, std::move(schedule), F{}, rates) {}
  TorchScheduler(Torch& optimizer, F feedback)
      : TorchScheduler(optimizer, S{1}, std::move(feedback), TorchRates::relative) {}
  TorchScheduler(Torch& optimizer, S schedule, F feedback, TorchRates rates = TorchRates::absolute)
      : optimizer_(&optimizer),
        schedule_(std::move(schedule)),
        feedback_(std::move(feedback)),
        relative_(rates == TorchRates::relative) {
    refuse_if(fault_of<double>(schedule_));
    for (const auto& group : optimizer.param_groups()) {
      initial_.push_back(group.options().get_lr());
      if (!relative_ && initial_.back() != initial_.front())
        refuse(detail::Sentence() << "gradus::TorchScheduler.rates must be TorchRates::relative "
                                     "for groups with different rates (got "
                                  << initial_.front() << " and " << initial_.back() << ")");
    }
    load_state(state_of(0, feedback_));
  }

  /// Goes on to the next update: call it after `optimizer.step()`.
  void step() { load_state(state_of(t_ + 1, feedback_)); }
  /// Gives the feedback a metric, and leaves the step as it is.
  void step(double metric)
    requires requires(F f) { f(metric); }
  {
    F next = feedback_;
    next(metric);
    load_state(state_of(t_, next));
  }
  /// How often `step()` was called.
  step_t steps() const noexcept { return t_; }

  /// All state as numbers: the step, the initial rate of each group, the state of the feedback.
  /// `io::named("scheduler", state)` saves them; `torch::save(scheduler, path)` does, too.
  std::vector<double> state() const { return state_of(t_, feedback_); }
  /// Takes over a state, and sets the rates that follow from it. All rates are checked before one
  /// is set. Refuses a state of another size, and one that does not begin with a step.
  void load_state(const std::vector<double>& state) {
    auto& groups = optimizer_->param_groups();
    if (state.size() != 1 + groups.size() + feedback_size)
      refuse(detail::Sentence() << "gradus::TorchScheduler.state must have 1 + " << groups.size()
                                << " + " << feedback_size << " numbers, for the step, the groups "
                                << "and the feedback (got " << state.size() << ")");
    const step_t t = state[0] >= 0 && state[0] < 0x1p53 ? static_cast<step_t>(state[0]) : 0;
    if (static_cast<double>(t) != state[0])
      refuse({name, "state", "must begin with the number of a step", state[0]});
    F next = feedback_;
    std::copy(state.end() - feedback_size, state.end(), reinterpret_cast<double*>(&next.state));
    const double value = static_cast<double>(schedule_(t)) * next.value();
    const auto rate = [&](std::size_t k) { return relative_ ? state[1 + k] * value : value; };
    for (std::size_t k = 0; k < groups.size(); ++k) detail::check_rate<double>(name, rate(k));
    for (std::size_t k = 0; k < groups.size(); ++k) groups[k].options().set_lr(rate(k));
    t_ = t, feedback_ = std::move(next);
    initial_.assign(state.begin() + 1, state.end() - feedback_size);
  }
  friend auto& operator<<(torch::serialize::OutputArchive& archive, const TorchScheduler& from) {
    archive.write("state", c10::IValue(from.state()));
    return archive;
  }
  friend auto& operator>>(torch::serialize::InputArchive& archive, TorchScheduler& to) {
    c10::IValue state;
    archive.read("state", state);
    to.load_state(state.toDoubleVector());
    return archive;
  }

 private:
  std::vector<double> state_of(step_t t, const F& feedback) const {
    std::vector<double> r{static_cast<double>(t)};
    r.insert(r.end(), initial_.begin(), initial_.end());
    const auto* const numbers = reinterpret_cast<const double*>(&feedback.state);
    r.insert(r.end(), numbers, numbers + feedback_size);
    return r;
  }

  Torch* optimizer_;
  S schedule_;
  F feedback_;
  bool relative_;
  std::vector<double> initial_;
  step_t t_ = 0;
};

template <class F>
  requires requires(F f) { f.value(), f.state; }
TorchScheduler(torch::optim::Optimizer&, F) -> TorchScheduler<Constant<>, F>;

}}  // namespace gradus::GRADUS_ABI
