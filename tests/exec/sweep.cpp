#include <gradus/concept/kernel.hpp>
#include <gradus/exec/sweep.hpp>
#include <gradus/rule/adam.hpp>

#include <type_traits>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/guarded.hpp"

using gradus::exec::View;

namespace {

// One set of streams, filled with any bits at all.
template <class P, class G, class S>
struct Data {
  std::vector<P> p;
  std::vector<G> g;
  std::vector<S> m, v;

  explicit Data(std::size_t n) : p(n), g(n), m(n), v(n) {
    support::Random random(n);
    for (std::size_t i = 0; i < n; ++i) {
      p[i] = random.number<P>();
      g[i] = i % 5 == 0 ? random.any<G>() : random.number<G>();
      m[i] = random.number<S>();
      v[i] = i % 7 == 0 ? random.any<S>() : random.number<S>() * random.number<S>();
    }
  }
};

template <class T>
auto kernel() {
  return gradus::Adam{}.template prepare<T>({5, 0.25});
}

// What the sweep does, one element at a time.
template <class T, class P, class G, class S>
void by_hand(Data<P, G, S>& d, T scale) {
  using V = gradus::probe_pack<T>;
  const auto k = kernel<T>();
  for (std::size_t i = 0; i < d.p.size(); ++i) {
    const V x(static_cast<T>(d.p[i])), y = V(scale) * V(static_cast<T>(d.g[i]));
    std::array<V, 2> s{V(static_cast<T>(d.m[i])), V(static_cast<T>(d.v[i]))};
    d.p[i] = static_cast<P>((x - k(x, y, s)).v);
    d.m[i] = static_cast<S>(s[0].v), d.v[i] = static_cast<S>(s[1].v);
  }
}

template <class X>
bool same(std::span<X> a, const std::vector<X>& b) {
  bool r = a.size() == b.size();
  for (std::size_t i = 0; r && i < b.size(); ++i) r = support::same_value(a[i], b[i]);
  return r;
}

template <class T, class P, class G, class S, template <class> class Memory, class Where>
void compare(std::size_t n, Where where) {
  const Data<P, G, S> start(n);
  Data<P, G, S> expected = start;
  by_hand(expected, T{0.5});
  for (const support::Isa isa : support::paths()) {
    Memory<P> p(n, where);
    Memory<G> g(n, where);
    Memory<S> m(n, where), v(n, where);
    REQUIRE(p.span().data() != nullptr);
    const View view{p.fill(start.p).data(), g.fill(start.g).data(), n};
    const std::tuple slots{m.fill(start.m).data(), v.fill(start.v).data()};
    using Streams = gradus::exec::Streams<T, P, G, S, S>;
    gradus::exec::sweep(Streams{{&view, 1}, slots, T{0.5}, isa}, 0, n, kernel<T>());
    CAPTURE(n, gradus::simd::name(isa));
    CHECK((same(p.span(), expected.p) && same(m.span(), expected.m) && same(v.span(), expected.v)));
    CHECK(same(g.span(), start.g));
    if constexpr (std::is_same_v<Memory<P>, support::Fenced<P>>)
      CHECK((p.intact() && g.intact() && m.intact() && v.intact()));
  }
}

template <class... Types>
struct Types4 {};

}  // namespace

TEMPLATE_TEST_CASE("A sweep computes in its own type, whatever the streams are stored in", "[exec]",
                   (Types4<float, float, float, float>), (Types4<double, double, double, double>),
                   (Types4<double, float, float, float>), (Types4<float, double, double, double>),
                   (Types4<double, float, double, float>), (Types4<float, float, float, double>)) {
  support::default_environment();
  []<class T, class P, class G, class S>(Types4<T, P, G, S>) {
    for (std::size_t n = 0; n <= 70; ++n) compare<T, P, G, S, support::Fenced>(n, n % 16);
    for (std::size_t offset = 0; offset < 16;
         ++offset)  // long enough to begin at a lane's boundary
      compare<T, P, G, S, support::Fenced>(500 + offset, offset);
  }(TestType{});
}

TEMPLATE_TEST_CASE("A sweep does not look beside its streams", "[exec]", float, double) {
  using T = TestType;
  support::default_environment();
  for (const support::Side side : {support::Side::begins_after, support::Side::ends_before}) {
    for (std::size_t n = 1; n <= 40; ++n) compare<T, T, T, T, support::Guarded>(n, side);
    for (std::size_t n = 500; n <= 516; ++n) compare<T, T, T, T, support::Guarded>(n, side);
  }
}

TEST_CASE("A sweep over any part of any spans touches that part alone", "[exec]") {
  support::default_environment();
  constexpr std::size_t n = 300;
  const Data<float, float, float> start(n);
  Data<float, float, float> whole = start;
  by_hand(whole, 0.5F);
  for (const support::Isa isa : support::paths())
    for (const std::size_t cut : {0U, 1U, 17U, 150U, 299U})
      for (const std::size_t begin : {0U, 1U, 16U, 17U, 18U, 149U, 151U, 300U})
        for (const std::size_t end : {0U, 1U, 17U, 18U, 40U, 150U, 152U, 299U, 300U}) {
          if (begin > end) continue;
          Data<float, float, float> d = start;
          const std::array<View, 3> list = {{{d.p.data(), d.g.data(), cut, 0},
                                             {nullptr, nullptr, 0, cut},
                                             {d.p.data() + cut, d.g.data() + cut, n - cut, cut}}};
          const std::tuple slots{d.m.data(), d.v.data()};
          const auto streams = gradus::exec::streams<float, float>(list, slots, 0.5F, isa);
          gradus::exec::sweep(streams, begin, end, kernel<float>());
          bool right = true;
          for (std::size_t i = 0; i < n; ++i) {
            const auto& from = i >= begin && i < end ? whole : start;
            right = right && support::same_value(d.p[i], from.p[i]) &&
                    support::same_value(d.m[i], from.m[i]) &&
                    support::same_value(d.v[i], from.v[i]);
          }
          CAPTURE(gradus::simd::name(isa), cut, begin, end);
          CHECK(right);
        }
}
