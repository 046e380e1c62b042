// Measures Muon: the speed of its step, and how it learns beside AdamW. tools/muon runs it.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>

#include "../support/program.hpp"
#include "contest.hpp"
#include "speed.hpp"

namespace {

constexpr const char* head = R"(# Muon in figures

<!-- Written by tools/muon. Do not edit. -->

All times are those of one thread on the processor. [Coming
from](coming-from/rules.md#muon-in-ten-systems) has Muon as other systems have it, and [the
design](design/017-matrices.md) says how it is made. All other rules are in [How every rule
converges](convergence.md).

## Speed

)";
constexpr const char* memory = R"(
The step is two sweeps and the products of five polynomials, of which the symmetric ones are
computed once for both halves. The Eigen loop is the formula as one writes it, compiled with the
same flags (no -march): gradus chooses the instruction set at run time, so that it needs none. The
same formula in tensors is [measured with libtorch](guide/libtorch.md#speed).

## Memory

AdamW keeps 8 bytes a parameter in float and moves 28 in a step. Muon keeps 4, and the two sweeps
move 28. Its workspace belongs to the largest span: for R x C with R <= C, one copy of the span and
2 R C + 2 R R numbers for one of its matrices, )";
constexpr const char* learning = R"(

## Learning

Each rule has the best of seven rates (0.001 to 0.1, the lowest loss over other seeds than those
shown), a warmup over a tenth of the steps and a cosine to 0, a decay of 0.01, batches of 16, and
the mean of three trainings. The loss is that of the last fifth of the steps. Muon, NorMuon and
AdaMuon have the hidden matrices; vectors, and the first and the last layer of the transformer, have
AdamW at the same rate. The time of a step is that of the gradients and that of the optimizer. The
last column is a training that takes the time of AdamW's: it has fewer steps, because they are
longer. In a network as small as the two layers, whose gradients take 0.02 ms, that is a large part;
in the transformer it is a tenth.

)";

struct Options {
  std::string data = GRADUS_DIGITS, out{};
  bool quick = false;
};

int run(const Options& o) {
  const digits::Digits data(digits::read(o.data));
  matrices::Settings settings;
  if (o.quick) settings = {.steps = 20, .batch = 4, .seeds = 1};
  std::string page = head;
  if (!o.quick) page += matrices::speed_table();
  const double bytes = 4.0 * double(1024 * 1024 + gradus::Muon::work<float, gradus::OwnProducts>(
                                                      gradus::Shape{1024, 1024}));
  page += memory + fmt::format("{:.0f} MB for 1024 x 1024.", bytes / 1e6) + learning;
  page += matrices::contest_table<matrices::TwoLayers>("two layers", data, settings) + "\n";
  page += matrices::contest_table<transformer::Network>("a transformer", data, settings);
  support::show_page(page, o.out);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures the speed of Muon's step, and how it learns beside AdamW.", "tools/muon");
  Options o;
  app.option_defaults()->always_capture_default();
  app.add_flag("--quick", o.quick, "only check that all of it runs");
  app.add_option("--data", o.data,
                 "file of images: 64 numbers from 0 to 16 and the digit, one image per line");
  app.add_option("--out", o.out, "the page to write [default: standard output]");
  return support::run(app, argc, argv, [&] { return run(o); });
}
