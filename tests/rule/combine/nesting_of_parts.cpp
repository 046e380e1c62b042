// Kernels that have each set of parts, in every wrapper.
#include <gradus/rule/sgd.hpp>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "support/nestings.hpp"

namespace {

using gradus::KernelParts, gradus::RandomKey;

// A kernel that has these parts and no others. What each part answers tells from which mark it
// comes, and `for_span` and `at_element` change the mark.
template <KernelParts Has>
struct Having {
  float mark = 1;
  template <class V, std::size_t N>
  GRADUS_KERNEL V operator()(V& p, const V& g, std::array<V, N>&) const
    requires(Has.call)
  {
    p = p + mark;
    return g * mark;
  }
  template <class V, std::size_t N>
  GRADUS_KERNEL V gradient(const V& p, const V& g, std::array<V, N>&) const
    requires(Has.gradient)
  {
    return p * mark - g;
  }
  template <class V, std::size_t N>
  GRADUS_KERNEL V step(V&, const V& g, const V& step, std::array<V, N>&) const
    requires(Has.step)
  {
    return step * mark - g;
  }
  template <class M>
  constexpr Having for_span(std::span<double> scalars, const M& measure) const
    requires(Has.for_span)
  {
    return {mark + 2 * static_cast<float>(measure.span) + static_cast<float>(scalars[0])};
  }
  GRADUS_KERNEL constexpr Having at_element(std::uint64_t i) const
    requires(Has.at_element)
  {
    return {mark + 8 * static_cast<float>(i)};
  }
  GRADUS_KERNEL constexpr RandomKey key(std::size_t j) const
    requires(Has.keys)
  {
    return {7, 7, j};
  }
  bool operator==(const Having&) const = default;
};
template <KernelParts Has>
struct RuleHaving {
  double field = 0;
  template <gradus::Real T>
  constexpr Having<Has> prepare(const gradus::Context&) const {
    return {};
  }
};

template <class R>
constexpr KernelParts parts =
    gradus::kernel_parts<gradus::kernel_t<R, float>, float, gradus::slot_count<R>>;
template <class R>
using OnlyOdd = gradus::Only<R, support::nesting::Odd>;
template <class R>
using Varied = decltype(gradus::vary<&R::field>(R{}, support::nesting::Falling{}));

// Every wrapper that takes a rule or stage of these parts has them, too, and no others but its own.
template <KernelParts Has>
constexpr bool all_forwarded() {
  using R = RuleHaving<Has>;
  bool good = parts<R> == Has;
  KernelParts only = Has;
  only.for_span = true;  // where the predicate is asked
  if constexpr (!Has.call && (Has.gradient || Has.step)) good = good && parts<OnlyOdd<R>> == only;
  if constexpr (Has.keys) {  // only Stochastic may have keys, which stands outside of the others
    return good && !gradus::RoundsNoParams<R> && !gradus::StoreNoParams<R>;
  } else {
    good = good && parts<Varied<R>> == Has && parts<decltype(gradus::stored<>(R{}))> == Has;
    // A chain has the step of its rule, and uses up what the stages change.
    const KernelParts chained{true, false, false, Has.for_span, Has.at_element, false};
    if constexpr (Has.call) {
      KernelParts random = Has;
      random.keys = true;
      good = good && parts<gradus::Stochastic<R>> == random && parts<gradus::Master<R>> == Has &&
             parts<gradus::Compensated<R>> == Has && parts<gradus::Chain<R>> == chained;
    } else if constexpr (Has.gradient && !Has.step) {
      good = good && parts<gradus::Chain<R, gradus::SGD>> == chained;
    } else if constexpr (Has.step && !Has.gradient) {
      good = good && parts<gradus::Chain<gradus::SGD, R>> == chained;
    }
    return good;
  }
}
constexpr KernelParts numbered(std::size_t i) {
  const auto bit = [i](std::size_t j) { return (i >> j) % 2 == 1; };
  return {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5)};
}
static_assert([]<std::size_t... I>(std::index_sequence<I...>) {
  return (all_forwarded<numbered(I)>() && ...);
}(std::make_index_sequence<64>{}));

// What a kernel of all parts answers, part by part.
template <class K>
std::vector<float> answers(const K& kernel) {
  using support::nesting::Pack;
  std::vector<float> r;
  const auto add = [&](const Pack& x) { x.store(&r.emplace_back()); };
  const auto ask = [&](const K& k) {
    Pack p(2.0F);
    std::array<Pack, 1> s{p};
    add(k(p, Pack(3.0F), s));
    add(p);
    add(k.gradient(p, Pack(3.0F), s));
    add(k.step(p, Pack(3.0F), Pack(5.0F), s));
  };
  double scalar = 11;
  support::nesting::Sums<1, int> measure{0};
  measure.span = 1;
  const K for_span = kernel.for_span(std::span(&scalar, 1), measure);
  for (const K& k : {kernel, for_span, kernel.at_element(3), for_span.at_element(4)}) ask(k);
  return r;
}
// A wrapper that changes nothing.
template <class K>
struct Same : gradus::detail::KernelAround<Same<K>, K> {
  constexpr Same with(const K& k) const { return {{k}}; }
};

}  // namespace

TEST_CASE("A wrapper's parts are those of the kernel inside", "[rule]") {
  using Full = Having<KernelParts{true, true, true, true, true, true}>;
  const Same<Full> same{};
  CHECK(answers(same) == answers(Full{}));
  CHECK(same.key(5) == RandomKey(7, 7, 5));
  const gradus::detail::StochasticKernel<Full, 1> random{{}, {RandomKey(1, 2, 3)}};
  CHECK(answers(random) == answers(Full{}));
  CHECK(random.key(0) == RandomKey(1, 2, 3));
  CHECK(random.at_element(1).key(0) == RandomKey(1, 2, 3));
  using support::nesting::Odd;
  const gradus::detail::OnlyKernel<Full, Odd> odd{{}, gradus::detail::Predicate<Odd>(Odd{})};
  CHECK(answers(odd) == answers(Full{}));
  CHECK(odd.key(5) == RandomKey(7, 7, 5));
}
