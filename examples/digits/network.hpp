// A small network for the digits: 64 pixels, 32 hidden units (ReLU) or another number of them, and
// 10 classes (softmax). If it is built without contraction (-ffp-contract=off), it computes the
// same bits on every machine.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <gradus/gradus.hpp>
#include <random>
#include <span>

#include "data.hpp"

namespace digits {

template <std::size_t hidden>
struct Weights {
  std::array<float, pixels * hidden> w1{};  // pixel by pixel
  std::array<float, hidden> b1{};
  std::array<float, hidden * classes> w2{};  // unit by unit
  std::array<float, classes> b2{};
};

template <std::size_t hidden>
class BasicNetwork {
 public:
  // Weights are uniform with variance 2 / inputs: K. He et al., Delving deep into rectifiers, 2015.
  explicit BasicNetwork(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto fill = [&](auto& w, double bound) {
      for (float& x : w) x = static_cast<float>(bound * unit(random));
    };
    fill(weights_.w1, 0.30618621784789724);  // sqrt(6 / 64)
    fill(weights_.w2, gradus::math::sqrt(6.0 / hidden));
  }

  auto params() { return gradus::spans(weights_.w1, weights_.b1, weights_.w2, weights_.b2); }
  auto grads() const { return gradus::spans(grads_.w1, grads_.b1, grads_.w2, grads_.b2); }

  // Computes the gradients of the mean loss over these images into grads(), and returns the loss.
  double learn(std::span<const Image* const> images) {
    grads_ = {};
    double loss = 0;
    for (const Image* image : images) {
      const Layers at = forward(*image);
      const std::array p = softmax(at.out);
      loss -= gradus::math::log(std::max(p[image->digit], 1e-30));
      backward(*image, at, p, 1 / static_cast<float>(images.size()));
    }
    return loss / static_cast<double>(images.size());
  }

  // The digit that the network recognises in an image.
  std::size_t read(const Image& image) const {
    const std::array out = forward(image).out;
    return static_cast<std::size_t>(std::max_element(out.begin(), out.end()) - out.begin());
  }
  // The share of these images that the network recognises.
  double accuracy(std::span<const Image> images) const {
    const auto right = std::count_if(images.begin(), images.end(), [&](const Image& image) {
      return read(image) == image.digit;
    });
    return static_cast<double>(right) / static_cast<double>(images.size());
  }

 private:
  struct Layers {
    std::array<float, hidden> unit;
    std::array<float, classes> out;
  };

  Layers forward(const Image& image) const {
    Layers at{weights_.b1, weights_.b2};
    for (std::size_t i = 0; i < pixels; ++i)
      if (const float x = image.pixel[i]; x != 0)
        for (std::size_t j = 0; j < hidden; ++j) at.unit[j] += x * weights_.w1[i * hidden + j];
    for (float& unit : at.unit) unit = std::max(unit, 0.0F);
    for (std::size_t j = 0; j < hidden; ++j)
      for (std::size_t k = 0; k < classes; ++k)
        at.out[k] += at.unit[j] * weights_.w2[j * classes + k];
    return at;
  }

  static std::array<double, classes> softmax(const std::array<float, classes>& out) {
    const float largest = *std::max_element(out.begin(), out.end());
    std::array<double, classes> p{};
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
      sum += p[k] = gradus::math::exp(static_cast<double>(out[k] - largest));
    for (double& x : p) x /= sum;
    return p;
  }

  void backward(const Image& image, const Layers& at, const std::array<double, classes>& p,
                float share) {
    std::array<float, classes> out{};  // gradients of the outputs of the layers
    std::array<float, hidden> unit{};
    for (std::size_t k = 0; k < classes; ++k)
      out[k] = share * static_cast<float>(p[k] - (k == image.digit ? 1.0 : 0.0));
    for (std::size_t k = 0; k < classes; ++k) grads_.b2[k] += out[k];
    for (std::size_t j = 0; j < hidden; ++j) {
      if (at.unit[j] <= 0) continue;
      for (std::size_t k = 0; k < classes; ++k) {
        grads_.w2[j * classes + k] += at.unit[j] * out[k];
        unit[j] += weights_.w2[j * classes + k] * out[k];
      }
      grads_.b1[j] += unit[j];
    }
    for (std::size_t i = 0; i < pixels; ++i)
      if (const float x = image.pixel[i]; x != 0)
        for (std::size_t j = 0; j < hidden; ++j) grads_.w1[i * hidden + j] += x * unit[j];
  }

  Weights<hidden> weights_{}, grads_{};
};
using Network = BasicNetwork<32>;

}  // namespace digits
