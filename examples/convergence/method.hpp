// A type-erased rule, so that each problem is compiled once, and the parameters that are evaluated.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <gradus/gradus.hpp>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace convergence {

using Rate = std::function<double(gradus::step_t)>;
using Params = std::span<const std::span<float>>;
using Grads = std::span<const std::span<const float>>;

class Training {
 public:
  virtual ~Training() = default;
  virtual void step(Params params, Grads grads, double loss) = 0;
  // The average that is evaluated in place of the parameters; empty if there is none.
  virtual std::span<const float> average() const = 0;
};

struct Method {
  std::string name;
  // Takes the peak of the schedule, which one of the stages needs.
  std::function<std::unique_ptr<Training>(double peak, const Rate&, Params)> begin;
};

template <class R>
class TrainingWith : public Training {
 public:
  TrainingWith(const R& rule, const Rate& rate, Params params, std::string average)
      : optimizer_(rate, rule, params), average_(std::move(average)) {}
  void step(Params params, Grads grads, double loss) override {
    optimizer_.step(params, grads, {.loss = loss});
  }
  std::span<const float> average() const override {
    if constexpr (gradus::slot_count<R> > 0)
      if (!average_.empty()) return optimizer_.slot(average_);
    return {};
  }

 private:
  gradus::Optimizer<Rate, R, float> optimizer_;
  std::string average_;
};

// A method from a rule, or from a function that makes a rule for a peak rate.
template <class F>
  requires std::invocable<F, double>
Method method(std::string name, F rule, std::string average = "") {
  return {std::move(name), [=](double peak, const Rate& rate, Params params) {
            using R = std::invoke_result_t<F, double>;
            return std::make_unique<TrainingWith<R>>(rule(peak), rate, params, average);
          }};
}
template <class R>
  requires gradus::Rule<R, float>
Method method(std::string name, R rule, std::string average = "") {
  return method(std::move(name), [=](double) { return rule; }, std::move(average));
}
template <class R>
Method method(R rule) {
  return method(R::name, rule);
}

// These are in separate files to keep compilations short.
std::vector<Method> plain_and_averaged();  // of the gradient, its sign and its momentum
std::vector<Method> adaptive();
std::vector<Method> adam_and_after();
std::vector<Method> stages();
std::vector<Method> without_a_schedule();
std::vector<Method> rate_free();  // at a rate of 1

}  // namespace convergence
