// The one file of the project that is compiled as C++20.
#include "trainer.hpp"

#include <span>

#include <gradus/gradus.hpp>

struct Trainer::Impl {
  std::size_t n;
  gradus::Optimizer<gradus::Cosine<>, gradus::AdamW> opt;
};

Trainer::Trainer(float* params, std::size_t n, double rate, long steps)
    : impl_(new Impl{n,
                     {gradus::Cosine<>{.start = rate, .steps = steps}, gradus::AdamW{},
                      std::span<float>(params, n)}}) {}
Trainer::~Trainer() = default;

double Trainer::step(float* params, const float* grads) {
  return impl_->opt
      .step(std::span<float>(params, impl_->n), std::span<const float>(grads, impl_->n))
      .rate;
}
