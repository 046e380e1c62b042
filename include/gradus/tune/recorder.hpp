// A record of a training in bounded memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gradus/error/check.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/memory/explain.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/plot/chart.hpp>
#include <gradus/step/result.hpp>
#include <gradus/text/digits.hpp>
#include <gradus/text/spelling.hpp>
#include <gradus/training/gradient_norm.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// The record of a step. A number that is not known is NaN.
struct Moment {
  step_t t = 0;
  double rate = math::quiet_nan<double>();
  double loss = math::quiet_nan<double>();
  double params = math::quiet_nan<double>();  ///< norm of the parameters
  double grads = math::quiet_nan<double>();   ///< norm of the scaled gradients, before clipping
  double step = math::quiet_nan<double>();  ///< effective step size: norm of what the step changed
};

namespace detail {
/// f(x) for every number of a span or a list of spans, in double.
template <class X, class F>
void each_number(const X& x, const F& f) {
  using T = value_t<const X>;
  for_each_span<const T>(x, [&](std::span<const T> s) {
    for (const T& e : s) f(static_cast<double>(static_cast<arithmetic_t<T>>(e)));
  });
}
}  // namespace detail

/// Records steps in bounded memory. When it is full, it drops every other moment, and from then on
/// keeps every second step that it is given, then every fourth, and so on. The moments that it
/// keeps are evenly spaced and depend only on the number of steps.
///
///   keeps the steps 0, every, 2 every, ...;  every = 1, doubled whenever `capacity` are kept
///
/// To record norms and the size of the step, call it before and after the step with the spans:
///
///   recorder.before(params);
///   const StepResult r = opt.step(params, grads);
///   recorder(r, loss, params, grads);  // and, as a last argument, the `scale` of the step
///
/// Each norm is bit for bit that of `gradient_norm`, which is what `ClipNorm` clips by. The size of
/// a step that was not applied is 0.
///
/// Domain: capacity in [2, 2^32); any numbers.
/// Cost: amortized one copy of a moment; memory for `capacity` moments. Norms: for each moment that
///   is kept, a copy of the parameters in double, which stays allocated, and four reads; nothing
///   for the others.
/// Errors: a capacity outside its domain, at each call; parameters whose size has changed since
///   `before`.
struct Recorder {
  static constexpr const char* name = "Recorder";
  Length capacity = 1024;
  std::vector<Moment> moments{};
  step_t every = 1, offered = 0;
  std::vector<double> there{};  ///< a copy of the parameters from before the step

  /// Whether the next moment will be kept. Norms need not be computed for others.
  bool wants() const noexcept { return every != 0 && offered % every == 0; }

  void operator()(const Moment& moment) {
    refuse_if(check());
    if (!wants()) {
      ++offered;
      return;
    }
    if (moments.size() >= capacity.steps()) thin();
    if (wants()) moments.push_back(moment);
    ++offered;
  }
  /// Records the result of `Optimizer::step`.
  void operator()(const StepResult& result, double loss) {
    (*this)(Moment{.t = result.t, .rate = result.rate, .loss = loss});
  }

  /// Copies the parameters, if the next moment will be kept.
  template <class Params>
    requires detail::Watched<Params>
  void before(const Params& params) {
    there.clear();
    if (wants()) detail::each_number(params, [&](double x) { there.push_back(x); });
  }
  /// Records the result of a step with the norms of parameters and gradients and, after `before`,
  /// of the change of the parameters.
  template <class Params, class Grads>
    requires detail::Watched<Params> && detail::Watched<Grads>
  void operator()(const StepResult& result, double loss, const Params& params, const Grads& grads,
                  const double& scale = 1) {
    Moment moment{.t = result.t, .rate = result.rate, .loss = loss};
    refuse_if(check());
    if (wants()) {
      moment.params = detail::norm_of(name, "params", params);
      moment.grads = detail::norm_of(name, "grads", grads, scale);
      if (!there.empty()) moment.step = norm_of_change(params);
    }
    (*this)(moment);
  }

  template <class Params>
    requires(!detail::Watched<Params>)
  void before(const Params&) {
    detail::explain<void, detail::AsGrads<void, Params>>();
  }
  template <class Params, class Grads>
    requires(!(detail::Watched<Params> && detail::Watched<Grads>))
  void operator()(const StepResult&, double, const Params&, const Grads&, const double& = 1) {
    detail::explain<void, detail::AsGrads<void, Params>, detail::AsGrads<void, Grads>>();
  }

  /// A CSV table with a header and a line for each moment. Fields that are not known are empty.
  /// Numbers have enough digits to be read back exactly.
  std::string csv() const {
    std::string s = "step,rate,loss,params,grads,update\n";
    for (const Moment& m : moments) {
      s += io::detail::digits_of(m.t);
      for (const double& x : {m.rate, m.loss, m.params, m.grads, m.step}) {
        s += ',';
        if (!math::is_nan(x)) s += io::detail::digits_of(x);
      }
      s += '\n';
    }
    return s;
  }
  /// A JSON object in each line. Infinite numbers are null, numbers that are not known are left
  /// out.
  std::string json_lines() const {
    std::string s;
    for (const Moment& m : moments) {
      s += "{\"step\":";
      s += io::detail::digits_of(m.t);
      const auto field = [&](const char* key, const double& x) {
        if (math::is_nan(x)) return;
        s += std::string(",\"").append(key).append("\":");
        s += math::is_finite(x) ? io::detail::digits_of(x) : "null";
      };
      field("rate", m.rate), field("loss", m.loss), field("params", m.params);
      field("grads", m.grads), field("update", m.step);
      s += "}\n";
    }
    return s;
  }
  /// A chart of one of the numbers over the step: `chart("loss", &Moment::loss)`.
  io::Chart chart(std::string title, double Moment::* number, bool logarithmic = false) const {
    io::Series curve{"", {}, false};
    for (const Moment& m : moments) curve.points.push_back({static_cast<double>(m.t), m.*number});
    return {std::move(title), {"step"}, {"", logarithmic}, {{"", {std::move(curve)}}}};
  }

  Fault check() const noexcept {
    if (capacity.value < 2 || capacity.value > std::numeric_limits<std::uint32_t>::max())
      return {name, "capacity", "must be in [2, 2^32)", static_cast<double>(capacity.value)};
    if (every == 0) return {name, "every", "must be > 0", 0};
    return {};
  }

 private:
  template <class Params>
  double norm_of_change(const Params& params) {
    const std::size_t n = detail::extent_of<const detail::value_t<const Params>>(params).elements;
    if (n != there.size())
      detail::refuse_item(name, "params", 0, "must have as many elements as before the step,",
                          there.size(), n);
    double* from = there.data();
    detail::each_number(params, [&](double x) {
      *from = static_cast<double>(x - math::ieee(*from));
      ++from;
    });
    const double norm = detail::norm_of(name, "params", there);
    there.clear();
    return norm;
  }
  void thin() {
    for (std::size_t i = 0; 2 * i < moments.size(); ++i) moments[i] = moments[2 * i];
    moments.resize((moments.size() + 1) / 2);
    every *= 2;
  }
};

}}  // namespace gradus::GRADUS_ABI
