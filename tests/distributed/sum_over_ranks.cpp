#include <gradus/distributed/sum_over_ranks.hpp>

#include <cstdint>
#include <vector>

#include "support/catch.hpp"

using namespace gradus;

TEST_CASE("Sums of branches have the bits of one sum, wherever they are cut", "[distributed]") {
  for (const std::size_t n : {1U, 15U, 1024U, 3000U, 32'768U, 70'001U, 131'072U}) {
    std::vector<float> x(n);
    std::uint32_t r = 7;
    for (float& v : x) r = r * 1664525U + 1013904223U, v = static_cast<float>(r >> 8) * 0x1p-20F;
    const exec::View view{x.data(), x.data(), n, 0};
    const auto streams = exec::gradients<float, float>({&view, 1}, 1);
    using Streams = std::remove_const_t<decltype(streams)>;
    const auto sum = [&](std::size_t begin, std::size_t end) {
      std::array<double, 1> result{};
      const detail::OfGradients terms;
      simd::dispatch(streams.isa,
                     exec::Sum<Streams, detail::OfGradients>{streams, begin, end, terms, result});
      return result[0];
    };
    const double whole = exec::Measure<Streams>{streams, seq}(detail::OfGradients{})[0];
    for (const std::size_t cut : {std::size_t{0}, n / 3, n / 2, n - n % 1024, n - n % 32'768, n}) {
      detail::SumOfBranches sums(n);
      const auto add = [&](std::size_t begin, std::size_t end) {
        sums.add(begin, end, sum(begin, end));
      };
      detail::each_branch(0, cut, n, add);
      detail::each_branch(cut, n, n, add);
      CHECK(sums.sum() == whole);
    }
  }
}
