#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/muon.hpp>
#include <gradus/save/inspect.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>

#include <cmath>
#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

using gradus::Chain, gradus::Constant, gradus::FanIn, gradus::matrix, gradus::Muon,
    gradus::MuonScale, gradus::MomentumAs, gradus::NewtonSchulz, gradus::NonFinite,
    gradus::Optimizer, gradus::Shape, gradus::spans;
using support::error_of, support::numbers, support::same_bits;
namespace io = gradus::io;

static_assert(gradus::Rule<Muon> && gradus::MatrixRule<Muon> && gradus::MatrixRule<Muon, double>);
static_assert(!gradus::MatrixRule<gradus::Adam>);

namespace {

// What tools/reference/muon.py says of its numbers.
template <class T>
std::vector<T> first_parameters(std::size_t n) {
  std::vector<T> r(n);
  for (std::size_t i = 0; i < n; ++i) r[i] = (T((i * i * 37 + i * 53 + 17) % 201) - 100) / 64;
  return r;
}
template <class T>
std::vector<T> gradients(std::size_t n, std::size_t t) {
  std::vector<T> r(n);
  for (std::size_t i = 0; i < n; ++i)
    r[i] = (T((i * i * 29 + t * t * 31 + i * t * 7 + i * 61) % 199) - 99) / 256;
  return r;
}

struct System {
  Muon rule;
  FanIn fan_in = FanIn::columns;
};
const std::map<std::string, System> systems{
    {"jordan", {{.eps_added = true, .weight_decay = 0}}},
    {"pytorch", {{}}},
    {"pytorch_match", {{.scale = MuonScale::match_rms_adamw}}},
    {"moonlight",
     {{.momentum_as = MomentumAs::sum, .eps_added = true, .scale = MuonScale::match_rms_adamw}}},
    {"keras",
     {{.momentum_as = MomentumAs::sum,
       .eps_added = true,
       .scale = MuonScale::match_rms_adamw,
       .weight_decay = 0.004},
      FanIn::rows}},
    {"optax",
     {{.bias_correction = true, .eps = 1e-8, .eps_added = true, .weight_decay = 0}, FanIn::rows}},
    {"timm",
     {{.nesterov = false,
       .coefficients = NewtonSchulz::quintic(),
       .scale = MuonScale::match_rms_adamw,
       .weight_decay = 0}}},
    {"megatron",
     {{.nesterov = false,
       .coefficients = NewtonSchulz::quintic(),
       .eps = 1e-15,
       .scale = MuonScale::spectral,
       .weight_decay = 0.01}}},
    {"dion",
     {{.nesterov = false,
       .momentum_as = MomentumAs::sum,
       .coefficients = NewtonSchulz::polar_express(),
       .safety = 1.02,
       .eps = 1e-6,
       .eps_added = true,
       .scale = MuonScale::rms_to_rms,
       .weight_decay = 0.01}}},
    {"nanochat",
     {{.coefficients = NewtonSchulz::polar_express(),
       .safety = 1.01,
       .eps = 1e-6,
       .eps_added = true,
       .weight_decay = 0}}}};

// f(system, its name, rows, columns, parameters after each of the steps that the file reports)
template <class F>
void for_each_reference(const F& f) {
  std::ifstream file(GRADUS_TEST_DATA "/muon.txt");
  REQUIRE(file.is_open());
  std::map<std::string, std::map<std::size_t, std::vector<double>>> all;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    std::istringstream words(line);
    std::string name, rows, columns;
    std::size_t step = 0;
    words >> name >> rows >> columns >> step;
    for (double x = 0; words >> x;) all[name + " " + rows + " " + columns][step].push_back(x);
  }
  REQUIRE(all.size() == 2 * systems.size());
  for (const auto& [key, steps] : all) {
    std::istringstream words(key);
    std::string name;
    std::size_t rows = 0, columns = 0;
    words >> name >> rows >> columns;
    f(systems.at(name), key, rows, columns, steps);
  }
}

template <class T>
void follows_references() {
  for_each_reference([](const System& system, const std::string& key, std::size_t rows,
                        std::size_t columns, const auto& steps) {
    CAPTURE(key);
    const std::size_t n = rows * columns;
    std::vector<T> p = first_parameters<T>(n);
    Optimizer opt{Constant<>{0.02}, system.rule, matrix(p, rows, columns, system.fan_in)};
    double worst = 0;
    for (std::size_t t = 1; t <= 6; ++t) {
      opt.step(p, gradients<T>(n, t));
      if (const auto known = steps.find(t); known != steps.end())
        for (std::size_t i = 0; i < n; ++i)
          worst = std::max(worst, std::abs(double(p[i]) - known->second[i]));
    }
    CHECK(worst < (sizeof(T) == 4 ? 3e-6 : 1e-14));
  });
}

// Two layers and their gradients.
struct Net {
  std::vector<float> w1 = numbers<float>(32 * 12, 1), w2 = numbers<float>(2 * 6 * 9, 2);
  std::vector<float> g1 = numbers<float>(32 * 12, 3), g2 = numbers<float>(2 * 6 * 9, 4);
  auto params() { return spans(matrix(w1, 32, 12), gradus::matrices(w2, 2, 6, 9)); }
  auto grads() const { return spans(g1, g2); }
  bool operator==(const Net& o) const { return same_bits(w1, o.w1) && same_bits(w2, o.w2); }
};
const Constant<> rate{0.05};

// Several steps of a rule: the bits of all parameters.
template <class R, class E = gradus::Seq>
Net trained(const R& rule, const E& run = {}) {
  Net net;
  Optimizer opt{rate, rule, net.params()};
  for (int t = 0; t < 3; ++t) opt.step(net.params(), net.grads(), {}, run);
  return net;
}

}  // namespace

TEST_CASE("Muon is that of each system", "[rule][reference]") {
  follows_references<double>();
  follows_references<float>();
}

TEST_CASE("Muon scales by the shape", "[rule]") {
  using gradus::detail::muon_scale;
  const Shape tall{64, 4}, wide{4, 64}, keras{64, 4, 1, FanIn::rows};
  CHECK(muon_scale(MuonScale::original, tall) == 4);
  CHECK(muon_scale(MuonScale::original, wide) == 1);
  CHECK(muon_scale(MuonScale::original, keras) == 1);
  CHECK(muon_scale(MuonScale::match_rms_adamw, wide) == Approx(1.6));
  CHECK(muon_scale(MuonScale::spectral, tall) == 8);
  CHECK(muon_scale(MuonScale::rms_to_rms, wide) == 0.25);
  CHECK(muon_scale(MuonScale::rms_to_rms, keras) == 0.25);
  CHECK(muon_scale(MuonScale::none, tall) == 1);
}

TEST_CASE("Muon takes each matrix of a batch by itself", "[rule]") {
  Net net, heads;
  Optimizer batch{rate, Muon{}, net.params()};
  Optimizer apart{rate, Muon{},
                  spans(matrix(std::span(heads.w2).first(54), 6, 9),
                        matrix(std::span(heads.w2).last(54), 6, 9))};
  for (int t = 0; t < 3; ++t) {
    batch.step(net.params(), net.grads());
    apart.step({std::span(heads.w2).first(54), std::span(heads.w2).last(54)},
               {std::span(net.g2).first(54), std::span(net.g2).last(54)});
  }
  CHECK(same_bits(net.w2, heads.w2));
  CHECK(batch.shape(1) == Shape{6, 9, 2});
}

TEST_CASE("Muon has the same bits on every path and with every executor", "[rule]") {
  support::default_environment();
  const Chain rule{gradus::ClipNorm{1}, Muon{}, gradus::Ema{0.5}};
  const Net expected = trained(rule);
  CHECK(trained(rule, [](std::size_t n, const auto& f) {
          for (std::size_t i = n; i-- > 0;) f(i);
        }) == expected);
  for (const support::Isa isa : support::paths()) {
    const support::OnPath on(isa);
    CHECK(trained(rule) == expected);
  }
}

TEST_CASE("Muon's bits are those of every other compiler and processor", "[rule]") {
  support::default_environment();
  support::Digest digest;
  for (const NewtonSchulz& list : {NewtonSchulz::keller_jordan(), NewtonSchulz::quintic()}) {
    const Net net = trained(Chain{gradus::ClipNorm{1}, Muon{.coefficients = list}});
    digest.add(net.w1);
    digest.add(net.w2);
  }
  CHECK(digest.value() == 0x646e'ab2b'b36f'8a8b);
}

TEST_CASE("Muon stands in a chain: stages before it change the gradient, behind it the step",
          "[rule]") {
  Net plain, chained;
  Optimizer one{rate, Muon{.weight_decay = 0}, plain.params()};
  Optimizer two{rate,
                Chain{gradus::ClipNorm{1}, Muon{.weight_decay = 0}, gradus::WeightDecay{0.3},
                      gradus::Ema{0.75}},
                chained.params()};
  std::vector<double> average(plain.w1.begin(), plain.w1.end());
  for (int t = 0; t < 3; ++t) {
    const double factor = gradus::ClipNorm{1}.factor(gradus::gradient_norm(plain.grads()));
    for (float& x : plain.w1) x *= static_cast<float>(1 - 0.05 * 0.3);
    one.step(plain.params(), plain.grads(), {.scale = factor});
    two.step(chained.params(), chained.grads());
    for (std::size_t i = 0; i < average.size(); ++i)
      average[i] = 0.75 * average[i] + 0.25 * double(plain.w1[i]);
  }
  double worst = 0, worst_average = 0;
  const auto ema = two.slot("Ema.average");
  for (std::size_t i = 0; i < plain.w1.size(); ++i) {
    worst = std::max(worst, std::abs(double(plain.w1[i] - chained.w1[i])));
    worst_average = std::max(worst_average, std::abs(average[i] - double(ema[i])));
  }
  CHECK(worst < 1e-6);
  CHECK(worst_average < 1e-6);
}

TEST_CASE("Coupled decay is a stage before Muon", "[rule]") {
  std::vector<double> p(12, 2), g(12), q = p;
  Optimizer coupled{rate, Chain{gradus::L2{0.1}, Muon{.weight_decay = 0}}, matrix(p, 3, 4)};
  coupled.step(p, g);  // the gradient is 0.2 everywhere: of rank one
  const double step = 0.05 * NewtonSchulz::keller_jordan()(1) / std::sqrt(12.0);
  for (const double x : p) CHECK(x == Approx(2 - step));
}

TEST_CASE("Muon's fields can follow schedules", "[rule]") {
  const auto varied = gradus::vary<&Muon::momentum>(
      Muon{}, gradus::Linear<>{.start = 0.85, .end = 0.95, .steps = 2});
  Net net, by_hand;
  Optimizer opt{rate, varied, net.params()};
  for (int t = 0; t < 3; ++t) opt.step(net.params(), net.grads());
  Optimizer other{rate, Muon{.momentum = 0.85}, by_hand.params()};
  other.step(by_hand.params(), by_hand.grads());
  auto second = other.with_rule(Muon{.momentum = 0.9});
  second.step(by_hand.params(), by_hand.grads());
  auto third = second.with_rule(Muon{.momentum = 0.95});
  third.step(by_hand.params(), by_hand.grads());
  CHECK(net == by_hand);
}

TEST_CASE("Muon allocates nothing in a step", "[rule]") {
  Net net;
  Optimizer opt{rate, Chain{gradus::ClipNorm{1}, Muon{}}, net.params()};
  opt.step(net.params(), net.grads());
  const auto params = net.params();
  const auto grads = net.grads();
  CHECK(support::allocations([&] { opt.step(params, grads); }) == 0);
}

TEST_CASE("Muon with a master in float moves halves", "[rule]") {
  Net net;
  std::vector<gradus::bfloat16> half(net.w1.begin(), net.w1.end());
  std::vector<float> full(half.begin(), half.end());
  Optimizer mixed{rate, gradus::Master{Muon{}}, matrix(half, 32, 12)};
  Optimizer plain{rate, Muon{}, matrix(full, 32, 12)};
  for (int t = 0; t < 4; ++t) {
    mixed.step(half, net.g1);
    plain.step(full, net.g1);
  }
  CHECK(same_bits(std::vector<float>(mixed.slot("master").begin(), mixed.slot("master").end()),
                  full));
  CHECK(same_bits(half, std::vector<gradus::bfloat16>(full.begin(), full.end())));

  Optimizer small{rate, gradus::Stochastic{gradus::stored<gradus::bfloat16>(Muon{}), 3},
                  matrix(half, 32, 12)};
  small.step(half, net.g1);
  CHECK(small.slot<gradus::bfloat16>("b").size() == 384);
}

TEST_CASE("Muon and AdamW make one step together, under one norm", "[rule]") {
  Net net, apart;
  std::vector<float> b = numbers<float>(32, 7), b2 = b;
  const std::vector<float> gb = numbers<float>(32, 8);
  gradus::Groups both{gradus::ClipNorm{0.5}, Optimizer{rate, Muon{}, net.params()},
                      Optimizer{Constant<>{1e-3}, gradus::AdamW{}, b}};
  Optimizer muon{rate, Muon{}, apart.params()};
  Optimizer adam{Constant<>{1e-3}, gradus::AdamW{}, b2};
  for (int t = 0; t < 3; ++t) {
    const auto result =
        both.step(std::tuple{net.params(), std::span(b)}, std::tuple{net.grads(), std::span(gb)});
    const double scale = gradus::ClipNorm{0.5}.factor(result.norm);
    muon.step(apart.params(), apart.grads(), {.scale = scale});
    adam.step(b2, gb, {.scale = scale});
  }
  CHECK(net == apart);
  CHECK(same_bits(b, b2));
}

TEST_CASE("Muon takes accumulated gradients, which have no shape", "[rule]") {
  Net net, other;
  Optimizer opt{rate, Muon{}, net.params()}, plain{rate, Muon{}, other.params()};
  gradus::Accumulator sum{net.params()};
  for (int t = 0; t < 2; ++t) {
    sum.add(net.grads());
    sum.add(net.grads());
    sum.step(opt, net.params());
    plain.step(other.params(), other.grads());
  }
  CHECK(net == other);
}

TEST_CASE("Muon refuses parameters without a shape, and shapes that change", "[rule]") {
  std::vector<float> w(12), b(4), g(12), gb(4);
  CHECK(error_of([&] { Optimizer{rate, Muon{}, w}; }) ==
        "gradus::Optimizer.params[0] must have a shape, because Muon sees matrices: "
        "gradus::matrix(span, rows, columns) (got 12 elements without one)");
  CHECK(error_of([&] { Optimizer{rate, Chain{Muon{}}, spans(matrix(w, 3, 4), b)}; }) ==
        "gradus::Optimizer.params[1] must have a shape, because Muon sees matrices: "
        "gradus::matrix(span, rows, columns) (got 4 elements without one)");
  CHECK(error_of([&] { Optimizer{rate, Muon{}, 12}; }).find("must have a shape") !=
        std::string::npos);
  CHECK(error_of([&] { Optimizer{rate, Muon{}, gradus::Shaped<float>(w, {3, 5})}; }) ==
        "gradus::Optimizer.params[0] must have the elements of its shape, 3 x 5 (got 12)");
  Optimizer opt{rate, Muon{}, matrix(w, 3, 4)};
  const std::vector<float> before = w;
  CHECK(error_of([&] { opt.step(matrix(w, 4, 3), g); }) ==
        "gradus::Optimizer.params[0] must have the shape that it had at construction, 3 x 4 (got "
        "4 x 3)");
  CHECK(error_of([&] { opt.step(w, matrix(g, 3, 4, FanIn::rows)); }) ==
        "gradus::Optimizer.grads[0] must have the shape that it had at construction, 3 x 4 (got "
        "3 x 4, inputs in rows)");
  CHECK(error_of([&] { opt.step(w, gb); }) ==
        "gradus::Optimizer.grads[0] must have as many elements as its span of parameters, 12 (got "
        "4)");
  CHECK(w == before);
  CHECK(opt.steps() == 0);
  CHECK(error_of([&] { (void)opt.shape(1); }) ==
        "gradus::Optimizer.shape must be below the number of spans (got 1)");
}

TEST_CASE("Muon names the field that is wrong", "[rule]") {
  std::vector<float> w(4);
  const auto words = [&](const Muon& rule) {
    return error_of([&] { Optimizer{rate, rule, matrix(w, 2, 2)}; });
  };
  CHECK(words({.momentum = 1}) == "gradus::Muon.momentum must be in [0, 1) (got 1)");
  CHECK(words({.momentum_as = MomentumAs{2}}) ==
        "gradus::Muon.momentum_as must be mean or sum (got 2)");
  CHECK(words({.coefficients = {}}) ==
        "gradus::Muon.coefficients must be 1 to 10 polynomials (got 0)");
  CHECK(words({.safety = 0.5}) == "gradus::Muon.safety must be in [1, 2] (got 0.5)");
  CHECK(words({.eps = 0}) == "gradus::Muon.eps must be finite and > 0 (got 0)");
  CHECK(words({.eps = 1e-31}) == "gradus::Muon.eps must be at least 2^-100 for float (got 1e-31)");
  CHECK(words({.momentum_as = MomentumAs::sum, .bias_correction = true}) ==
        "gradus::Muon.bias_correction must be false where momentum_as is sum");
  CHECK(words({.scale = MuonScale{5}}) ==
        "gradus::Muon.scale must be original, match_rms_adamw, spectral, rms_to_rms or none (got "
        "5)");
  CHECK(words({.weight_decay = -1}) ==
        "gradus::Muon.weight_decay must be finite and >= 0 (got -1)");
}

TEST_CASE("No accepted eps makes zeros NaN", "[rule]") {
  const auto still = []<class T>(T, double eps) {
    std::vector<T> w = numbers<T>(12, 1), g(12);
    const std::vector<T> before = w;
    Optimizer opt{rate, Muon{.eps = eps, .weight_decay = 0}, matrix(w, 3, 4)};
    opt.step(w, g);
    CHECK(same_bits(w, before));
  };
  still(float{}, 0x1p-100);
  still(float{}, 0x1p100);
  still(double{}, 0x1p-1000);
  std::vector<double> w(4);
  CHECK(error_of([&] {
          Optimizer{rate, Muon{.eps = 1e-310}, matrix(w, 2, 2)};
        }).starts_with("gradus::Muon.eps must be at least 2^-1000"));
}

TEST_CASE("Muon follows the policy for what is not finite", "[rule]") {
  Net net;
  const Net before = net;
  net.g1[5] = support::nan<float>();
  Optimizer raises{rate, Muon{}, net.params(), NonFinite::raise};
  CHECK(error_of([&] { raises.step(net.params(), net.grads()); }) ==
        "gradus::Optimizer.grads[0] must be finite (got nan at element 5)");
  Optimizer skips{rate, Muon{}, net.params(), NonFinite::skip};
  CHECK(!skips.step(net.params(), net.grads()).applied);
  CHECK(net == before);

  net.g1[5] = 1;  // now the state is not finite
  skips.slot("b")[7] = raises.slot("b")[7] = support::infinity<float>();
  CHECK(!skips.step(net.params(), net.grads()).applied);
  CHECK(error_of([&] { raises.step(net.params(), net.grads()); }) ==
        "gradus::Optimizer.slots must be finite, because a matrix is transformed as a whole (got "
        "one that is not)");
  CHECK(net == before);

  Optimizer goes{rate, Muon{}, net.params()};  // a NaN stays in its matrix
  net.g1[5] = support::nan<float>();
  goes.step(net.params(), net.grads());
  CHECK(gradus::math::is_nan(net.w1[0]));
  for (const float x : net.w2) CHECK(gradus::math::is_finite(x));
}

TEST_CASE("Muon is saved and resumed bit for bit", "[rule][save]") {
  const support::Folder folder;
  const std::string path = folder / "muon.safetensors";
  const Chain rule{gradus::ClipNorm{1}, Muon{}};
  Net net;
  Optimizer opt{rate, rule, net.params()};
  for (int t = 0; t < 3; ++t) opt.step(net.params(), net.grads());
  io::save(path, opt, io::named("w", net.params()));
  for (int t = 0; t < 3; ++t) opt.step(net.params(), net.grads());

  Net again;
  Optimizer resumed{rate, rule, again.params()};
  io::load(path, resumed, io::named("w", again.params()));
  for (int t = 0; t < 3; ++t) resumed.step(again.params(), again.grads());
  CHECK(again == net);
  CHECK(resumed.steps() == 6);

  const io::SavedFile file = io::inspect(path);
  REQUIRE(file.optimizers.size() == 1);
  CHECK(file.optimizers[0].shapes == "32 x 12; 2 of 6 x 9");
  CHECK(file.optimizers[0].slots == "Muon.momentum_buffer F32");
  CHECK(file.optimizers[0].rule == "Chain{ClipNorm, Muon}");
  CHECK(file.text().find("shapes: 32 x 12; 2 of 6 x 9") != std::string::npos);
  CHECK(io::settings_of(Muon{.coefficients = {{1.5, -0.5, 0}}}) ==
        "Muon{momentum=0.95, nesterov=true, momentum_as=mean, bias_correction=false, "
        "coefficients={{1.5, -0.5, 0}}, safety=1, eps=1e-07, eps_added=false, scale=original, "
        "weight_decay=0.1}");

  Net turned;
  Optimizer other{rate, rule,
                  spans(matrix(turned.w1, 12, 32), gradus::matrices(turned.w2, 2, 6, 9))};
  CHECK(error_of([&] {
          io::load(path, other, io::named("w", turned.params()));
        }).ends_with("must have shapes 12 x 32; 2 of 6 x 9 (got 32 x 12; 2 of 6 x 9)"));
}
