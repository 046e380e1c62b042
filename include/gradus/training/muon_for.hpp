// optional header
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gradus/concept/executor.hpp>
#include <gradus/groups.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/memory/views.hpp>
#include <gradus/rule/adamw.hpp>
#include <gradus/rule/matrix/muon.hpp>

namespace gradus { inline namespace GRADUS_ABI {

namespace detail {

/// The items of a list for which `kinds` has this kind, themselves a list.
template <class List>
class Picked {
 public:
  class Iterator {
    using Base = decltype(std::begin(std::declval<List&>()));

   public:
    Iterator(Base at, std::span<const unsigned char> kinds, unsigned char kind)
        : at_(at), kinds_(kinds), kind_(kind) {
      skip();
    }
    decltype(auto) operator*() const { return *at_; }
    Iterator& operator++() {
      ++at_, kinds_ = kinds_.subspan(1);
      skip();
      return *this;
    }
    bool operator==(const Iterator& o) const { return kinds_.size() == o.kinds_.size(); }

   private:
    void skip() {
      for (; !kinds_.empty() && kinds_[0] != kind_; kinds_ = kinds_.subspan(1)) ++at_;
    }
    Base at_;
    std::span<const unsigned char> kinds_;  // of this item and the following ones
    unsigned char kind_;
  };
  Picked(List& list, std::span<const unsigned char> kinds, unsigned char kind)
      : list_(list), kinds_(kinds), kind_(kind) {}
  Iterator begin() const { return {std::begin(list_), kinds_, kind_}; }
  Iterator end() const { return {std::begin(list_), kinds_.last(0), kind_}; }

 private:
  List& list_;
  std::span<const unsigned char> kinds_;
  unsigned char kind_;
};

}  // namespace detail

/// An optimizer of a whole network: its matrices have one rule, everything else another one. Made
/// by `muon_for`.
template <class OfMatrices, class OfRest>
class MuonFor : public Groups<OfMatrices, OfRest> {
  using Both = Groups<OfMatrices, OfRest>;
  using P = typename OfMatrices::value_type;
  static constexpr unsigned char matrix_kind = 1, rest_kind = 0;

 public:
  template <class Make, class Params, class... Clip>
  MuonFor(const Make& make, Params& params, const Clip&... clip)
      : MuonFor(make, params, kinds_of(params), clip...) {}

  /// One step of all parameters, in the order that the optimizer was made for. Which are matrices
  /// was decided then; here they need no shapes.
  template <class Params, class Grads, Executor E = Seq>
    requires SpanList<Params, P> && SpanList<const Grads, const detail::value_t<const Grads>>
  GroupsResult step(Params&& params, const Grads& grads, const StepOptions& options = {},
                    const E& run = {}) {
    using List = std::remove_reference_t<Params>;
    detail::check_count(name, "params", detail::extent_of<P>(params).spans, kinds_.size());
    detail::check_count(name, "grads",
                        detail::extent_of<const detail::value_t<const Grads>>(grads).spans,
                        kinds_.size());
    using detail::Picked;
    return Both::step(std::tuple{Picked<List>(params, kinds_, matrix_kind),
                                 Picked<List>(params, kinds_, rest_kind)},
                      std::tuple{Picked<const Grads>(grads, kinds_, matrix_kind),
                                 Picked<const Grads>(grads, kinds_, rest_kind)},
                      options, run);
  }
  GroupsResult step(std::initializer_list<Shaped<P>> params,
                    std::initializer_list<std::span<const P>> grads,
                    const StepOptions& options = {}) {
    return step<decltype(params)&>(params, grads, options);
  }
  /// Whether span j of the list is one of the matrices.
  bool is_matrix(std::size_t j) const {
    if (j >= kinds_.size())
      refuse({name, "is_matrix", "must be below the number of spans", static_cast<double>(j)});
    return kinds_[j] == matrix_kind;
  }

 private:
  static constexpr const char* name = "MuonFor";

  template <class Make, class Params, class... Clip>
  MuonFor(const Make& make, Params& params, std::vector<unsigned char> kinds, const Clip&... clip)
      : Both(clip..., make.matrices(detail::Picked<Params>(params, kinds, matrix_kind)),
             make.rest(detail::Picked<Params>(params, kinds, rest_kind))),
        kinds_(std::move(kinds)) {
    std::vector<std::uint32_t> places(2 * kinds_.size());
    std::size_t next[2] = {0, kinds_.size()};  // of the matrices, and of the rest
    for (std::size_t j = 0; j < kinds_.size(); ++j)
      places[next[kinds_[j] == matrix_kind ? 0 : 1]++] = static_cast<std::uint32_t>(j);
    this->number_spans(name, std::move(places));
  }
  template <class Params>
  static std::vector<unsigned char> kinds_of(Params& params) {
    std::vector<unsigned char> r;
    bool any = false;
    detail::for_each_shape(params, [&](const Shape& shape) {
      const bool taken = shape.is_given() && shape.shorter() > 1;
      r.push_back(taken ? matrix_kind : rest_kind);
      any = any || taken;
    });
    if (!any)
      refuse(detail::Sentence() << "gradus::muon_for.params must contain a matrix: "
                                   "gradus::matrix(span, rows, columns) (got "
                                << r.size() << " spans without one)");
    return r;
  }

  std::vector<unsigned char> kinds_;
};

namespace detail {
/// Makes the two optimizers.
template <class P, class S, class R, class S2, class R2>
struct MakeBoth {
  S schedule;
  R rule;
  S2 rest_schedule;
  R2 rest_rule;
  NonFinite policy;

  template <class Params>
  Optimizer<S, R, P> matrices(Params&& params) const {
    return {schedule, rule, params, policy};
  }
  template <class Params>
  Optimizer<S2, R2, P> rest(Params&& params) const {
    return {rest_schedule, rest_rule, params, policy};
  }
};
template <class S, class R, class S2, class R2, class Params, class... Clip>
auto muon_for(const S& schedule, const R& rule, const S2& rest_schedule, const R2& rest_rule,
              Params& params, NonFinite policy, const Clip&... clip) {
  using P = number_t<Params>;
  static_assert(SpanList<Params&, P>,
                "gradus::muon_for takes a list of spans, of which the matrices have shapes: "
                "spans(matrix(weights, 64, 32), biases)");
  const MakeBoth<P, S, R, S2, R2> make{schedule, rule, rest_schedule, rest_rule, policy};
  return MuonFor<Optimizer<S, R, P>, Optimizer<S2, R2, P>>(make, params, clip...);
}
}  // namespace detail

/// An optimizer for a whole network in one line: what has the shape of a matrix goes to Muon, or to
/// another rule for matrices, and the rest to AdamW, or to another rule.
///
///   auto opt = muon_for(Cosine{.start = 1e-3, .steps = 10'000},
///                       spans(matrix(w1, 64, 32), b1, matrix(w2, 10, 64), b2));
///   opt.step(spans(w1, b1, w2, b2), spans(gw1, gb1, gw2, gb2));
///
///   muon_for(schedule, params)                            Muon as for AdamW's rates, and AdamW
///   muon_for(schedule, rule, rest_rule, params)           two rules, one schedule
///   muon_for(schedule, rule, rest_schedule, rest_rule, params)
///   muon_for(ClipNorm{1}, ...)                            one norm over all gradients
///
/// Pass embeddings and the last layer without a shape, as a plain span or `unshaped(x)`: they are
/// matrices, but Muon is not for them. A shape with one row or one column, as Eigen has for a bias,
/// belongs to the rest. The default rule is `Muon{.scale = MuonScale::match_rms_adamw}`, so that
/// one schedule suits both. Not in gradus.hpp: `#include <gradus/training/muon_for.hpp>`.
///
/// The result is `Groups` of the two: `get<0>()` is the optimizer of the matrices, `get<1>()` that
/// of the rest. Names of spans in a file are in this order, and the predicate of `Only` counts
/// spans within each of the two. Errors of a step count them as the list does.
///
/// Domain: a list of spans of one type, at least one of them a matrix.
/// Cost: as `Groups`.
/// Errors: as `Optimizer`; no matrix; in a step, a list of another number of spans.
template <Schedule S, class Params>
auto muon_for(S schedule, Params&& params, NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, Muon{.scale = MuonScale::match_rms_adamw}, schedule, AdamW{},
                          params, policy);
}
template <Schedule S, class R, class R2, class Params>
  requires Rule<R, arithmetic_t<detail::number_t<Params>>>
auto muon_for(S schedule, R rule, R2 rest_rule, Params&& params,
              NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, rule, schedule, rest_rule, params, policy);
}
template <Schedule S, class R, Schedule S2, class R2, class Params>
  requires Rule<R, arithmetic_t<detail::number_t<Params>>>
auto muon_for(S schedule, R rule, S2 rest_schedule, R2 rest_rule, Params&& params,
              NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, rule, rest_schedule, rest_rule, params, policy);
}
template <Schedule S, class Params>
auto muon_for(const ClipNorm& clip, S schedule, Params&& params,
              NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, Muon{.scale = MuonScale::match_rms_adamw}, schedule, AdamW{},
                          params, policy, clip);
}
template <Schedule S, class R, class R2, class Params>
  requires Rule<R, arithmetic_t<detail::number_t<Params>>>
auto muon_for(const ClipNorm& clip, S schedule, R rule, R2 rest_rule, Params&& params,
              NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, rule, schedule, rest_rule, params, policy, clip);
}
template <Schedule S, class R, Schedule S2, class R2, class Params>
  requires Rule<R, arithmetic_t<detail::number_t<Params>>>
auto muon_for(const ClipNorm& clip, S schedule, R rule, S2 rest_schedule, R2 rest_rule,
              Params&& params, NonFinite policy = NonFinite::propagate) {
  return detail::muon_for(schedule, rule, rest_schedule, rest_rule, params, policy, clip);
}

}}  // namespace gradus::GRADUS_ABI
