// A sharded optimizer behind virtual functions, and trainings of it on ranks that must give the
// same bits.
#pragma once

#include <gradus/distributed/sharded.hpp>
#include <gradus/schedule/cosine.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "support/catch.hpp"
#include "support/must.hpp"
#include "support/on_ranks.hpp"

namespace support {

/// Spans whose borders are not those of pieces, and an empty one.
inline constexpr std::size_t sharded_sizes[] = {40'000, 17, 0, 30'001, 3, 5'000};

template <class P>
std::vector<std::vector<P>> sharded_start() {
  std::vector<std::vector<P>> params;
  for (const std::size_t n : sharded_sizes) {
    params.emplace_back(n);
    for (std::size_t i = 0; i < n; ++i)
      params.back()[i] =
          P(static_cast<gradus::arithmetic_t<P>>(static_cast<double>(i % 97) / 97 - 0.3));
  }
  return params;
}
/// The gradients of a micro-batch, which differ in sign and size.
template <class G>
std::vector<std::vector<G>> sharded_gradients(std::size_t step, std::size_t batch) {
  std::vector<std::vector<G>> grads;
  for (const std::size_t n : sharded_sizes) {
    grads.emplace_back(n);
    std::uint32_t x = static_cast<std::uint32_t>(step * 977 + batch * 31 + n);
    for (std::size_t i = 0; i < n; ++i) {
      x = x * 1664525U + 1013904223U;
      grads.back()[i] =
          G(static_cast<gradus::arithmetic_t<G>>(static_cast<double>(x >> 8) * 0x1p-24 - 0.5));
    }
  }
  return grads;
}

/// A sharded optimizer of parameters and gradients in such lists of spans.
template <class Params, class Grads>
class AnySharded {
 public:
  AnySharded() = default;
  AnySharded(const AnySharded&) = delete;
  AnySharded& operator=(const AnySharded&) = delete;
  virtual ~AnySharded() = default;

  virtual gradus::MicroBatches micro_batches(std::size_t all) = 0;
  virtual void add(const Grads& grads) = 0;
  virtual gradus::StepResult step(Params& params, const gradus::StepOptions& options) = 0;
};

/// The schedule of all of them, so that an optimizer is compiled once for each rule.
using ShardedRate = gradus::Cosine<>;
inline constexpr ShardedRate sharded_rate{.start = 0.01, .end = 0, .steps = 10};

template <class Params, class Grads, class R>
class ErasedSharded final : public AnySharded<Params, Grads> {
  using P = typename Params::value_type::value_type;

 public:
  ErasedSharded(gradus::ThreadComm& comm, const ShardedRate& rate, const R& rule, Params& params,
                const gradus::Sharding& sharding)
      : opt_(comm, rate, rule, params, sharding) {}

  gradus::MicroBatches micro_batches(std::size_t all) override { return opt_.micro_batches(all); }
  void add(const Grads& grads) override { opt_.add(grads); }
  gradus::StepResult step(Params& params, const gradus::StepOptions& options) override {
    return opt_.step(params, options);
  }

 private:
  gradus::Sharded<gradus::ThreadComm, ShardedRate, R, P> opt_;
};

/// A rule, which must outlive this, and what makes sharded optimizers of it.
template <class Params, class Grads>
class ShardedRule {
  using Any = std::unique_ptr<AnySharded<Params, Grads>>;

 public:
  template <class R>
  static ShardedRule of(const R& rule) {
    return ShardedRule(&rule,
                       [](gradus::ThreadComm& comm, const ShardedRate& rate, const void* r,
                          Params& params, const gradus::Sharding& sharding) -> Any {
                         return std::make_unique<ErasedSharded<Params, Grads, R>>(
                             comm, rate, *static_cast<const R*>(r), params, sharding);
                       });
  }
  Any make(gradus::ThreadComm& comm, const ShardedRate& rate, Params& params,
           const gradus::Sharding& sharding) const {
    return make_(comm, rate, rule_, params, sharding);
  }

 private:
  using Make = Any (*)(gradus::ThreadComm&, const ShardedRate&, const void*, Params&,
                       const gradus::Sharding&);
  ShardedRule(const void* rule, Make f) : rule_(rule), make_(f) {}

  const void* rule_;
  Make make_;
};
/// Of parameters of type P and gradients of type G.
template <class P, class G>
using ShardedRuleOf = ShardedRule<std::vector<std::vector<P>>, std::vector<std::vector<G>>>;

struct ShardedTrial {
  std::size_t ranks = 1, micro_batches = 6;
  gradus::Sharding sharding{};
  gradus::StepOptions options{.scale = 1.0 / 6};
};

/// The bytes of the parameters after some steps; the same on every rank.
template <class P, class G>
std::vector<std::byte> trained_on_ranks(const ShardedRuleOf<P, G>& rule,
                                        const ShardedTrial& trial) {
  std::vector<std::byte> bytes;
  std::mutex mutex;
  on_ranks(trial.ranks, [&](gradus::ThreadComm& comm) {
    auto params = sharded_start<P>();
    const auto opt = rule.make(comm, sharded_rate, params, trial.sharding);
    for (std::size_t t = 0; t < 2; ++t) {
      const gradus::MicroBatches mine = opt->micro_batches(trial.micro_batches);
      for (std::size_t k = mine.first; k < mine.last; ++k) opt->add(sharded_gradients<G>(t, k));
      MUST(opt->step(params, trial.options).applied);
    }
    std::vector<std::byte> own;
    for (const std::vector<P>& p : params) {
      const auto s = std::as_bytes(std::span(p));
      own.insert(own.end(), s.begin(), s.end());
    }
    const std::lock_guard lock(mutex);
    if (bytes.empty()) bytes = own;
    MUST(bytes == own);
  });
  return bytes;
}
template <class P, class G>
void same_on_any_ranks(const ShardedRuleOf<P, G>& rule) {
  const std::vector<std::byte> one = trained_on_ranks<P, G>(rule, {});
  for (const std::size_t ranks : {2U, 3U})
    CHECK(trained_on_ranks<P, G>(rule, {.ranks = ranks}) == one);
}
template <class P, class G, class R>
void any_ranks(const R& rule) {
  same_on_any_ranks<P, G>(ShardedRuleOf<P, G>::of(rule));
}

}  // namespace support
