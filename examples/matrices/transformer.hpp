// A small transformer for the digits: the eight rows of an image are its tokens. One block of
// attention and one of two layers, both behind a norm; the mean of the tokens is classified.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <gradus/gradus.hpp>
#include <random>
#include <span>
#include <vector>

#include "data.hpp"

namespace transformer {

inline constexpr std::size_t tokens = 8, inputs = 8, width = 32, heads = 4, inner = 4 * width;
inline constexpr std::size_t head_width = width / heads;

using Matrix = std::vector<float>;  // its rows one after another

// y <- x W^T, for the rows x. W has a row for each output, as in PyTorch.
inline void apply(const Matrix& w, std::size_t out, std::size_t in, const Matrix& x, Matrix& y) {
  const std::size_t rows = x.size() / in;
  y.assign(rows * out, 0);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) y[r * out + o] += w[o * in + i] * x[r * in + i];
}
// Adds the gradients of W and of x, where those of y are dy.
inline void add_gradients(const Matrix& w, std::size_t out, std::size_t in, const Matrix& x,
                          const Matrix& dy, Matrix& dw, Matrix& dx) {
  const std::size_t rows = x.size() / in;
  dx.resize(x.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) {
        dw[o * in + i] += dy[r * out + o] * x[r * in + i];
        dx[r * in + i] += dy[r * out + o] * w[o * in + i];
      }
}
// n <- x divided by its root mean square, row by row.
inline void normalise(const Matrix& x, Matrix& n, std::array<float, tokens>& size) {
  n.resize(x.size());
  for (std::size_t r = 0; r < tokens; ++r) {
    float sum = 1e-5F * width;
    for (std::size_t i = 0; i < width; ++i) sum += x[r * width + i] * x[r * width + i];
    size[r] = static_cast<float>(gradus::math::sqrt(static_cast<double>(sum / width)));
    for (std::size_t i = 0; i < width; ++i) n[r * width + i] = x[r * width + i] / size[r];
  }
}
// Adds the gradient of x.
inline void normalise_back(const Matrix& n, const std::array<float, tokens>& size, const Matrix& dn,
                           Matrix& dx) {
  for (std::size_t r = 0; r < tokens; ++r) {
    float along = 0;
    for (std::size_t i = 0; i < width; ++i) along += n[r * width + i] * dn[r * width + i] / width;
    for (std::size_t i = 0; i < width; ++i)
      dx[r * width + i] += (dn[r * width + i] - n[r * width + i] * along) / size[r];
  }
}

struct Weights {
  Matrix embedding = Matrix(width * inputs), place = Matrix(tokens * width),
         query = Matrix(width * width), key = Matrix(width * width), value = Matrix(width * width),
         join = Matrix(width * width), up = Matrix(inner * width), down = Matrix(width * inner),
         head = Matrix(digits::classes * width), bias = Matrix(digits::classes);
};

class Network {
 public:
  explicit Network(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto fill = [&](Matrix& w, std::size_t fan_in) {
      const double bound = gradus::math::sqrt(3.0 / static_cast<double>(fan_in));
      for (float& x : w) x = static_cast<float>(bound * digits::unit(random));
    };
    fill(w_.embedding, inputs);
    fill(w_.place, 4 * width);
    for (Matrix* w : {&w_.query, &w_.key, &w_.value, &w_.join, &w_.up}) fill(*w, width);
    fill(w_.down, inner);
    fill(w_.head, width);
  }

  // The hidden layers are matrices. The first and the last layer have no shape, so that a rule for
  // matrices leaves them to the other rule. Queries, keys and values are a matrix for each head.
  auto params() {
    using gradus::matrices, gradus::matrix;
    return gradus::spans(w_.embedding, w_.place, matrices(w_.query, heads, head_width, width),
                         matrices(w_.key, heads, head_width, width),
                         matrices(w_.value, heads, head_width, width),
                         matrix(w_.join, width, width), matrix(w_.up, inner, width),
                         matrix(w_.down, width, inner), w_.head, w_.bias);
  }
  auto grads() const {
    return gradus::spans(g_.embedding, g_.place, g_.query, g_.key, g_.value, g_.join, g_.up,
                         g_.down, g_.head, g_.bias);
  }

  // Computes the gradients of the mean loss over these images into grads(), and returns the loss.
  double learn(std::span<const digits::Image* const> images) {
    for (Matrix* g : {&g_.embedding, &g_.place, &g_.query, &g_.key, &g_.value, &g_.join, &g_.up,
                      &g_.down, &g_.head, &g_.bias})
      std::fill(g->begin(), g->end(), 0.0F);
    double loss = 0;
    for (const digits::Image* image : images) {
      forward(*image);
      const std::array p = probabilities();
      loss -= gradus::math::log(std::max(p[image->digit], 1e-30));
      Matrix d(digits::classes);
      for (std::size_t k = 0; k < d.size(); ++k)
        d[k] = static_cast<float>((p[k] - (k == image->digit ? 1 : 0)) / double(images.size()));
      backward(d);
    }
    return loss / static_cast<double>(images.size());
  }
  double accuracy(std::span<const digits::Image> images) {
    const auto right = std::count_if(images.begin(), images.end(), [&](const auto& image) {
      forward(image);
      const auto best = std::max_element(a_.out.begin(), a_.out.end());
      return static_cast<std::size_t>(best - a_.out.begin()) == image.digit;
    });
    return static_cast<double>(right) / static_cast<double>(images.size());
  }

 private:
  void forward(const digits::Image& image) {
    a_.pixel.assign(image.pixel.begin(), image.pixel.end());
    apply(w_.embedding, width, inputs, a_.pixel, a_.x);
    for (std::size_t i = 0; i < a_.x.size(); ++i) a_.x[i] += w_.place[i];
    normalise(a_.x, a_.n1, a_.size1);
    apply(w_.query, width, width, a_.n1, a_.q);
    apply(w_.key, width, width, a_.n1, a_.k);
    apply(w_.value, width, width, a_.n1, a_.v);
    a_.share.assign(heads * tokens * tokens, 0);
    a_.mixed.assign(tokens * width, 0);
    each_head([&](std::size_t head, std::size_t row, float* share) {
      float largest = -1e30F;
      double sum = 0;
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t i = 0; i < head_width; ++i)
          share[t] += a_.q[at(row, head, i)] * a_.k[at(t, head, i)] * logit_scale();
        largest = std::max(largest, share[t]);
      }
      for (std::size_t t = 0; t < tokens; ++t) {
        share[t] = static_cast<float>(gradus::math::exp(double(share[t] - largest)));
        sum += double(share[t]);
      }
      for (std::size_t t = 0; t < tokens; ++t) {
        share[t] /= static_cast<float>(sum);
        for (std::size_t i = 0; i < head_width; ++i)
          a_.mixed[at(row, head, i)] += share[t] * a_.v[at(t, head, i)];
      }
    });
    apply(w_.join, width, width, a_.mixed, a_.y);
    for (std::size_t i = 0; i < a_.y.size(); ++i) a_.y[i] += a_.x[i];
    normalise(a_.y, a_.n2, a_.size2);
    apply(w_.up, inner, width, a_.n2, a_.hidden);
    for (float& h : a_.hidden) h = std::max(h, 0.0F);
    apply(w_.down, width, inner, a_.hidden, a_.z);
    a_.mean.assign(width, 0);
    for (std::size_t i = 0; i < a_.z.size(); ++i)
      a_.mean[i % width] += (a_.z[i] + a_.y[i]) / tokens;
    apply(w_.head, digits::classes, width, a_.mean, a_.out);
    for (std::size_t k = 0; k < a_.out.size(); ++k) a_.out[k] += w_.bias[k];
  }

  void backward(const Matrix& d_out) {
    for (std::size_t k = 0; k < d_out.size(); ++k) g_.bias[k] += d_out[k];
    Matrix d_mean, d_hidden, d_n2, d_mixed, d_n1, d_pixel, dy(tokens * width);
    add_gradients(w_.head, digits::classes, width, a_.mean, d_out, g_.head, d_mean);
    for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = d_mean[i % width] / tokens;
    add_gradients(w_.down, width, inner, a_.hidden, dy, g_.down, d_hidden);
    for (std::size_t i = 0; i < d_hidden.size(); ++i)
      if (a_.hidden[i] <= 0) d_hidden[i] = 0;
    add_gradients(w_.up, inner, width, a_.n2, d_hidden, g_.up, d_n2);
    normalise_back(a_.n2, a_.size2, d_n2, dy);
    add_gradients(w_.join, width, width, a_.mixed, dy, g_.join, d_mixed);
    Matrix dq(dy.size()), dk(dy.size()), dv(dy.size()), dx = dy;
    each_head([&](std::size_t head, std::size_t row, const float* share) {
      std::array<float, tokens> d{};
      float mean = 0;
      for (std::size_t t = 0; t < tokens; ++t) {
        for (std::size_t i = 0; i < head_width; ++i) {
          d[t] += d_mixed[at(row, head, i)] * a_.v[at(t, head, i)];
          dv[at(t, head, i)] += d_mixed[at(row, head, i)] * share[t];
        }
        mean += share[t] * d[t];
      }
      for (std::size_t t = 0; t < tokens; ++t)
        for (std::size_t i = 0; i < head_width; ++i) {
          const float change = share[t] * (d[t] - mean) * logit_scale();
          dq[at(row, head, i)] += change * a_.k[at(t, head, i)];
          dk[at(t, head, i)] += change * a_.q[at(row, head, i)];
        }
    });
    add_gradients(w_.query, width, width, a_.n1, dq, g_.query, d_n1);
    add_gradients(w_.key, width, width, a_.n1, dk, g_.key, d_n1);
    add_gradients(w_.value, width, width, a_.n1, dv, g_.value, d_n1);
    normalise_back(a_.n1, a_.size1, d_n1, dx);
    for (std::size_t i = 0; i < dx.size(); ++i) g_.place[i] += dx[i];
    add_gradients(w_.embedding, width, inputs, a_.pixel, dx, g_.embedding, d_pixel);
  }

  std::array<double, digits::classes> probabilities() const {
    const float largest = *std::max_element(a_.out.begin(), a_.out.end());
    std::array<double, digits::classes> p{};
    double sum = 0;
    for (std::size_t k = 0; k < p.size(); ++k)
      sum += p[k] = gradus::math::exp(static_cast<double>(a_.out[k] - largest));
    for (double& x : p) x /= sum;
    return p;
  }
  // f(head, token, its shares of attention)
  template <class F>
  void each_head(const F& f) {
    for (std::size_t head = 0; head < heads; ++head)
      for (std::size_t row = 0; row < tokens; ++row)
        f(head, row, a_.share.data() + (head * tokens + row) * tokens);
  }
  static constexpr std::size_t at(std::size_t row, std::size_t head, std::size_t i) {
    return row * width + head * head_width + i;
  }
  static float logit_scale() {
    return static_cast<float>(1 / gradus::math::sqrt(double(head_width)));
  }

  struct Activations {  // of one image
    Matrix pixel, x, n1, q, k, v, share, mixed, y, n2, hidden, z, mean, out;
    std::array<float, tokens> size1{}, size2{};
  };
  Weights w_, g_;
  Activations a_;
};

}  // namespace transformer
