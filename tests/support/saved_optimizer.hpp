// An optimizer behind virtual functions, with its parameters, that can be saved.
#pragma once

#include <gradus/save/any_part.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/any_optimizer.hpp"

namespace support {

/// How its files are read and written is compiled once, in saved_optimizer.cpp.
template <class P>
class SavedOptimizer : public AnyOptimizer<P> {
 public:
  void save(const std::string& path, const std::vector<P>& params);
  void load(const std::string& path, std::vector<P>& params);

 private:
  virtual std::unique_ptr<gradus::io::detail::AnyPart> part() = 0;
};

template <class R, class P, class S = AnyRate>
class ErasedSavedOptimizer final : public ErasedOptimizer<R, P, S, SavedOptimizer<P>> {
 public:
  using ErasedOptimizer<R, P, S, SavedOptimizer<P>>::ErasedOptimizer;

 private:
  std::unique_ptr<gradus::io::detail::AnyPart> part() override {
    return std::make_unique<gradus::io::detail::PartOf<gradus::Optimizer<S, R, P>>>(this->opt_);
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
