#include <gradus/rule/matrix/normuon.hpp>
#include <gradus/rule/sgd.hpp>
#include <gradus/save/load.hpp>
#include <gradus/save/save.hpp>
#include <gradus/schedule/constant.hpp>
#include <gradus/schedule/cosine.hpp>
#include <gradus/training/accumulator.hpp>
#include <gradus/training/muon_for.hpp>

#include <cstddef>
#include <vector>

#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/digest.hpp"
#include "support/error_of.hpp"
#include "support/folder.hpp"

using gradus::AdamW, gradus::Constant, gradus::matrix, gradus::Muon, gradus::muon_for,
    gradus::Optimizer, gradus::spans;
using support::error_of, support::numbers, support::same_bits;

namespace {

// A network: an embedding, two layers with biases, a scalar.
struct Net {
  std::vector<float> embedding = numbers<float>(40, 1), w1 = numbers<float>(24, 2),
                     b1 = numbers<float>(6, 3), w2 = numbers<float>(30, 4),
                     b2 = numbers<float>(5, 5), gain = numbers<float>(1, 6);
  auto shaped() { return spans(embedding, matrix(w1, 6, 4), b1, matrix(w2, 5, 6), b2, gain); }
  auto plain() { return spans(embedding, w1, b1, w2, b2, gain); }
  bool operator==(const Net& o) const {
    return same_bits(embedding, o.embedding) && same_bits(w1, o.w1) && same_bits(b1, o.b1) &&
           same_bits(w2, o.w2) && same_bits(b2, o.b2) && same_bits(gain, o.gain);
  }
};
const Constant<> rate{0.02};
const Muon as_adamw{.scale = gradus::MuonScale::match_rms_adamw};

}  // namespace

TEST_CASE("muon_for gives matrices to Muon and the rest to AdamW", "[training]") {
  Net net, apart, grads;
  auto opt = muon_for(rate, net.shaped());
  Optimizer muon{rate, as_adamw, spans(matrix(apart.w1, 6, 4), matrix(apart.w2, 5, 6))};
  Optimizer adam{rate, AdamW{}, spans(apart.embedding, apart.b1, apart.b2, apart.gain)};
  for (int t = 0; t < 3; ++t) {
    const auto result = opt.step(net.plain(), grads.plain());
    CHECK(result.applied);
    CHECK(result.groups.size() == 2);
    muon.step(spans(apart.w1, apart.w2), spans(grads.w1, grads.w2));
    adam.step(spans(apart.embedding, apart.b1, apart.b2, apart.gain),
              spans(grads.embedding, grads.b1, grads.b2, grads.gain));
  }
  CHECK(net == apart);
  CHECK(!opt.is_matrix(0));
  CHECK(opt.is_matrix(3));
  CHECK(opt.get<0>().steps() == 3);
}

TEST_CASE("muon_for takes rules, schedules, one norm for all, and accumulated gradients",
          "[training]") {
  Net net, apart, grads;
  const gradus::Cosine<> second{.start = 1e-2, .end = 0, .steps = 10};
  auto opt =
      muon_for(gradus::ClipNorm{0.5}, rate, gradus::NorMuon{}, second, gradus::SGD{}, net.shaped());
  gradus::Groups both{
      gradus::ClipNorm{0.5},
      Optimizer{rate, gradus::NorMuon{}, spans(matrix(apart.w1, 6, 4), matrix(apart.w2, 5, 6))},
      Optimizer{second, gradus::SGD{}, spans(apart.embedding, apart.b1, apart.b2, apart.gain)}};
  gradus::Accumulator sum{net.plain()};
  for (int t = 0; t < 2; ++t) {
    sum.add(grads.plain());
    const auto result = sum.step(opt, net.plain());
    const auto known =
        both.step(std::tuple{spans(apart.w1, apart.w2),
                             spans(apart.embedding, apart.b1, apart.b2, apart.gain)},
                  std::tuple{spans(grads.w1, grads.w2),
                             spans(grads.embedding, grads.b1, grads.b2, grads.gain)});
    CHECK(result.norm == known.norm);
  }
  CHECK(net == apart);
  auto two = muon_for(rate, as_adamw, gradus::SGD{}, net.shaped());
  auto three = muon_for(gradus::ClipNorm{1}, rate, as_adamw, gradus::SGD{}, net.shaped());
  auto four = muon_for(rate, as_adamw, second, gradus::SGD{}, net.shaped());
  auto five = muon_for(gradus::ClipNorm{1}, rate, net.shaped());
  CHECK(five.get<1>().spans() == 4);
}

TEST_CASE("muon_for works with matrices alone, not without any", "[training]") {
  Net net, grads;
  CHECK(error_of([&] { muon_for(rate, spans(net.b1, matrix(net.b2, 5, 1))); }) ==
        "gradus::muon_for.params must contain a matrix: gradus::matrix(span, rows, columns) (got 2 "
        "spans without one)");
  auto columns =
      muon_for(rate, spans(matrix(net.b1, 6, 1), matrix(net.w1, 6, 4), matrix(net.b2, 1, 5)));
  CHECK(!columns.is_matrix(0));
  CHECK(columns.is_matrix(1));
  CHECK(!columns.is_matrix(2));
  auto all = muon_for(rate, spans(matrix(net.w1, 6, 4)));
  CHECK(all.step({net.w1}, {grads.w1}).applied);
}

TEST_CASE("muon_for is saved and resumed, and allocates nothing in a step", "[training][save]") {
  const support::Folder folder;
  const std::string path = folder / "net.safetensors";
  Net net, again, grads;
  auto opt = muon_for(rate, net.shaped());
  opt.step(net.plain(), grads.plain());
  gradus::io::save(path, opt, gradus::io::named("net", net.plain()));
  auto resumed = muon_for(rate, again.shaped());
  gradus::io::load(path, resumed, gradus::io::named("net", again.plain()));
  opt.step(net.plain(), grads.plain());
  const auto params = again.plain();
  const auto g = grads.plain();
  CHECK(support::allocations([&] { resumed.step(params, g); }) == 0);
  CHECK(net == again);
}

TEST_CASE("muon_for refuses lists that are not those of its construction", "[training]") {
  Net net, grads;
  auto opt = muon_for(rate, net.shaped());
  const Net before = net;
  CHECK(error_of([&] { opt.step(spans(net.w1, net.b1), spans(grads.w1, grads.b1)); }) ==
        "gradus::MuonFor.params must be 6 spans, as at construction (got 2)");
  CHECK(error_of([&] { opt.step(net.plain(), spans(grads.w1, grads.b1)); }) ==
        "gradus::MuonFor.grads must be 6 spans, as at construction (got 2)");
  CHECK(error_of([&] {
          opt.step(spans(net.embedding, matrix(net.w1, 4, 6), net.b1, net.w2, net.b2, net.gain),
                   grads.plain());
        }) ==
        "gradus::MuonFor.params[1] must have the shape that it had at construction, 6 x 4 (got 4 "
        "x 6)");
  CHECK(net == before);
  CHECK(error_of([&] { (void)opt.is_matrix(6); }) ==
        "gradus::MuonFor.is_matrix must be below the number of spans (got 6)");
}

TEST_CASE("muon_for counts spans in errors as the list does", "[training]") {
  Net net, grads;
  auto opt = muon_for(rate, net.shaped(), gradus::NonFinite::raise);
  const Net before = net;
  const auto words = [&](const auto& params, const auto& g) {
    return error_of([&] { opt.step(params, g); });
  };
  CHECK(words(net.plain(),
              spans(grads.embedding, grads.w1, grads.b1, grads.w2, grads.b1, grads.gain)) ==
        "gradus::MuonFor.grads[4] must have as many elements as its span of parameters, 5 (got 6)");
  CHECK(words(spans(net.embedding, net.w1, net.b1, net.w1, net.b2, net.gain), grads.plain()) ==
        "gradus::MuonFor.params[3] must have as many elements as its span of parameters, 30 (got "
        "24)");
  grads.w2[7] = support::nan<float>();
  CHECK(words(net.plain(), grads.plain()) ==
        "gradus::MuonFor.grads[3] must be finite (got nan at element 7)");
  grads.w2[7] = 0;
  grads.gain[0] = support::infinity<float>();
  CHECK(words(net.plain(), grads.plain()) ==
        "gradus::MuonFor.grads[5] must be finite (got inf at element 0)");
  grads.gain[0] = 0;
  const std::span<float> shared = std::span(net.w2).first(6);
  CHECK(words(spans(net.embedding, net.w1, shared, net.w2, net.b2, net.gain), grads.plain())
            .starts_with("gradus::MuonFor.params["));
  CHECK(net == before);
  auto copy = opt;
  CHECK(error_of([&] { copy.freeze(2); }) ==
        "gradus::MuonFor.freeze must be below the number of groups (got 2)");
  CHECK(copy.step(net.plain(), grads.plain()).applied);
}

TEST_CASE("muon_for names the group in errors that are not about a span", "[training]") {
  Net net, grads;
  const auto broken = [](gradus::step_t) { return support::nan<double>(); };
  auto of_rest = muon_for(rate, gradus::Muon{}, broken, gradus::SGD{}, net.shaped());
  auto of_matrices = muon_for(broken, gradus::Muon{}, rate, gradus::SGD{}, net.shaped());
  const auto words = [&](auto& opt) {
    return error_of([&] { opt.step(net.plain(), grads.plain()); });
  };
  CHECK(words(of_matrices).starts_with("gradus::MuonFor.schedule of group 0 must"));
  CHECK(words(of_rest).starts_with("gradus::MuonFor.schedule of group 1 must"));
}
