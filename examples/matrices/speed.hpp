// How long a step of Muon takes, beside the time that the processor needs for its multiplications.
// All times are those of the thread on the processor, which other programs do not change much.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <functional>
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<Eigen/Core>)
#include <Eigen/Core>
#define GRADUS_HAS_EIGEN_CORE 1
#endif

namespace matrices {

inline double seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}
// The shortest of several calls.
inline double shortest(int calls, const std::function<void()>& f) {
  double best = 1e9;
  for (int i = 0; i < calls; ++i) {
    const double begin = seconds();
    f();
    best = std::min(best, seconds() - begin);
  }
  return best;
}

// Independent fused multiply-adds in registers: what the processor can do at most.
struct RegisterLoop {
  std::size_t turns;
  double& operations;
  float& result;
  template <class I>
  GRADUS_KERNEL void operator()(I) const {
    using V = gradus::simd::pack<I, float>;
    run<V>(std::make_index_sequence<10>{});
  }
  template <class V, std::size_t... J>
  GRADUS_KERNEL void run(std::index_sequence<J...>) const {
    const V a(0.999F), b(0.001F);
    std::array<V, sizeof...(J)> sum{((void)J, V(1.0F))...};
    for (std::size_t i = 0; i < turns; ++i) (sum[J].add_product(a, b), ...);
    float out[V::size];
    (sum[J].store(out), ...);
    result = out[0];
    operations = 2.0 * double(turns) * sizeof...(J) * V::size;
  }
};
// Operations per second.
inline double rate_of_processor() {
  double operations = 0;
  float result = 0;
  const double time = shortest(5, [&] {
    gradus::simd::dispatch(gradus::simd::current(), RegisterLoop{10'000'000, operations, result});
  });
  return operations / time;
}

// The multiplications and additions of the five polynomials, each symmetric product once.
inline double operations(std::size_t rows, std::size_t columns) {
  const auto n = double(std::max(rows, columns)), m = double(std::min(rows, columns));
  return 5 * (n * m * (m + 1) + m * m * (m + 1) + 2 * n * m * m);
}

#if defined(GRADUS_HAS_EIGEN_CORE)
// The loop as one writes it with Eigen: all products in full.
inline double eigen_loop(std::size_t rows, std::size_t columns) {
  using M = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto r = Eigen::Index(rows), c = Eigen::Index(columns);
  M w = M::Random(r, c), g = M::Random(r, c), b = M::Zero(r, c);
  return shortest(2, [&] {
    b = 0.95F * b + 0.05F * g;
    M x = 0.05F * g + 0.95F * b;
    if (r > c) x.transposeInPlace();
    x /= x.norm();
    for (int k = 0; k < 5; ++k) {
      const M a = x * x.transpose();
      const M polynomial = -4.7750F * a + 2.0315F * (a * a);
      x = (3.4445F * x + polynomial * x).eval();
    }
    if (r > c) x.transposeInPlace();
    w = (1 - 1e-4F) * w - 1e-3F * x;
  });
}
#endif

inline std::string speed_table() {
  const double most = rate_of_processor();
  std::string page = fmt::format(
      "One thread computes at most {:.0f} billion multiplications and additions a second here "
      "({}),\nmeasured by fused multiply-adds in registers.\n\n"
      "| matrix | step | of that rate | AdamW's step | Eigen loop, same flags "
      "|\n|---|---|---|---|---|\n",
      most / 1e9, gradus::simd::name(gradus::simd::current()));
  for (const auto& [rows, columns] :
       {std::pair<std::size_t, std::size_t>{256, 256}, {1024, 1024}, {4096, 1024}}) {
    std::vector<float> w(rows * columns), g(rows * columns);
    std::mt19937 random(1);
    for (float& x : g) x = float(random()) / 4e9F - 0.5F;
    gradus::Optimizer muon{gradus::Constant<>{1e-3}, gradus::Muon{},
                           gradus::matrix(w, rows, columns)};
    gradus::Optimizer adam{gradus::Constant<>{1e-3}, gradus::AdamW{}, w};
    const double time = shortest(5, [&] { muon.step(w, g); });
    const double adams = shortest(5, [&] { adam.step(w, g); });
    std::string eigen = "";
#if defined(GRADUS_HAS_EIGEN_CORE)
    eigen = fmt::format("{:.1f} ms", 1e3 * eigen_loop(rows, columns));
#endif
    page +=
        fmt::format("| {} x {} | {:.1f} ms | {:.0f} % | {:.2f} ms | {} |\n", rows, columns,
                    1e3 * time, 100 * operations(rows, columns) / time / most, 1e3 * adams, eigen);
  }
  return page;
}

}  // namespace matrices
