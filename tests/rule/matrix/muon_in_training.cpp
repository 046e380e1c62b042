// Muon with what stands around an optimizer in a training: groups, SAM, feedback, accumulated
// gradients, fields that follow schedules, a master copy. Each training is also stopped after every
// step and continued from a file, and ends with the same bits.
#include <gradus/gradus.hpp>
#include <gradus/rule/matrix/adamuon.hpp>
#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/training/muon_for.hpp>
#include <gradus/tune/snapshot.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/folder.hpp"

using gradus::ClipNorm, gradus::Constant, gradus::matrix, gradus::Muon, gradus::NonFinite,
    gradus::NorMuon, gradus::Optimizer, gradus::SAM, gradus::spans;
using support::numbers, support::same_bits;
namespace io = gradus::io;

namespace {

using Floats = std::vector<float>;
constexpr std::size_t n1 = 6 * 4, n2 = 2 * 3 * 5, n3 = 7;
const Constant<> rate{0.05};

// Two weights and a bias, or gradients of them.
struct Net {
  Floats w1, w2, b;
  explicit Net(std::uint64_t seed)
      : w1(numbers<float>(n1, 3 * seed)),
        w2(numbers<float>(n2, 3 * seed + 1)),
        b(numbers<float>(n3, 3 * seed + 2)) {}
  auto matrices() { return spans(matrix(w1, 6, 4), gradus::matrices(w2, 2, 3, 5)); }
  auto all() { return spans(matrix(w1, 6, 4), gradus::matrices(w2, 2, 3, 5), b); }
  auto weights() const { return spans(w1, w2); }
  auto list() const { return spans(w1, w2, b); }
  bool operator==(const Net& o) const {
    return same_bits(w1, o.w1) && same_bits(w2, o.w2) && same_bits(b, o.b);
  }
};
// Gradients that depend on where the parameters are.
Net gradients(const Net& at, std::uint64_t t) {
  Net g(100 + t);
  for (std::size_t i = 0; i < n1; ++i) g.w1[i] += 0.5F * at.w1[i];
  for (std::size_t i = 0; i < n2; ++i) g.w2[i] += 0.5F * at.w2[i];
  for (std::size_t i = 0; i < n3; ++i) g.b[i] += 0.5F * at.b[i];
  return g;
}

// A training has `net`, `next(t)`, which makes step t, and `parts(f)`, which calls f with all that
// is to be saved. Returns the parameters after all steps.
template <class Training>
Net continues_from_files() {
  constexpr std::uint64_t steps = 5;
  const support::Folder folder;
  const std::string path = folder / "training.safetensors";
  Training whole;
  for (std::uint64_t t = 0; t < steps; ++t) whole.next(t);
  for (std::uint64_t stop = 0; stop < steps; ++stop) {
    CAPTURE(stop);
    Training begun, resumed;
    for (std::uint64_t t = 0; t < stop; ++t) begun.next(t);
    begun.parts([&](auto&&... x) { io::save(path, x...); });
    resumed.parts([&](auto&&... x) { io::load(path, x...); });
    for (std::uint64_t t = stop; t < steps; ++t) resumed.next(t);
    CHECK(resumed.net == whole.net);
  }
  return whole.net;
}

}  // namespace

TEST_CASE("A list of groups of Muon has one norm, and groups come and go", "[rule][groups]") {
  Net net(1), apart(1);
  const ClipNorm clip{0.5};
  gradus::GroupList<Optimizer<Constant<>, Muon>> groups{clip};
  groups.add({rate, Muon{}, matrix(net.w1, 6, 4)});
  groups.add({Constant<>{0.1}, Muon{}, gradus::matrices(net.w2, 2, 3, 5)});
  Optimizer first{rate, Muon{}, matrix(apart.w1, 6, 4)};
  Optimizer second{Constant<>{0.1}, Muon{}, gradus::matrices(apart.w2, 2, 3, 5)};
  for (std::uint64_t t = 0; t < 4; ++t) {
    const Net g = gradients(net, t);
    if (t == 3) groups.freeze(0);
    const auto result = groups.step(spans(net.w1, net.w2), g.weights());
    const double scale =
        clip.factor(t == 3 ? gradus::gradient_norm(g.w2) : gradus::gradient_norm(g.weights()));
    CHECK(result.norm > 0.5);
    if (t < 3) first.step(apart.w1, g.w1, {.scale = scale});
    second.step(apart.w2, g.w2, {.scale = scale});
    CHECK(net == apart);
  }
  groups.remove(0);
  CHECK(groups[0].shape(0) == gradus::Shape{3, 5, 2});
  const Net g = gradients(net, 9);
  groups.step(spans(net.w2), spans(g.w2));
  second.step(apart.w2, g.w2, {.scale = clip.factor(gradus::gradient_norm(g.w2))});
  CHECK(net == apart);
}

namespace {
struct InGroupList {
  Net net{1};
  gradus::GroupList<Optimizer<Constant<>, NorMuon>> groups{ClipNorm{0.5}};
  InGroupList() {
    groups.add({rate, NorMuon{}, matrix(net.w1, 6, 4)});
    groups.add({Constant<>{0.1}, NorMuon{}, gradus::matrices(net.w2, 2, 3, 5)});
  }
  void next(std::uint64_t t) {
    const Net g = gradients(net, t);
    groups.step(spans(net.w1, net.w2), g.weights());
  }
  template <class F>
  void parts(const F& f) {
    f(groups, io::named("net", spans(net.w1, net.w2)));
  }
};
// Three rules under one norm.
struct InGroups {
  Net net{1};
  gradus::Groups<Optimizer<Constant<>, Muon>, Optimizer<Constant<>, gradus::AdaMuon>,
                 Optimizer<Constant<>, gradus::AdamW>>
      groups{ClipNorm{0.5}, Optimizer{rate, Muon{}, matrix(net.w1, 6, 4)},
             Optimizer{rate, gradus::AdaMuon{}, gradus::matrices(net.w2, 2, 3, 5)},
             Optimizer{rate, gradus::AdamW{}, net.b}};
  void next(std::uint64_t t) {
    const Net g = gradients(net, t);
    CHECK(groups.step(spans(net.w1, net.w2, net.b), g.list()).norm > 0.5);
  }
  template <class F>
  void parts(const F& f) {
    f(groups, io::named("net", spans(net.w1, net.w2, net.b)));
  }
};
struct WithAccumulator {
  Net net{1};
  decltype(gradus::muon_for(ClipNorm{1}, rate, net.all())) opt =
      gradus::muon_for(ClipNorm{1}, rate, net.all());
  gradus::Accumulator<float> sum{net.all()};
  void next(std::uint64_t t) {  // every second call is an update
    sum.add(gradients(net, t).list());
    if (sum.count() == 2) sum.step(opt, net.all());
  }
  template <class F>
  void parts(const F& f) {
    f(opt, io::named("net", spans(net.w1, net.w2, net.b)), io::named("sum", sum));
  }
};
struct WithSam {
  Net net{1};
  Optimizer<Constant<>, Muon> opt{rate, Muon{}, net.matrices()};
  SAM<float> sam{net.matrices(), {.rho = 0.1}};
  void next(std::uint64_t t) {
    sam.climb(net.matrices(), gradients(net, t).weights());
    sam.step(opt, net.matrices(), gradients(net, t).weights());
  }
  template <class F>
  void parts(const F& f) {
    f(opt, io::named("net", spans(net.w1, net.w2)));
  }
};
// Step 2 is skipped and halves the loss scale; the plateau and the guard lower the rate.
struct WithFeedback {
  Net net{1};
  Optimizer<Constant<>, Muon> opt{rate, Muon{}, net.matrices(), NonFinite::skip};
  gradus::LossScale scale{.value = 64, .interval = 2};
  gradus::Plateau plateau{.factor = 0.5, .patience = 0};
  gradus::SpikeGuard<4> guard{.limit = 1.6, .patience = 1};
  void next(std::uint64_t t) {
    Net g = gradients(net, t);
    for (Floats* x : {&g.w1, &g.w2})
      for (float& y : *x) y *= static_cast<float>(scale.value);
    if (t == 2) g.w2[3] = support::infinity<float>();
    const double loss = t == 4 ? 100 : 1;
    const bool go = guard(loss) == gradus::Verdict::go;
    const auto result =
        opt.step(net.matrices(), g.weights(),
                 scale.options({.factor = plateau.value() * guard.value(), .skip = !go && t == 4}));
    CHECK(result.applied == (t != 2 && go));
    if (go) scale.update(result);
    plateau(loss);
  }
  template <class F>
  void parts(const F& f) {
    f(opt, io::named("net", spans(net.w1, net.w2)), io::named("scale", scale),
      io::named("plateau", plateau), io::named("guard", guard));
  }
};
const auto varied = gradus::vary<&NorMuon::momentum, &NorMuon::beta2>(
    NorMuon{}, gradus::Linear<>{.start = 0.85, .end = 0.95, .steps = 3},
    gradus::Linear<>{.start = 0.5, .end = 0.9, .steps = 4});
struct WithVaried {
  Net net{1};
  Optimizer<Constant<>, std::remove_const_t<decltype(varied)>> opt{rate, varied, net.matrices()};
  void next(std::uint64_t t) { opt.step(net.matrices(), gradients(net, t).weights()); }
  template <class F>
  void parts(const F& f) {
    f(opt, io::named("net", spans(net.w1, net.w2)));
  }
};
struct WithMaster {
  Net net{1};  // the halves as floats
  std::vector<gradus::bfloat16> half{net.w1.begin(), net.w1.end()};
  Optimizer<Constant<>, gradus::Master<gradus::Chain<ClipNorm, NorMuon>>, gradus::bfloat16> opt{
      rate, gradus::Master{gradus::Chain{ClipNorm{1}, NorMuon{}}}, matrix(half, 6, 4)};
  void next(std::uint64_t t) {
    to_floats();
    opt.step(half, gradients(net, t).w1);
    to_floats();
  }
  void to_floats() {
    for (std::size_t i = 0; i < n1; ++i) net.w1[i] = static_cast<float>(half[i]);
  }
  template <class F>
  void parts(const F& f) {
    f(opt, io::named("net", half));
  }
};
}  // namespace

TEST_CASE("Trainings with Muon go on from files, bit for bit", "[rule][save][resume]") {
  SECTION("a list of groups") { continues_from_files<InGroupList>(); }
  SECTION("groups with three rules") { continues_from_files<InGroups>(); }
  SECTION("accumulated gradients") { continues_from_files<WithAccumulator>(); }
  SECTION("SAM") { continues_from_files<WithSam>(); }
  SECTION("feedback") { continues_from_files<WithFeedback>(); }
  SECTION("fields that follow schedules") { continues_from_files<WithVaried>(); }
  SECTION("a master copy") { continues_from_files<WithMaster>(); }
}

TEST_CASE("SAM climbs, and Muon steps from where the climb began", "[rule][loop]") {
  Net net(1), apart(1);
  auto opt = gradus::muon_for(rate, net.all());
  auto alone = gradus::muon_for(rate, apart.all());
  SAM sam{net.all(), {.rho = 0.5}};
  for (std::uint64_t t = 0; t < 4; ++t) {
    CHECK(sam.climb(net.all(), gradients(net, t).list()));
    CHECK(!(net == apart));
    const Net g = gradients(net, t);
    CHECK(sam.step(opt, net.all(), g.list()).applied);
    CHECK(alone.step(apart.all(), g.list()).applied);
    CHECK(net == apart);
  }
}

TEST_CASE("A loss scale of two's powers changes no bit of Muon, and overflow skips a step",
          "[rule][feedback]") {
  Net net(1), plain(1);
  Optimizer opt{rate, Muon{}, net.matrices(), NonFinite::skip};
  Optimizer other{rate, Muon{}, plain.matrices()};
  gradus::LossScale scale{.value = 1024, .interval = 2};
  for (std::uint64_t t = 0; t < 6; ++t) {
    Net g = gradients(plain, t);
    if (t != 3) other.step(plain.matrices(), g.weights());
    for (Floats* x : {&g.w1, &g.w2})
      for (float& y : *x) y *= static_cast<float>(scale.value);
    if (t == 3) g.w1[0] = support::infinity<float>();
    scale.update(opt.step(net.matrices(), g.weights(), scale.options()));
    CHECK(net == plain);
  }
  CHECK(opt.steps() == 5);
  CHECK(scale.value == 2048);
}

TEST_CASE("A plateau multiplies Muon's rate and decay", "[rule][feedback]") {
  Net net(1), plain(1);
  Optimizer opt{rate, Muon{}, net.matrices()}, half{Constant<>{0.025}, Muon{}, plain.matrices()};
  gradus::Plateau plateau{.factor = 0.5, .patience = 0};
  plateau(1), plateau(2);
  CHECK(plateau.value() == 0.5);
  const Net g = gradients(net, 0);
  CHECK(opt.step(net.matrices(), g.weights(), {.factor = plateau.value()}).rate == 0.025);
  half.step(plain.matrices(), g.weights());
  CHECK(net == plain);
}

TEST_CASE("A spike goes back to a snapshot of Muon, at a smaller rate", "[rule][feedback]") {
  Net net(1), twin(1);
  Optimizer opt{rate, Muon{}, net.matrices()}, other{rate, Muon{}, twin.matrices()};
  gradus::SpikeGuard<4> guard{.limit = 1.5, .patience = 1};
  for (std::uint64_t t = 0; t < 4; ++t) {
    CHECK(guard(1 + 0.01 * double(t % 2)) == gradus::Verdict::go);
    const Net g = gradients(net, t);
    opt.step(net.matrices(), g.weights()), other.step(twin.matrices(), g.weights());
  }
  const gradus::Snapshot good(opt, net.matrices());
  opt.step(net.matrices(), Net(77).weights());
  CHECK(guard(50) == gradus::Verdict::rollback);
  good.restore(opt, net.matrices());
  CHECK(net == twin);
  const Net g = gradients(net, 5);
  opt.step(net.matrices(), g.weights(), {.factor = guard.value()});
  other.step(twin.matrices(), g.weights(), {.factor = 0.5});
  CHECK(net == twin);
  CHECK(opt.steps() == 5);
}
