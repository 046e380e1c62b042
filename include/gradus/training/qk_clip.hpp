// optional header
#pragma once

#include <cstddef>
#include <span>

#include <gradus/error/check.hpp>
#include <gradus/error/sentence.hpp>
#include <gradus/math/bits.hpp>
#include <gradus/math/ieee.hpp>
#include <gradus/math/pow.hpp>
#include <gradus/memory/shape.hpp>
#include <gradus/memory/spans.hpp>
#include <gradus/memory/views.hpp>

namespace gradus { inline namespace GRADUS_ABI {

/// How `qk_clip` limits attention.
struct QKClip {
  double threshold = 100;  ///< what the largest logit of a head may be
  double key_share = 0.5;  ///< the part of the factor that the keys take; the queries take the rest
  constexpr bool operator==(const QKClip&) const = default;
};

/// Scales the weights of queries and keys of each attention head whose largest logit in this step
/// was above a threshold, so that the logits would have been at it. To be called after the step.
///
///   factor = min(1, threshold / largest logit of the head)
///   W_q <- W_q * factor^(1 - key_share);  W_k <- W_k * factor^key_share
///
///   qk_clip(largest, matrices(wq, heads, dim, width), matrices(wk, heads, dim, width));
///
/// Without keys the queries take all of it: MLA's rotary part of the queries, whose keys the heads
/// share. Parameters that an optimizer holds as a master copy are to be scaled there as well:
/// `matrices(opt.slot("master"), ...)`.
///
/// Domain: one finite logit for each head, and no factor so small that it is 0 in the arithmetic of
///   the parameters; threshold > 0, key_share in [0, 1]. With several processes, each logit is the
///   largest of all.
/// Units: threshold is in units of a logit, the scaled product of a query and a key.
/// Cost: a read and a write of the heads that are clipped.
/// Errors: a field or a logit outside its domain; a shape that is not one matrix for each head.
///   Nothing is changed then.
/// Source: Kimi team, Kimi K2: open agentic intelligence, 2025 (MuonClip).
template <class P>
void qk_clip(std::span<const double> logits, const Shaped<P>& query, const Shaped<P>& key,
             const QKClip& how = {}) {
  using T = arithmetic_t<P>;
  static constexpr const char* name = "QKClip";
  refuse_if(detail::first_fault(detail::check_positive<double>(name, "threshold", how.threshold),
                                detail::check_fraction(name, "key_share", how.key_share)));
  const auto check = [&](const char* what, const Shaped<P>& w) {
    detail::check_shape(name, w.shape, w.size());
    if (w.shape.count != logits.size())
      detail::refuse_item(name, what, 0, "must be as many matrices as there are logits,",
                          logits.size(), w.shape.count);
  };
  check("query", query);
  if (!key.empty()) check("key", key);
  const double of_key = key.empty() ? 0 : how.key_share, of_query = 1 - of_key;
  const auto factor = [&](double logit, double power) {
    if (!(logit > how.threshold)) return T{1};
    return static_cast<T>(math::pow(static_cast<double>(how.threshold / math::ieee(logit)), power));
  };
  for (const double& logit : logits) {
    if (!math::is_finite(logit)) refuse({name, "logits", "must be finite", logit});
    if (factor(logit, of_query) == 0 || factor(logit, of_key) == 0)
      refuse({name, "logits", "must not be so large that the factor is 0", logit});
  }
  const auto scale = [&](const Shaped<P>& w, double power) {
    const std::size_t n = w.shape.rows * w.shape.columns;
    for (std::size_t head = 0; head < logits.size(); ++head)
      if (const T by = factor(logits[head], power); by != 1)
        for (P& x : w.subspan(head * n, n)) x = static_cast<P>(by * static_cast<T>(x));
  };
  scale(query, of_query);
  if (!key.empty()) scale(key, of_key);
}
template <class P>
void qk_clip(std::span<const double> logits, const Shaped<P>& query, const QKClip& how = {}) {
  qk_clip(logits, query, Shaped<P>{}, how);
}

}}  // namespace gradus::GRADUS_ABI
