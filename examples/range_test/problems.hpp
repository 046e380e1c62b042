// The problems: the digits, a linear regression with noise, and a function learned by a small
// network. Each computes the loss and gradients of a batch, and a loss on unseen data.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <gradus/gradus.hpp>
#include <random>
#include <vector>

#include "../digits/network.hpp"
#include "../digits/trial.hpp"

namespace range_test {

inline constexpr std::size_t batch = 8, unseen = 400;

using digits::unit;

class Digits {
 public:
  static constexpr const char* name = "digits";
  Digits(const digits::Digits& images, std::uint64_t seed)
      : network_(seed), batches_(images.train, batch, seed) {
    for (const digits::Image& image : images.validation) held_out_.push_back(&image);
  }
  auto params() { return network_.params(); }
  auto grads() const { return network_.grads(); }
  double learn() { return network_.learn(batches_.next()); }
  double held_out() { return network_.learn(held_out_); }

 private:
  digits::Network network_;
  digits::Batches batches_;
  std::vector<const digits::Image*> held_out_{};
};

// y = w . x + noise, with features whose sizes fall from 1 to 0.1.
class Regression {
 public:
  static constexpr const char* name = "regression";
  static constexpr std::size_t n = 20;
  Regression(const digits::Digits&, std::uint64_t seed) : random_(seed) {
    std::mt19937_64 fixed(1);
    const gradus::Geometric size{.start = 1, .end = 0.1, .steps = n - 1};
    for (std::size_t i = 0; i < n; ++i) size_[i] = size(i), target_[i] = unit(fixed);
  }
  auto params() { return gradus::spans(w_); }
  auto grads() const { return gradus::spans(g_); }
  double learn() { return learn(random_, batch); }
  double held_out() {
    std::mt19937_64 others(2);
    return learn(others, unseen);
  }

 private:
  double learn(std::mt19937_64& random, std::size_t count) {
    const double share = 1 / static_cast<double>(count);
    std::array<double, n> g{}, x{};
    double loss = 0;
    for (std::size_t k = 0; k < count; ++k) {
      double off = 0.5 * unit(random);
      for (std::size_t i = 0; i < n; ++i) {
        x[i] = size_[i] * unit(random);
        off += x[i] * (static_cast<double>(w_[i]) - target_[i]);
      }
      loss += share * off * off;
      for (std::size_t i = 0; i < n; ++i) g[i] += share * 2 * off * x[i];
    }
    for (std::size_t i = 0; i < n; ++i) g_[i] = static_cast<float>(g[i]);
    return loss;
  }

  std::mt19937_64 random_;
  std::array<double, n> size_{}, target_{};
  std::array<float, n> w_{}, g_{};
};

// y = 2 a b + c^2 - d + noise, by a network of 4 inputs, 16 hidden units (ReLU) and one output.
class Student {
 public:
  static constexpr const char* name = "network";
  static constexpr std::size_t inputs = 4, hidden = 16;
  Student(const digits::Digits&, std::uint64_t seed) : random_(seed) {
    for (float& w : at_.w1) w = static_cast<float>(1.2 * unit(random_));  // variance 2 / inputs
    for (float& w : at_.w2) w = static_cast<float>(0.6 * unit(random_));
  }
  auto params() { return gradus::spans(at_.w1, at_.b1, at_.w2, at_.b2); }
  auto grads() const { return gradus::spans(g_.w1, g_.b1, g_.w2, g_.b2); }
  double learn() { return learn(random_, batch); }
  double held_out() {
    std::mt19937_64 others(2);
    return learn(others, unseen);
  }

 private:
  struct Weights {
    std::array<float, inputs * hidden> w1{};
    std::array<float, hidden> b1{}, w2{};
    std::array<float, 1> b2{};
  };

  double learn(std::mt19937_64& random, std::size_t count) {
    const float share = 1 / static_cast<float>(count);
    double loss = 0;
    g_ = {};
    for (std::size_t k = 0; k < count; ++k) {
      std::array<float, inputs> x{};
      for (float& v : x) v = static_cast<float>(unit(random));
      const float noise = static_cast<float>(0.3 * unit(random));
      const float y = 2 * x[0] * x[1] + x[2] * x[2] - x[3] + noise;
      const float off = step_of(x, y, share);
      loss += static_cast<double>(share * off * off);
    }
    return loss;
  }
  float step_of(const std::array<float, inputs>& x, float y, float share) {
    std::array<float, hidden> h = at_.b1;
    float off = at_.b2[0] - y;
    for (std::size_t j = 0; j < hidden; ++j) {
      for (std::size_t i = 0; i < inputs; ++i) h[j] += x[i] * at_.w1[i * hidden + j];
      h[j] = std::max(h[j], 0.0F);
      off += h[j] * at_.w2[j];
    }
    const float slope = 2 * share * off;
    g_.b2[0] += slope;
    for (std::size_t j = 0; j < hidden; ++j) {
      g_.w2[j] += slope * h[j];
      if (h[j] <= 0) continue;
      g_.b1[j] += slope * at_.w2[j];
      for (std::size_t i = 0; i < inputs; ++i) g_.w1[i * hidden + j] += slope * at_.w2[j] * x[i];
    }
    return off;
  }

  std::mt19937_64 random_;
  Weights at_{}, g_{};
};

}  // namespace range_test
