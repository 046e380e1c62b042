// What every rule must keep, whatever its formula. rule_conformance.cpp has what does not depend on
// the type of the rule.
#pragma once

#include <gradus/concept/kernel.hpp>

#include <array>
#include <concepts>
#include <functional>
#include <string>
#include <utility>

#include "support/any_rule.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"

namespace support {

/// What is known of one rule.
struct Traits {
  bool decays = false;  ///< moves the parameters also where the gradient is zero
  bool local = true;    ///< each element is computed from its own inputs alone: no norms
};

inline constexpr double some_rate = 0x1.8p-5;

/// Zero gradients and zero state move nothing, not the last bit of any parameter.
template <class T>
void keeps_still(const AnyRule<T>& rule);
template <class T, class R>
void keeps_still(const R& rule) {
  keeps_still<T>(static_cast<const AnyRule<T>&>(Erased<R, T>(rule)));
}

/// The kernel of update 7, prepared with measured sums of zero, and the scalars after it.
template <class T, class R>
constexpr auto prepared(const R& rule, const Context& context) {
  std::array<double, gradus::scalar_count<R>> scalars{};
  for (double& s : scalars) s = 0.75;
  const auto kernel = gradus::prepare<T>(rule, context, scalars.data(), gradus::ProbeMeasure{});
  return std::pair{kernel, scalars};
}

// A kernel that was prepared at compile time is the one that is prepared at run time.
template <class T, class Make>
void same_at_compile_time(Make make) {
  using R = decltype(make());
  using V = gradus::probe_pack<T>;
  constexpr Context context = with_loss<R>({7, 0x1.9p-7});
  static constexpr auto known = prepared<T>(Make{}(), context);
  volatile double rate = context.rate;
  const auto found = prepared<T>(make(), Context{context.t, rate, context.loss});
  bool same = true;
  for (std::size_t j = 0; j < known.second.size(); ++j)
    same = same && to_bits(known.second[j]) == to_bits(found.second[j]);
  Random random;
  for (int i = 0; i < 20; ++i) {
    std::array<V, gradus::slot_count<R>> s{}, z{};
    for (std::size_t j = 0; j < s.size(); ++j)
      s[j] = z[j] = V(random.number<T>() + T{2});  // positive: some are under a root
    V p(random.number<T>()), q = p;
    const V g(random.number<T>());
    const V step = known.first(p, g, s);
    same = same && to_bits(step.v) == to_bits(found.first(q, g, z).v);
    same = same && to_bits(p.v) == to_bits(q.v);
    for (std::size_t j = 0; j < s.size(); ++j) same = same && to_bits(s[j].v) == to_bits(z[j].v);
  }
  CHECK(same);
}

/// The sentence with which `call` refuses, "" if it does not.
std::string words_of(const std::function<void()>& call);

/// The sentence with which `update`, `start` and the making of an optimizer refuse a rule, which
/// must be the same; by then nothing has changed.
template <class T>
std::string refusal(const AnyRule<T>& rule);
template <class T, class R>
std::string refusal(const R& rule) {
  return refusal<T>(static_cast<const AnyRule<T>&>(Erased<R, T>(rule)));
}

template <class T, class R>
void refuses(const R& rule, const std::string& sentence) {
  CHECK(refusal<T>(rule) == sentence);
}
template <class T, class R>
void accepts(const R& rule) {
  refuses<T>(rule, "");
}

std::string sentence(const std::string& field, const std::string& rule, const double& got);

/// How a rule with this value in its field is refused.
using RefusalOf = std::function<std::string(double)>;
void checks_beta(bool is_float, const std::string& field, const RefusalOf& refusal_of);
void checks_positive(bool is_float, const std::string& field, const RefusalOf& refusal_of);
void checks_limit(const std::string& field, const RefusalOf& refusal_of);
void checks_not_negative(bool is_float, const std::string& field, const RefusalOf& refusal_of);
void checks_fraction(const std::string& field, const RefusalOf& refusal_of);

/// `make(x)` is a rule with x in its field, e.g. "Adam.beta1", which must be in [0, 1).
template <class T, class Make>
void checks_beta(const std::string& field, const Make& make) {
  checks_beta(std::same_as<T, float>, field, [&](double x) { return refusal<T>(make(x)); });
}
/// A field that must be > 0, in T as well.
template <class T, class Make>
void checks_positive(const std::string& field, const Make& make) {
  checks_positive(std::same_as<T, float>, field, [&](double x) { return refusal<T>(make(x)); });
}
/// A field that must be > 0 and may be infinite.
template <class T, class Make>
void checks_limit(const std::string& field, const Make& make) {
  checks_limit(field, [&](double x) { return refusal<T>(make(x)); });
}
/// A field that must be >= 0, in T as well.
template <class T, class Make>
void checks_not_negative(const std::string& field, const Make& make) {
  checks_not_negative(std::same_as<T, float>, field, [&](double x) { return refusal<T>(make(x)); });
}
/// A field that must be in [0, 1].
template <class T, class Make>
void checks_fraction(const std::string& field, const Make& make) {
  checks_fraction(field, [&](double x) { return refusal<T>(make(x)); });
}

/// The conformance of a rule whose type is known only here.
template <class T>
void conforms(const AnyRule<T>& rule, const Traits& traits);

/// The conformance, in arithmetic of type T, of the rule that `make`, a lambda without captures,
/// returns.
template <class T, class Make>
void conforms(Make make, const Traits& traits = {}) {
  using R = decltype(make());
  static_assert(gradus::Rule<R, T>);
  static_assert(std::copyable<R> && std::equality_comparable<R>);
  static_assert(!gradus::fault_of<T>(Make{}()));
  const R rule = make();
  CHECK(rule == make());
  conforms<T>(static_cast<const AnyRule<T>&>(Erased<R, T>(rule)), traits);
  same_at_compile_time<T>(make);
}

}  // namespace support
