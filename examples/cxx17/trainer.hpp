// The interface of the trainer, in C++17: it names nothing of gradus.
#pragma once

#include <cstddef>
#include <memory>

class Trainer {
 public:
  Trainer(float* params, std::size_t n, double rate, long steps);
  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  /// Makes one update and returns the rate that it used.
  double step(float* params, const float* grads);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
