#include <gradus/optimizer.hpp>
#include <gradus/rule/adam.hpp>
#include <gradus/rule/combine/chain.hpp>
#include <gradus/rule/combine/stored.hpp>
#include <gradus/rule/combine/vary.hpp>
#include <gradus/rule/stage/clip_norm.hpp>
#include <gradus/rule/stage/ema.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/update.hpp>

#include <array>
#include <string>
#include <tuple>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/every_rule.hpp"

using gradus::Adam;
using gradus::bfloat16;
using gradus::float16;
using gradus::stored;

namespace {

using Two = decltype(stored<bfloat16, float>(Adam{}));
static_assert(gradus::Rule<Two> && gradus::Rule<Two, double>);
static_assert(std::is_same_v<gradus::slot_types_t<Two, float>, std::tuple<bfloat16, float>>);
static_assert(std::is_same_v<gradus::slot_types_t<Adam, double>, std::tuple<double, double>>);
using Whole = gradus::Chain<gradus::ClipNorm, Two, gradus::Ema>;
static_assert(
    std::is_same_v<gradus::slot_types_t<Whole, float>, std::tuple<bfloat16, float, float>>);

struct Ones {  // every sum is 1
  [[maybe_unused]] static constexpr std::size_t span = 0;
  template <class Terms>
  std::array<double, Terms::count> operator()(const Terms&) const {
    std::array<double, Terms::count> r;
    r.fill(1);
    return r;
  }
};

template <class S>
void rounded(std::vector<float>& x) {
  for (float& v : x) v = static_cast<float>(S(v));
}

}  // namespace

TEMPLATE_TEST_CASE("A stored slot is rounded when it is written, and only then", "[rule]", bfloat16,
                   float16, float) {
  using S = TestType;
  constexpr std::size_t n = 203;
  std::vector<float> p = support::numbers<float>(n, 1), q = p, m(n), v(n);
  gradus::Optimizer opt{gradus::Constant{0.01}, stored<S, float>(Adam{}), p};
  for (gradus::step_t t = 0; t < 50; ++t) {
    const std::vector<float> g = support::numbers<float>(n, 2 + t);
    opt.step(p, g);
    gradus::update(Adam{}, {t, 0.01}, q, g, m, v);
    rounded<S>(m);
  }
  CHECK(support::same_bits<float>(p, q));
  const std::span<const float> second = opt.template slot<float>("v");
  CHECK(support::same_bits<float>(second, v));
  bool same = true;
  for (std::size_t i = 0; i < n; ++i) same = same && opt.template slot<S>(0)[i] == S(m[i]);
  CHECK(same);
}

TEST_CASE("Slots owned by the caller may be stored as anything", "[rule]") {
  std::vector<float> p(40, 1.0F), q = p;
  std::vector<bfloat16> g(40, bfloat16(0.5F)), m(40);
  std::vector<float16> v(40);
  std::vector<float> wide(40, 0.5F), m2(40), v2(40);
  gradus::start(Adam{}, p, m, v);
  for (gradus::step_t t = 0; t < 5; ++t) {
    gradus::update(Adam{}, {t, 0.1}, p, g, m, v);
    gradus::update(Adam{}, {t, 0.1}, q, wide, m2, v2);
    rounded<bfloat16>(m2), rounded<float16>(v2);
  }
  CHECK(support::same_bits<float>(p, q));
}

TEST_CASE("A slot is asked for as what it is stored as", "[rule]") {
  std::vector<float> p(4);
  gradus::Optimizer opt{gradus::Constant{0.1}, stored<bfloat16, float>(Adam{}), p};
  CHECK(opt.slot<bfloat16>("m").size() == 4);
  CHECK(opt.slot<float>(1).size() == 4);
  const auto refused = [&](auto call) -> std::string {
    try {
      call();
    } catch (const gradus::Error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(refused([&] { opt.slot<float>(0); }) ==
        "gradus::Optimizer.slot must be asked for as what it is stored as: slot<E>(j) (got 0)");
  CHECK(refused([&] { opt.slot<float>("x"); }) ==
        "gradus::Optimizer.slot must be one of m, v (got \"x\")");
  CHECK(refused([&] { opt.slot(2); }) ==
        "gradus::Optimizer.slot must be below the number of slots (got 2)");
}

TEST_CASE("Gradients may be halves: scaled in float, looked at for NaN", "[rule]") {
  std::vector<float> p(20, 1.0F), q = p;
  std::vector<float16> g(20, float16(0.25F));
  const std::vector<float> wide(20, 0.25F);
  gradus::Optimizer a{gradus::Constant{0.1}, Adam{}, p, gradus::NonFinite::skip};
  gradus::Optimizer b{gradus::Constant{0.1}, Adam{}, q};
  CHECK(a.step(p, g, {.scale = 0.125}).applied);
  b.step(q, wide, {.scale = 0.125});
  CHECK(support::same_bits<float>(p, q));
  g[7] = float16(1e9F);  // infinite
  CHECK_FALSE(a.step(p, g).applied);
  CHECK(support::same_bits<float>(p, q));
}

TEST_CASE("What a stored rule is made of is checked and varies", "[rule]") {
  CHECK(gradus::fault_of<float>(stored<bfloat16>(Adam{.beta1 = 2})).field == std::string("beta1"));
  std::vector<float> p(8, 1.0F), g(8, 0.5F);
  const auto varied =
      gradus::vary<&Adam::beta1>(Adam{}, [](gradus::step_t t) { return t == 0 ? 0.9 : 0.5; });
  gradus::Optimizer opt{gradus::Constant{0.1}, stored<bfloat16>(varied), p};
  opt.step(p, g);
  opt.step(p, g);
  CHECK(static_cast<float>(opt.slot(0)[0]) == Approx(0.05 * 0.5 + 0.25).epsilon(0.01));
}

TEST_CASE("A slot is said never to be negative where it never is, and there alone", "[rule]") {
  using Pack = gradus::probe_pack<float>;
  std::size_t signed_slots = 0, others = 0;
  support::for_everything<double>([&]<class R>(const R& rule) {
    if constexpr (gradus::HasSlots<R> && std::is_aggregate_v<R>) {  // a rule by itself
      constexpr std::size_t n = gradus::slot_count<R>;
      std::array<double, gradus::scalar_count<R>> scalars{};
      for (std::size_t j = 0; j < scalars.size(); ++j)
        scalars[j] = gradus::scalars_of(rule)[j].value;
      std::array<bool, n> negative{};
      support::Random random;
      for (int element = 0; element < 20; ++element) {
        Pack p(random.number<float>());
        std::array<Pack, n> s;
        for (std::size_t j = 0; j < n; ++j)
          s[j] = rule.slots()[j].from == gradus::Slot::From::params
                     ? p
                     : Pack(static_cast<float>(rule.slots()[j].value));
        for (gradus::step_t t = 0; t < 50; ++t) {
          const auto k =
              gradus::prepare<float>(rule, gradus::Context{t, 0.1, 1}, scalars.data(), Ones{});
          const float size = t % 7 == 3 ? 100.0F : t % 5 == 2 ? 0.0F : 1.0F;
          p = p - k(p, Pack(size * random.number<float>()), s);
          for (std::size_t j = 0; j < n; ++j) {
            float x = 0;
            s[j].store(&x);
            negative[j] = negative[j] || x < 0;
          }
        }
      }
      for (std::size_t j = 0; j < n; ++j) {
        CAPTURE(R::name, rule.slots()[j].name.view());
        CHECK(gradus::not_negative<R>[j] != negative[j]);
        (gradus::not_negative<R>[j] ? others : signed_slots)++;
      }
    }
  });
  CHECK(signed_slots >= 56);
  CHECK(others >= 39);
}

TEST_CASE("A chain's slots have the signs of its parts'", "[rule]") {
  using gradus::Positive8, gradus::Signed8;
  using Rule = gradus::Chain<gradus::L2, gradus::Adam, gradus::Ema>;
  static_assert(gradus::not_negative<Rule> == std::array{false, true, false});
  static_assert(gradus::SignsKept<Rule, Signed8, Positive8, float>);
  static_assert(!gradus::SignsKept<Rule, Positive8, Positive8, float>);
  static_assert(!gradus::SignsKept<gradus::Momentum, Positive8>);
  static_assert(gradus::SignsKept<gradus::Momentum, Signed8>);
  using Varied = decltype(gradus::vary<&Adam::beta1>(Adam{}, gradus::Constant<>{0.5}));
  static_assert(gradus::SignsKept<Varied, Signed8, Positive8>);
}
