// An optimizer behind virtual functions, with its parameters, that can be saved.
#pragma once

#include <gradus/save/optimizer_part.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/any_optimizer.hpp"

namespace support {

/// What a file has of an optimizer of any type: a part, as `io::save` and `io::load` take it.
class AnyPart {
 public:
  AnyPart() = default;
  AnyPart(const AnyPart&) = delete;
  AnyPart& operator=(const AnyPart&) = delete;
  virtual ~AnyPart() = default;

  virtual void add_to(gradus::io::detail::Contents& contents) = 0;
  virtual void check(const std::string& path) const = 0;
  virtual void commit() = 0;
};
template <class O>
class PartOf final : public AnyPart {
 public:
  explicit PartOf(O& optimizer) : part_(optimizer) {}
  void add_to(gradus::io::detail::Contents& contents) override { part_.add_to(contents); }
  void check(const std::string& path) const override { part_.check(path); }
  void commit() override { part_.commit(); }

 private:
  gradus::io::detail::OptimizerPart<O> part_;
};

/// How its files are read and written is compiled once, in saved_optimizer.cpp.
template <class P>
class SavedOptimizer : public AnyOptimizer<P> {
 public:
  void save(const std::string& path, const std::vector<P>& params);
  void load(const std::string& path, std::vector<P>& params);

 private:
  virtual std::unique_ptr<AnyPart> part() = 0;
};

template <class R, class P, class S = AnyRate>
class ErasedSavedOptimizer final : public ErasedOptimizer<R, P, S, SavedOptimizer<P>> {
 public:
  using ErasedOptimizer<R, P, S, SavedOptimizer<P>>::ErasedOptimizer;

 private:
  std::unique_ptr<AnyPart> part() override {
    return std::make_unique<PartOf<gradus::Optimizer<S, R, P>>>(this->opt_);
  }
};

template <class P>
using MakeSaved = MakeOptimizer<P, SavedOptimizer<P>>;

template <class P, class R>
MakeSaved<P> saved_optimizers_of(const R& rule) {
  return [rule](const AnyRate& rate, const std::vector<std::span<P>>& params,
                gradus::NonFinite policy) {
    return std::make_unique<ErasedSavedOptimizer<R, P>>(rate, rule, params, policy);
  };
}

}  // namespace support

#if defined(GRADUS_TEST_ALONE)
#include "support/saved_files.hpp"
#endif
