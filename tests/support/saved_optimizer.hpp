// An optimizer behind virtual functions, with its parameters, that can be saved.
#pragma once

#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "support/any_optimizer.hpp"

namespace support {

template <class P>
class SavedOptimizer : public AnyOptimizer<P> {
 public:
  virtual void save(const std::string& path, const std::vector<P>& params) const = 0;
  virtual void load(const std::string& path, std::vector<P>& params) = 0;
};

template <class R, class P, class S = AnyRate>
class ErasedSavedOptimizer final : public ErasedOptimizer<R, P, S, SavedOptimizer<P>> {
 public:
  using ErasedOptimizer<R, P, S, SavedOptimizer<P>>::ErasedOptimizer;

  void save(const std::string& path, const std::vector<P>& params) const override {
    gradus::io::save(path, this->opt_, gradus::io::named("p", params));
  }
  void load(const std::string& path, std::vector<P>& params) override {
    gradus::io::load(path, this->opt_, gradus::io::named("p", params));
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
